using System.CommandLine;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;
using Option = System.CommandLine.Option;

namespace ClinicNetwork.Cli.Commands.Patients;

/// <summary>What is found, confirmed and overridden when a session starts, as options: of a start, and of one that is reported later.</summary>
internal sealed class SessionStart
{
    private readonly Argument<string> patient = Given.Patient();
    private readonly Argument<string> session = Given.Id("session");
    private readonly Option<string> clinic = Given.Clinic("--clinic", "Where it takes place, clinics/{clinic}");
    private readonly Option<BloodPressure> pressure = Given.Pressure("blood pressure before the dose in mmHg, for example 124/78; above 140/90 the session is held");
    private readonly Option<double> weight = Given.Number("--weight", "Body weight in kg, needed when the dose goes by weight", 30, 300);
    private readonly Option<string?> reason = Given.Text("--override-reason", "The clinician's reason to go on above 140/90 mmHg", 500);
    private readonly Option<int> saturation = Given.Whole("--spo2", "Oxygen saturation in %", 50, 100, 0);
    private readonly Option<int> food = Given.Whole("--food-minutes", "Minutes since the last food", 0, 10_080, 0);
    private readonly Option<int> drink = Given.Whole("--drink-minutes", "Minutes since the last drink", 0, 10_080, 0);
    private readonly Option<bool> escort = Given.Flag("--escort", "Somebody takes the patient home");
    private readonly Option<bool> enrolment = Given.Flag("--enrolled", "The patient is enrolled in the drug's programme for this site");
    private readonly Option<GateOverride[]> overrides = Given.Many("--override", $"a gate and a clinician's reason to go on, GATE=REASON; GATE is one of {string.Join(", ", Choice<GateKind>.Names)}", "GATE=REASON", Parse.Override);

    internal CliCommand With(CliCommand command) => command.With(patient, session, clinic).With([.. Checks]);

    /// <summary>What is found, confirmed and overridden, without the names.</summary>
    internal Option[] Checks => [pressure, weight, reason, saturation, food, drink, escort, enrolment, overrides];

    internal string ClinicOf(Invocation run) => run.Of(clinic);

    internal StartSessionRequest Of(Invocation run, string requestId, Timestamp? at)
    {
        var request = ChecksOf(run);
        (request.RequestId, request.Patient, request.SessionId, request.Clinic, request.OccurredAt) = (requestId, run.Of(patient), run.Of(session), run.Of(clinic), at);
        return request;
    }

    internal StartSessionRequest ChecksOf(Invocation run)
    {
        var request = new StartSessionRequest
        {
            BloodPressure = run.Of(pressure),
            WeightKg = run.Has(weight) ? run.Of(weight) : 0,
            OverrideReason = run.Of(reason) ?? "",
            EscortConfirmed = run.Of(escort),
            EnrolmentConfirmed = run.Of(enrolment),
            Overrides = { run.Of(overrides) },
        };
        run.Set(saturation, v => request.Spo2Percent = v);
        run.Set(food, v => request.FoodMinutes = v);
        run.Set(drink, v => request.DrinkMinutes = v);
        return request;
    }
}
