using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Domain.Protocols;

[GenerateSerializer, Alias("gate-kind")]
public enum GateKind
{
    TreatmentConsent = 1,
    Contraindications = 2,

    /// <summary>The drug or the plan's setting asks for a certified clinic.</summary>
    SiteCertificate = 3,

    /// <summary>The patient is enrolled in the drug's programme for this site (esketamine: REMS; moving to another site needs notice to it).</summary>
    Enrolment = 4,
    Weight = 5,
    Fasting = 6,
    BloodPressure = 7,
    OxygenSaturation = 8,
    Escort = 9,

    /// <summary>The phase's <see cref="Phase.SpacingDaysMin"/> since the last dose.</summary>
    Spacing = 10,

    /// <summary>No pregnancy is recorded; see <see cref="Pregnancy.GateOfEveryPlan"/>.</summary>
    Pregnancy = 80,

    /// <summary>The plan is not in conflict about the dose; see <see cref="PlanConflict.GateOfEveryPlan"/>.</summary>
    PlanConflict = 90,

    /// <summary>No other clinic may dose without the network, or, without it, this clinic may; see <see cref="DosingRight.GateOfEveryPlan"/>.</summary>
    DosingSite = 105,
}

/// <summary>What is checked before the planned dose is told.</summary>
/// <param name="OverriddenBy">Roles of which whoever overrides it must have one; none: a reason is enough, whoever starts the session; null: nobody may.</param>
[GenerateSerializer, Immutable, Alias("gate")]
public readonly record struct Gate([property: Id(0)] GateKind Kind, [property: Id(1)] Roles? OverriddenBy = null);

[Flags]
[GenerateSerializer, Alias("vital-signs")]
public enum VitalSigns
{
    None = 0,
    BloodPressure = 1,
    HeartRate = 2,
    OxygenSaturation = 4,
    RespiratoryRate = 8,

    /// <summary>MOAA/S.</summary>
    Sedation = 16,

    /// <summary>CADSS-6, or a rating.</summary>
    Dissociation = 32,
}

/// <summary>A time at which the protocol wants readings, minutes from the beginning of the dose.</summary>
/// <param name="Minute">As the protocol says it.</param>
/// <param name="FromMinute">A reading counts from here, included.</param>
/// <param name="ToMinute">To here, included. Windows of one protocol do not overlap.</param>
[GenerateSerializer, Immutable, Alias("monitoring-time")]
public readonly record struct MonitoringTime(
    [property: Id(0)] int Minute, [property: Id(1)] int FromMinute, [property: Id(2)] int ToMinute, [property: Id(3)] VitalSigns Signs);

[GenerateSerializer, Alias("checklist-item")]
public enum ChecklistItem
{
    Oriented = 1,
    Walks = 2,
    NauseaSettled = 3,
    EscortPresent = 4,

    /// <summary>Not to drive until the next day after restful sleep (Spravato label).</summary>
    NoDrivingAdviceGiven = 5,
    RiskScreenDone = 6,

    /// <summary>MOAA/S of 5: responds readily to the name.</summary>
    Awake = 7,

    /// <summary>CADSS-6 at most <see cref="SessionLimits.Cadss6Max"/>, or a rating of none or mild.</summary>
    NotDissociated = 8,
    OxygenSaturation = 9,
}

/// <summary>Bounds of a protocol's gates, emergencies and discharge.</summary>
/// <param name="FoodMinutesMin">Without food before the dose, minutes.</param>
/// <param name="DrinkMinutesMin">Without drink before the dose, minutes.</param>
/// <param name="SpO2PercentMin">Before the dose and when leaving, %.</param>
/// <param name="EmergencySpO2Percent">Below it, %, it is an emergency.</param>
/// <param name="EmergencyMoaas">At or below it, MOAA/S, it is an emergency.</param>
/// <param name="EmergencyRespiratoryRate">Below it, breaths a minute, it is an emergency.</param>
/// <param name="NearSystolicMmHg">Leaving at most so much above the pressure before the dose, mmHg.</param>
/// <param name="NearDiastolicMmHg">As <paramref name="NearSystolicMmHg"/>.</param>
/// <param name="Cadss6Max">When leaving, 0 to 24.</param>
/// <param name="ClearanceMinutesMax">From the session's start to the dose, minutes; a later dose is outside the plan.</param>
[GenerateSerializer, Immutable, Alias("session-limits")]
public sealed record SessionLimits(
    [property: Id(0)] int FoodMinutesMin,
    [property: Id(1)] int DrinkMinutesMin,
    [property: Id(2)] int SpO2PercentMin,
    [property: Id(3)] int EmergencySpO2Percent,
    [property: Id(4)] int EmergencyMoaas,
    [property: Id(5)] int EmergencyRespiratoryRate,
    [property: Id(6)] int NearSystolicMmHg,
    [property: Id(7)] int NearDiastolicMmHg,
    [property: Id(8)] int Cadss6Max,
    [property: Id(9)] int ClearanceMinutesMax);

/// <summary>How a protocol's sessions go: gates before the dose, readings after it, what leaving asks for. Data; decided on by the use cases of a session.</summary>
/// <param name="Gates">In the order in which they are told.</param>
/// <param name="Monitoring">In order of time; all are needed for a discharge, and none may be overridden.</param>
/// <param name="Checklist">What must be confirmed for a discharge.</param>
/// <param name="MustResolve">Side effects that must be over before a discharge; severe ones of other kinds too.</param>
/// <param name="Limits">Null: no emergencies, and the pressure when leaving is not looked at.</param>
[GenerateSerializer, Immutable, Alias("session-rules")]
public sealed record SessionRules(
    [property: Id(0)] ImmutableArray<Gate> Gates,
    [property: Id(1)] ImmutableArray<MonitoringTime> Monitoring,
    [property: Id(2)] ImmutableArray<ChecklistItem> Checklist,
    [property: Id(3)] ImmutableArray<SideEffectKind> MustResolve,
    [property: Id(4)] SessionLimits? Limits)
{
    /// <summary>What sessions asked for before protocols said so: plans made by those protocols' version 1 keep to it.</summary>
    public static readonly SessionRules First = new(
        Gates:
        [
            new(GateKind.TreatmentConsent), new(GateKind.Contraindications), new(GateKind.SiteCertificate), new(GateKind.BloodPressure, Roles.None), new(GateKind.Weight),
        ],
        Monitoring: [],
        Checklist: [],
        MustResolve: [],
        Limits: null);

    /// <summary>True when a discharge asks for more than the time of observation.</summary>
    public bool AsksForDischarge => Limits is not null;
}
