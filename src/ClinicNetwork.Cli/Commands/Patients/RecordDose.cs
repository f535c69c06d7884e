using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RecordDose
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var session = Given.Id("session");
        var dose = Given.Required(Given.Number("--dose-mg", "Given dose in mg", 0.1, 1000));
        var minutes = Given.Whole("--minutes", "Duration in minutes", 0, 240, 0);
        var mutation = new Mutation();
        return new CliCommand("dose", "Record a dose that was given.", "patient session dose patients/p-1 s-1 --dose-mg 35.8 --minutes 40")
            .With(patient, session, dose, minutes)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.RecordDoseAsync(
                        new()
                        {
                            RequestId = id,
                            Patient = run.Of(patient),
                            SessionId = run.Of(session),
                            DoseMg = run.Of(dose),
                            DurationMinutes = run.Of(minutes),
                            OccurredAt = at,
                        },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, answer.OutsidePlan ? "dose recorded, outside what the plan permits: " : "dose recorded: ");
                });
            });
    }
}
