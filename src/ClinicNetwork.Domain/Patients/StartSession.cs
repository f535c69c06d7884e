using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// A session starts, through gates. Refused: PLAN_MISSING, TREATMENT_ENDED, TREATMENT_CONSENT_MISSING, CONTRAINDICATED,
/// SESSION_OPEN, SESSION_EXISTS, SITE_NOT_PERMITTED, SETTING_NOT_CERTIFIED, WEIGHT_MISSING, WEIGHT_OUT_OF_RANGE, BLOOD_PRESSURE_OUT_OF_RANGE,
/// TEXT_INVALID, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY, BLOOD_PRESSURE_HOLD (may be overridden with a reason; the others may not).
/// </summary>
/// <param name="ClinicCertified">Whether the clinic may give esketamine; looked up by the grain, not by the caller.</param>
/// <param name="WeightKg">Body weight, kg, 30 to 300; needed when the dose goes by weight.</param>
[GenerateSerializer, Immutable, Alias("start-session")]
public sealed record StartSession(
    [property: Id(0)] SessionId Session,
    [property: Id(1)] ClinicId Clinic,
    [property: Id(2)] bool ClinicCertified,
    [property: Id(3)] BloodPressure BloodPressure,
    [property: Id(4)] double? WeightKg,
    [property: Id(5)] string OverrideReason,
    [property: Id(6)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(StartSession);

    /// <summary>Above 140/90 mmHg before the dose the session is held, to be weighed by a clinician (Spravato label: "as a general guide").</summary>
    public const int HoldSystolicMmHg = 140;

    /// <inheritdoc cref="HoldSystolicMmHg"/>
    public const int HoldDiastolicMmHg = 90;

    /// <summary>Plausible body weight of an adult, kg ([K], our bound).</summary>
    public const double WeightKgMin = 30;

    /// <inheritdoc cref="WeightKgMin"/>
    public const double WeightKgMax = 300;

    public static Decision<SessionAnswer> Decide(PatientState state, StartSession command, DateTimeOffset now)
    {
        if ((CheckRequest(command, now) ?? CheckState(state, command, now)) is { } refusal)
        {
            return refusal;
        }

        var plan = state.Plan!;
        double doseMg;
        if (plan.DoseMgPerKg is { } mgPerKg)
        {
            if (command.WeightKg is not { } weightKg)
            {
                return Refusal.Precondition("WEIGHT_MISSING", "weight_kg", "Weigh the patient; the dose goes by weight.");
            }

            doseMg = Math.Round(mgPerKg * weightKg, 1, MidpointRounding.AwayFromZero);
        }
        else
        {
            doseMg = plan.DoseMg!.Value;
        }

        return Decision<SessionAnswer>.Accept(
            new SessionAnswer(doseMg),
            new SessionStarted(command.Session, command.Clinic, command.BloodPressure, command.WeightKg, doseMg, command.OverrideReason, command.OccurredAt));
    }

    private static Refusal? CheckRequest(StartSession command, DateTimeOffset now) =>
        command.BloodPressure.Check()
        ?? (command.WeightKg is { } kg && !(kg >= WeightKgMin && kg <= WeightKgMax)
            ? Refusal.Invalid("WEIGHT_OUT_OF_RANGE", "weight_kg", $"Give {WeightKgMin} to {WeightKgMax} kg.")
            : null)
        ?? Texts.Check(command.OverrideReason, 0, 500, "override_reason")
        ?? ClinicTime.CheckOccurred(command.OccurredAt, now);

    private static Refusal? CheckState(PatientState state, StartSession command, DateTimeOffset now)
    {
        if (state.EndedAt is not null)
        {
            return Refusal.Precondition("TREATMENT_ENDED", "patient", "Treatment has ended.");
        }

        if (state.Plan is not { } plan)
        {
            return Refusal.Precondition("PLAN_MISSING", "patient", "Make a plan first.");
        }

        if (state.Consultation is not { TreatmentConsent: true } consultation)
        {
            return Refusal.Precondition("TREATMENT_CONSENT_MISSING", "patient", "Record a consultation with consent to treatment.");
        }

        if (consultation.Contraindications.Length > 0)
        {
            return Refusal.Precondition("CONTRAINDICATED", "patient", "A contraindication is recorded; only a new consultation can clear it.");
        }

        if (state.FindSession(command.Session) is not null)
        {
            return Refusal.Exists("SESSION_EXISTS", "session_id", "Choose a new session id.");
        }

        if (state.Sessions.Any(s => s.CompletedAt is null))
        {
            return Refusal.Precondition("SESSION_OPEN", "patient", "Complete the open session first.");
        }

        if (!state.Permits(command.Clinic, SiteAccess.Write) && state.FindEmergency(command.Clinic, now) is null)
        {
            return Refusal.Precondition("SITE_NOT_PERMITTED", "clinic", "The patient has not named this site; share the plan with it first.");
        }

        if ((plan.MadeFrom.Drug == Drug.Esketamine || plan.Setting == Setting.CertifiedClinic) && !command.ClinicCertified)
        {
            return Refusal.Precondition("SETTING_NOT_CERTIFIED", "clinic", "Treat at a certified clinic, as drug and plan ask.");
        }

        var held = command.BloodPressure.SystolicMmHg > HoldSystolicMmHg || command.BloodPressure.DiastolicMmHg > HoldDiastolicMmHg;
        return held && command.OverrideReason.Length == 0
            ? Refusal.Precondition(
                "BLOOD_PRESSURE_HOLD",
                "blood_pressure",
                $"Above {HoldSystolicMmHg}/{HoldDiastolicMmHg} mmHg: wait and measure again, or give a clinician's reason to go on.")
            : null;
    }
}

/// <param name="PlannedDoseMg">The dose the plan asks for, mg, rounded to 0.1.</param>
[GenerateSerializer, Immutable, Alias("session-answer")]
public sealed record SessionAnswer([property: Id(0)] double PlannedDoseMg);
