using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class ResolveSideEffect
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var number = Given.Required(Given.Whole("--number", "Number of the side effect, as 'patient show' tells it", 1, 100_000, 0));
        var given = Given.Text("--treatment", "What was given for it", 200);
        var mutation = new Mutation();
        return new CliCommand("resolve-side-effect", "Record that a side effect is over.", "patient resolve-side-effect patients/p-1 --number 1 --treatment \"ondansetron 4 mg\"")
            .With(patient, number, given)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.ResolveSideEffectAsync(
                        new()
                        {
                            RequestId = id,
                            Patient = run.Of(patient),
                            SideEffect = run.Of(number),
                            TreatmentGiven = run.Of(given) ?? "",
                            OccurredAt = at,
                        },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"side effect {run.Of(number)} is over: ");
                });
            });
    }
}
