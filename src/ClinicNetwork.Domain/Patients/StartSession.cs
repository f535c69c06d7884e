using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// A session starts, through its protocol's gates: accepted, the dose is told and may be given. Refused: PLAN_MISSING, TREATMENT_ENDED,
/// SESSION_OPEN, SESSION_EXISTS, PATIENT_DIED, PATIENT_LOST, SITE_NOT_PERMITTED, WEIGHT_OUT_OF_RANGE, BLOOD_PRESSURE_OUT_OF_RANGE, VITALS_OUT_OF_RANGE, FASTING_OUT_OF_RANGE, OVERRIDE_REPEATED,
/// TEXT_INVALID, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY; by gates: TREATMENT_CONSENT_MISSING, CONTRAINDICATED, SETTING_NOT_CERTIFIED, ENROLMENT_MISSING, TRANSFER_NOTICE_MISSING, WEIGHT_MISSING,
/// ESCORT_MISSING, OXYGEN_SATURATION_MISSING, OXYGEN_SATURATION_LOW, FASTING_MISSING, FASTING_TOO_SHORT, SPACING_TOO_SHORT, BLOOD_PRESSURE_HOLD, PREGNANT, PLAN_CONFLICT, DOSING_ELSEWHERE, DOSING_NOT_HERE. Which gates there are, and
/// which may be overridden by whom, is the protocol's; OVERRIDE_NOT_ALLOWED when somebody else tried.
/// </summary>
/// <param name="ClinicCertified">Whether the clinic may give esketamine; looked up by the grain, not by the caller.</param>
/// <param name="WeightKg">Body weight, kg, 30 to 300; needed when the dose goes by weight.</param>
/// <param name="OverrideReason">To go on above 140/90 mmHg: the same as an override of that gate.</param>
/// <param name="SpO2Percent">Pulse oximetry, %, 50 to 100.</param>
/// <param name="FoodMinutes">Since the last food, minutes, up to a week.</param>
/// <param name="DrinkMinutes">Since the last drink, minutes, up to a week.</param>
/// <param name="EscortConfirmed">Somebody takes the patient home (at home: is with the patient).</param>
/// <param name="EnrolmentConfirmed">The patient is enrolled in the drug's programme for this site.</param>
/// <param name="Actor">Who acts, from the connection.</param>
/// <param name="ActorRoles">Roles of who acts, from the connection.</param>
/// <param name="Unconfirmed">Judged on a site's own copy of the patient, without the network: the clinic must be the dosing site. Never of a caller.</param>
[GenerateSerializer, Immutable, Alias("start-session")]
public sealed record StartSession(
    [property: Id(0)] SessionId Session,
    [property: Id(1)] ClinicId Clinic,
    [property: Id(2)] bool ClinicCertified,
    [property: Id(3)] BloodPressure BloodPressure,
    [property: Id(4)] double? WeightKg,
    [property: Id(5)] string OverrideReason,
    [property: Id(6)] DateTimeOffset OccurredAt,
    [property: Id(20)] int? SpO2Percent = null,
    [property: Id(21)] int? FoodMinutes = null,
    [property: Id(22)] int? DrinkMinutes = null,
    [property: Id(23)] bool EscortConfirmed = false,
    [property: Id(24)] bool EnrolmentConfirmed = false,
    [property: Id(26)] string Actor = "",
    [property: Id(27)] Roles ActorRoles = Roles.None,
    [property: Id(105)] bool Unconfirmed = false)
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

    private const int FastingMinutesMax = 7 * 24 * 60;

    /// <summary>Each gate at most once; one that does not hold is left out of the record.</summary>
    [Id(25)] public ImmutableArray<GateOverride> Overrides { get; init; } = [];

    /// <summary>The site that acts, from the connection; null: the network, or a silo before 0.7.</summary>
    [Id(118)] public ClinicId? Site { get; init; }

    /// <summary>A silo of 0.3 sends none.</summary>
    internal ImmutableArray<GateOverride> GivenOverrides => Overrides.IsDefault ? [] : Overrides;

    public static Decision<SessionAnswer> Decide(PatientState state, StartSession command, DateTimeOffset now)
    {
        ImmutableArray<GateOverridden> overridden = [];
        if ((CheckRequest(command, now) ?? CheckState(state, command, now) ?? SessionGates.Check(state, command, now, out overridden)) is { } refusal)
        {
            return refusal;
        }

        var (started, cleared) = EventsOf(command, state.Plan!, overridden);
        return cleared is null
            ? Decision<SessionAnswer>.Accept(new SessionAnswer(started.PlannedDoseMg), started)
            : Decision<SessionAnswer>.Accept(new SessionAnswer(started.PlannedDoseMg), started, cleared);
    }

    /// <summary>What is recorded of a start, by the plan; the second where there is more to say than the session itself.</summary>
    internal static (SessionStarted Started, SessionCleared? Cleared) EventsOf(StartSession command, Plan plan, ImmutableArray<GateOverridden> overridden)
    {
        var asksMore = plan.MadeFrom.Rules.AsksForDischarge;
        var hasChecks = asksMore || overridden.Any(o => o.Gate != GateKind.BloodPressure);
        var reason = asksMore ? overridden.FirstOrDefault(o => o.Gate == GateKind.BloodPressure)?.Reason ?? "" : SessionGates.ReasonFor(command, GateKind.BloodPressure);
        var checks = new PreDoseChecks(command.SpO2Percent, command.FoodMinutes, command.DrinkMinutes, command.EscortConfirmed, command.EnrolmentConfirmed);
        return (
            new(command.Session, command.Clinic, command.BloodPressure, command.WeightKg, PlannedDoseMg(command, plan), reason, command.OccurredAt),
            hasChecks ? new(command.Session, checks, overridden) : null);
    }

    /// <summary>mg; 0 when the dose goes by weight and no weight was taken, which no session that goes through its gates is without.</summary>
    private static double PlannedDoseMg(StartSession command, Plan plan) =>
        plan.DoseMgPerKg is { } mgPerKg ? Math.Round(mgPerKg * (command.WeightKg ?? 0), 1, MidpointRounding.AwayFromZero) : plan.DoseMg!.Value;

    internal static Refusal? CheckRequest(StartSession command, DateTimeOffset now) =>
        command.BloodPressure.Check()
        ?? (command.WeightKg is { } kg && !(kg >= WeightKgMin && kg <= WeightKgMax)
            ? Refusal.Invalid("WEIGHT_OUT_OF_RANGE", "weight_kg", $"Give {WeightKgMin} to {WeightKgMax} kg.")
            : null)
        ?? Texts.Check(command.OverrideReason, 0, 500, "override_reason")
        ?? Vitals.CheckRange(command.SpO2Percent, Vitals.SpO2PercentMin, 100, "spo2_percent")
        ?? CheckFasting(command.FoodMinutes, "food_minutes")
        ?? CheckFasting(command.DrinkMinutes, "drink_minutes")
        ?? CheckOverrides(command.GivenOverrides)
        ?? ClinicTime.CheckOccurred(command.OccurredAt, now);

    private static Refusal? CheckFasting(int? minutes, string field) =>
        minutes is < 0 or > FastingMinutesMax ? Refusal.Invalid("FASTING_OUT_OF_RANGE", field, $"Give 0 to {FastingMinutesMax} minutes.") : null;

    private static Refusal? CheckOverrides(ImmutableArray<GateOverride> overrides) =>
        overrides.DistinctBy(o => o.Gate).Count() < overrides.Length
            ? Refusal.Invalid("OVERRIDE_REPEATED", "overrides", "Give each gate at most once.")
            : overrides.Select((o, i) => Texts.Check(o.Reason, 1, 500, $"overrides[{i}].reason")).FirstOrDefault(r => r is not null);

    private static Refusal? CheckState(PatientState state, StartSession command, DateTimeOffset now)
    {
        if (state.EndedAt is not null)
        {
            return Refusal.Precondition("TREATMENT_ENDED", "patient", "Treatment has ended.");
        }

        if (state.Plan is null)
        {
            return Refusal.Precondition("PLAN_MISSING", "patient", "Make a plan first.");
        }

        if (state.FindSession(command.Session) is not null || state.IsRetracted(FactName.Of(command.Session)))
        {
            return Refusal.Exists("SESSION_EXISTS", "session_id", "Choose a new session id.");
        }

        // Of an earlier course one can be open that was reported after it.
        if (state.SessionsOfAllCourses().Any(s => s.CompletedAt is null))
        {
            return Refusal.Precondition("SESSION_OPEN", "patient", "Complete the open session first.");
        }

        if (Death.RefuseAfter(state, command.OccurredAt) is { } died)
        {
            return died;
        }

        if (state.LossAt(command.OccurredAt) is not null)
        {
            return Refusal.Precondition("PATIENT_LOST", "patient", "The patient is lost to follow-up; record the contact that ended it first.");
        }

        return !state.WritableBy(command.Clinic).HasFlag(PlanSections.Sessions) && state.FindEmergency(command.Clinic, now) is null
            ? Refusal.Precondition("SITE_NOT_PERMITTED", "clinic", "The patient has not named this site; share the plan with it first.")
            : null;
    }
}

/// <param name="PlannedDoseMg">The dose the plan asks for, mg, rounded to 0.1.</param>
[GenerateSerializer, Immutable, Alias("session-answer")]
public sealed record SessionAnswer([property: Id(0)] double PlannedDoseMg);
