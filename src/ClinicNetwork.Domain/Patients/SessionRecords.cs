using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Patients;

/// <summary>Where a session stands; follows from what was recorded.</summary>
[GenerateSerializer, Alias("session-stage")]
public enum SessionStage
{
    /// <summary>Through its gates; no dose recorded.</summary>
    Cleared = 1,

    /// <summary>A dose was given; readings go on.</summary>
    Monitored = 2,

    /// <summary>A sign or respiratory depression that asks for emergency care, not yet over: no discharge, and a dose now is outside the plan.</summary>
    Emergency = 3,

    /// <summary>Ready to leave, by all that the protocol asks for.</summary>
    Discharged = 4,

    /// <summary>Held, or declined.</summary>
    EndedWithoutDose = 5,

    /// <summary>Over, without what a discharge asks for.</summary>
    LeftWithoutDischarge = 6,
}

[GenerateSerializer, Alias("leaving-kind")]
public enum LeavingKind
{
    AgainstAdvice = 1,

    /// <summary>To emergency care or a hospital.</summary>
    Transferred = 2,

    /// <summary>What the protocol asks for cannot be had any more, for example a reading that was missed.</summary>
    OutsideProtocol = 3,
}

/// <summary>Dissociation as whoever watches rates it, in the words of side effects.</summary>
[GenerateSerializer, Alias("dissociation-rating")]
public enum DissociationRating
{
    None = 1,
    Mild = 2,
    Moderate = 3,
    Severe = 4,
}

/// <summary>One set of readings; what was not measured is null, and at least one is not.</summary>
/// <param name="HeartRate">Beats a minute, 20 to 250.</param>
/// <param name="SpO2Percent">Pulse oximetry, %, 50 to 100.</param>
/// <param name="RespiratoryRate">Breaths a minute, 0 to 60.</param>
/// <param name="Moaas">Modified Observer's Assessment of Alertness/Sedation, 0 (no response) to 5 (responds readily to the name).</param>
/// <param name="Cadss6">Six items of the CADSS, 0 to 24 (Rodrigues 2021, JAD 282:160; "remains unvalidated").</param>
[GenerateSerializer, Immutable, Alias("vitals")]
public sealed record Vitals(
    [property: Id(0)] DateTimeOffset OccurredAt,
    [property: Id(1)] BloodPressure? BloodPressure = null,
    [property: Id(2)] int? HeartRate = null,
    [property: Id(3)] int? SpO2Percent = null,
    [property: Id(4)] int? RespiratoryRate = null,
    [property: Id(5)] int? Moaas = null,
    [property: Id(6)] int? Cadss6 = null,
    [property: Id(7)] DissociationRating? Dissociation = null)
{
    /// <summary>Bounds of the record, [K]: what is outside was not read from a living patient.</summary>
    public const int SpO2PercentMin = 50;

    public VitalSigns Signs =>
        (BloodPressure is null ? VitalSigns.None : VitalSigns.BloodPressure)
        | (HeartRate is null ? VitalSigns.None : VitalSigns.HeartRate)
        | (SpO2Percent is null ? VitalSigns.None : VitalSigns.OxygenSaturation)
        | (RespiratoryRate is null ? VitalSigns.None : VitalSigns.RespiratoryRate)
        | (Moaas is null ? VitalSigns.None : VitalSigns.Sedation)
        | (Cadss6 is null && Dissociation is null ? VitalSigns.None : VitalSigns.Dissociation);

    /// <summary>Null when every value can be, else BLOOD_PRESSURE_OUT_OF_RANGE or VITALS_OUT_OF_RANGE; nothing measured is VITALS_EMPTY.</summary>
    public Refusal? Check() =>
        Signs == VitalSigns.None
            ? Refusal.Invalid("VITALS_EMPTY", "blood_pressure", "Give at least one reading.")
            : BloodPressure?.Check()
                ?? CheckRange(HeartRate, 20, 250, "heart_rate")
                ?? CheckRange(SpO2Percent, SpO2PercentMin, 100, "spo2_percent")
                ?? CheckRange(RespiratoryRate, 0, 60, "respiratory_rate")
                ?? CheckRange(Moaas, 0, 5, "moaas")
                ?? CheckRange(Cadss6, 0, 24, "cadss6");

    internal static Refusal? CheckRange(int? value, int low, int high, string field) =>
        value < low || value > high ? Refusal.Invalid("VITALS_OUT_OF_RANGE", field, $"Give {low} to {high}.") : null;
}

/// <summary>What was found and confirmed before the dose, beside pressure and weight.</summary>
/// <param name="SpO2Percent">Pulse oximetry, %, 50 to 100.</param>
/// <param name="FoodMinutes">Since the last food, minutes.</param>
/// <param name="DrinkMinutes">Since the last drink, minutes.</param>
/// <param name="EscortConfirmed">Somebody takes the patient home (at home: is with the patient).</param>
/// <param name="EnrolmentConfirmed">The patient is enrolled in the drug's programme for this site.</param>
[GenerateSerializer, Immutable, Alias("pre-dose-checks")]
public sealed record PreDoseChecks(
    [property: Id(0)] int? SpO2Percent = null,
    [property: Id(1)] int? FoodMinutes = null,
    [property: Id(2)] int? DrinkMinutes = null,
    [property: Id(3)] bool EscortConfirmed = false,
    [property: Id(4)] bool EnrolmentConfirmed = false);

/// <summary>A reason to go on through a gate.</summary>
[GenerateSerializer, Immutable, Alias("gate-override")]
public sealed record GateOverride([property: Id(0)] GateKind Gate, [property: Id(1)] string Reason);

/// <summary>A gate that held and was overridden.</summary>
/// <param name="By">Who, from the connection.</param>
[GenerateSerializer, Immutable, Alias("gate-overridden")]
public sealed record GateOverridden([property: Id(0)] GateKind Gate, [property: Id(1)] string Reason, [property: Id(2)] string By);

/// <summary>What is confirmed and read when the patient is ready to leave. Which of it a discharge asks for is the protocol's.</summary>
[GenerateSerializer, Immutable, Alias("discharge-checklist")]
public sealed record DischargeChecklist(
    [property: Id(0)] bool Oriented,
    [property: Id(1)] bool Walks,
    [property: Id(2)] bool NauseaSettled,
    [property: Id(3)] bool EscortPresent,
    [property: Id(4)] bool NoDrivingAdviceGiven,
    [property: Id(5)] bool RiskScreenDone,
    [property: Id(6)] int? Moaas,
    [property: Id(7)] int? Cadss6,
    [property: Id(8)] DissociationRating? Dissociation,
    [property: Id(9)] int? SpO2Percent)
{
    /// <summary>Null when every value can be, else VITALS_OUT_OF_RANGE.</summary>
    public Refusal? Check() =>
        Vitals.CheckRange(Moaas, 0, 5, "checklist.moaas")
        ?? Vitals.CheckRange(Cadss6, 0, 24, "checklist.cadss6")
        ?? Vitals.CheckRange(SpO2Percent, Vitals.SpO2PercentMin, 100, "checklist.spo2_percent");

    public bool Has(ChecklistItem item, SessionLimits limits) => item switch
    {
        ChecklistItem.Oriented => Oriented,
        ChecklistItem.Walks => Walks,
        ChecklistItem.NauseaSettled => NauseaSettled,
        ChecklistItem.EscortPresent => EscortPresent,
        ChecklistItem.NoDrivingAdviceGiven => NoDrivingAdviceGiven,
        ChecklistItem.RiskScreenDone => RiskScreenDone,
        ChecklistItem.Awake => Moaas == 5,
        ChecklistItem.NotDissociated => Cadss6 is { } score ? score <= limits.Cadss6Max : Dissociation is DissociationRating.None or DissociationRating.Mild,
        ChecklistItem.OxygenSaturation => SpO2Percent >= limits.SpO2PercentMin,
        _ => throw new ArgumentOutOfRangeException(nameof(item)),
    };

    public static string FieldOf(ChecklistItem item) => item switch
    {
        ChecklistItem.Oriented => "checklist.oriented",
        ChecklistItem.Walks => "checklist.walks",
        ChecklistItem.NauseaSettled => "checklist.nausea_settled",
        ChecklistItem.EscortPresent => "checklist.escort_present",
        ChecklistItem.NoDrivingAdviceGiven => "checklist.no_driving_advice_given",
        ChecklistItem.RiskScreenDone => "checklist.risk_screen_done",
        ChecklistItem.Awake => "checklist.moaas",
        ChecklistItem.NotDissociated => "checklist.cadss6",
        ChecklistItem.OxygenSaturation => "checklist.spo2_percent",
        _ => throw new ArgumentOutOfRangeException(nameof(item)),
    };
}

/// <summary>What a session's protocol asked for beyond the session itself, and what was read.</summary>
[GenerateSerializer, Immutable, Alias("session-monitoring")]
public sealed record SessionMonitoring([property: Id(0)] SessionId Session)
{
    /// <summary>Null when the protocol asks for none.</summary>
    [Id(1)] public PreDoseChecks? Checks { get; init; }

    [Id(2)] public ImmutableArray<GateOverridden> Overridden { get; init; } = [];

    /// <summary>In order of recording.</summary>
    [Id(3)] public ImmutableArray<Vitals> Vitals { get; init; } = [];

    /// <summary>Set by a discharge.</summary>
    [Id(4)] public DischargeChecklist? Discharge { get; init; }

    /// <summary>Set when the patient left without one.</summary>
    [Id(5)] public LeavingKind? Left { get; init; }

    [Id(6)] public string LeavingReason { get; init; } = "";

    /// <summary>The latest reading of a sign, of those up to a time; null when there is none.</summary>
    public Vitals? Latest(VitalSigns sign, DateTimeOffset until) =>
        Vitals.Where(v => v.Signs.HasFlag(sign) && v.OccurredAt <= until).OrderBy(v => v.OccurredAt).LastOrDefault();
}
