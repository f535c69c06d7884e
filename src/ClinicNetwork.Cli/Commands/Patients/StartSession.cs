using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class StartSession
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var session = Given.Id("session");
        var clinic = Given.Clinic("--clinic", "Where it takes place, clinics/{clinic}");
        var pressure = Given.Pressure("blood pressure before the dose in mmHg, for example 124/78; above 140/90 the session is held");
        var weight = Given.Number("--weight", "Body weight in kg, needed when the dose goes by weight", 30, 300);
        var reason = Given.Text("--override-reason", "The clinician's reason to go on above 140/90 mmHg", 500);
        var mutation = new Mutation();
        return new CliCommand("start", "Start a session; the gates are checked.",
            "patient session start patients/p-1 s-1 --clinic clinics/harbour --bp 124/78 --weight 71.5")
            .With(patient, session, clinic, pressure, weight, reason)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect(run.Of(clinic));
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.StartSessionAsync(
                        new()
                        {
                            RequestId = id,
                            Patient = run.Of(patient),
                            SessionId = run.Of(session),
                            Clinic = run.Of(clinic),
                            BloodPressure = run.Of(pressure),
                            WeightKg = run.Has(weight) ? run.Of(weight) : 0,
                            OverrideReason = run.Of(reason) ?? "",
                            OccurredAt = at,
                        },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"session {run.Of(session)} started, planned dose {Show.Number(answer.PlannedDoseMg)} mg: ");
                });
            });
    }
}
