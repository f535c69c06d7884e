using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

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
        var saturation = Given.Whole("--spo2", "Oxygen saturation in %", 50, 100, 0);
        var food = Given.Whole("--food-minutes", "Minutes since the last food", 0, 10_080, 0);
        var drink = Given.Whole("--drink-minutes", "Minutes since the last drink", 0, 10_080, 0);
        var escort = Given.Flag("--escort", "Somebody takes the patient home");
        var enrolment = Given.Flag("--enrolled", "The patient is enrolled in the drug's programme for this site");
        var overrides = Given.Many("--override", $"a gate and a clinician's reason to go on, GATE=REASON; GATE is one of {string.Join(", ", Choice<GateKind>.Names)}", "GATE=REASON", Parse.Override);
        var mutation = new Mutation();
        return new CliCommand("start", "Start a session; the gates are checked.",
            "patient session start patients/p-1 s-1 --clinic clinics/harbour --bp 124/78 --weight 71.5",
            "patient session start patients/p-1 s-1 --clinic clinics/harbour --bp 124/78 --spo2 98 --food-minutes 180 --drink-minutes 60 --escort --enrolled")
            .With(patient, session, clinic, pressure, weight, reason, saturation, food, drink, escort, enrolment, overrides)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect(run.Of(clinic));
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var request = new StartSessionRequest
                    {
                        RequestId = id,
                        Patient = run.Of(patient),
                        SessionId = run.Of(session),
                        Clinic = run.Of(clinic),
                        BloodPressure = run.Of(pressure),
                        WeightKg = run.Has(weight) ? run.Of(weight) : 0,
                        OverrideReason = run.Of(reason) ?? "",
                        OccurredAt = at,
                        EscortConfirmed = run.Of(escort),
                        EnrolmentConfirmed = run.Of(enrolment),
                        Overrides = { run.Of(overrides) },
                    };
                    run.Set(saturation, v => request.Spo2Percent = v);
                    run.Set(food, v => request.FoodMinutes = v);
                    run.Set(drink, v => request.DrinkMinutes = v);
                    var answer = await network.Patients.StartSessionAsync(request, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"session {run.Of(session)} started, planned dose {Show.Number(answer.PlannedDoseMg)} mg: ");
                });
            });
    }
}
