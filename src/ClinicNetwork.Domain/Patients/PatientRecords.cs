using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Patients;

[GenerateSerializer, Alias("sex")]
public enum Sex
{
    Female = 1,
    Male = 2,
    Other = 3,
}

/// <summary>Response to an earlier treatment: less than 25 %, 25 to less than 50 %, 50 % or more better.</summary>
[GenerateSerializer, Alias("treatment-response")]
public enum TreatmentResponse
{
    None = 1,
    Partial = 2,
    Full = 3,
}

/// <summary>What a recipient of outcome records is; the value is the bit in a set of classes. At most four (design, section 6).</summary>
[GenerateSerializer, Alias("recipient-class")]
public enum RecipientClass
{
    ResearchRegistry = 1,
    PartnerClinic = 2,
    PublicHealth = 4,
    Industry = 8,
}

[GenerateSerializer, Alias("site-access")]
public enum SiteAccess
{
    /// <summary>By sections; who knows none sees nothing.</summary>
    BySection = 0,

    Read = 1,
    Write = 2,
}

[GenerateSerializer, Alias("side-effect-kind")]
public enum SideEffectKind
{
    Dissociation = 1,
    Sedation = 2,
    Nausea = 3,
    BloodPressureIncreased = 4,
    Headache = 5,
    Hallucination = 6,
    RespiratoryDepression = 7,
    Other = 8,
}

[GenerateSerializer, Alias("side-effect-severity")]
public enum SideEffectSeverity
{
    Mild = 1,
    Moderate = 2,
    Severe = 3,
}

/// <summary>mmHg; systolic 50 to 300, diastolic 20 to 200 and below systolic.</summary>
[GenerateSerializer, Immutable, Alias("blood-pressure")]
public readonly record struct BloodPressure([property: Id(0)] int SystolicMmHg, [property: Id(1)] int DiastolicMmHg)
{
    /// <summary>Null when physiologically possible, else BLOOD_PRESSURE_OUT_OF_RANGE.</summary>
    public Refusal? Check() =>
        SystolicMmHg is < 50 or > 300 ? Refusal.Invalid("BLOOD_PRESSURE_OUT_OF_RANGE", "blood_pressure.systolic_mmhg", "Give 50 to 300 mmHg.")
        : DiastolicMmHg is < 20 or > 200 ? Refusal.Invalid("BLOOD_PRESSURE_OUT_OF_RANGE", "blood_pressure.diastolic_mmhg", "Give 20 to 200 mmHg.")
        : DiastolicMmHg >= SystolicMmHg ? Refusal.Invalid("BLOOD_PRESSURE_OUT_OF_RANGE", "blood_pressure.diastolic_mmhg", "Give a diastolic value below the systolic one.")
        : null;
}

[GenerateSerializer, Immutable, Alias("earlier-treatment")]
public sealed record EarlierTreatment([property: Id(0)] string Treatment, [property: Id(1)] bool Adequate, [property: Id(2)] TreatmentResponse Response)
{
    /// <summary>Null when only the clinician's word in <see cref="Adequate"/> was given.</summary>
    [Id(20)] public TreatmentTrial? Trial { get; init; }
}

/// <summary>What was found and agreed before treatment.</summary>
[GenerateSerializer, Immutable, Alias("consultation")]
public sealed record Consultation(
    [property: Id(0)] string DiagnosisCode,
    [property: Id(1)] string PsychiatricHistory,
    [property: Id(2)] ImmutableArray<EarlierTreatment> EarlierTreatments,
    [property: Id(3)] ImmutableArray<string> RisksDiscussed,
    [property: Id(4)] bool TreatmentConsent,
    [property: Id(5)] ImmutableArray<string> Contraindications)
{
    /// <summary>Null in records of versions before 0.4, and where nothing of it was given.</summary>
    [Id(20)] public ConsultationDetail? Detail { get; init; }
}

[GenerateSerializer, Immutable, Alias("goal")]
public sealed record Goal([property: Id(0)] string Text, [property: Id(1)] int? TargetPhq9, [property: Id(2)] DateOnly? TargetDate)
{
    /// <summary>The scale of <see cref="TargetTotal"/>; null when the goal has none, or <see cref="TargetPhq9"/>.</summary>
    [Id(20)] public ScaleKind? Measure { get; init; }

    /// <summary>At most so many points of <see cref="Measure"/>.</summary>
    [Id(21)] public int? TargetTotal { get; init; }
}

/// <summary>The treatment plan as it stands.</summary>
/// <param name="Revision">1 when made, one more with each change and each further course's plan.</param>
/// <param name="Version">The patient's version that last changed the plan; the base of the next change.</param>
[GenerateSerializer, Immutable, Alias("plan")]
public sealed record Plan(
    [property: Id(0)] ProtocolId Protocol,
    [property: Id(1)] int ProtocolVersion,
    [property: Id(2)] Setting Setting,
    [property: Id(3)] double? DoseMgPerKg,
    [property: Id(4)] double? DoseMg,
    [property: Id(5)] int InductionSessions,
    [property: Id(6)] ImmutableArray<Goal> Goals,
    [property: Id(7)] int Revision,
    [property: Id(8)] long Version,
    [property: Id(9)] string RevisionReason)
{
    /// <summary>Who supervises doses at home, and how; null elsewhere.</summary>
    [Id(20)] public string? Supervision { get; init; }

    /// <summary>The phase that a clinician chose, until it is changed; null: by the weeks of the course.</summary>
    [Id(70)] public PhaseKind? ChosenPhase { get; init; }

    /// <summary>Null: the phase's own spacing.</summary>
    [Id(71)] public PlannedInterval? Interval { get; init; }

    /// <summary>Beside the doses, those that are over included; read as <see cref="GivenSupport"/>.</summary>
    [Id(72)] public ImmutableArray<PlannedSupport> Support { get; init; } = [];

    /// <summary>Who last changed it; null of a plan as it was made, and before 0.7.</summary>
    [Id(73)] public string? RevisedBy { get; init; }

    /// <summary>Where, as <see cref="RevisedBy"/>; null for the network itself too.</summary>
    [Id(74)] public ClinicId? RevisedFrom { get; init; }

    /// <summary>A silo of 0.3 sends none.</summary>
    public ImmutableArray<PlannedSupport> GivenSupport => Support.IsDefault ? [] : Support;

    public TreatmentProtocol MadeFrom => ProtocolCatalogue.Get(Protocol, ProtocolVersion);

    /// <summary>The chosen phase, or that of a day of the course, as the protocol has it; null when the protocol has none.</summary>
    /// <param name="daysSinceFirstDose">Clinic days, 0 is the first dose's.</param>
    public Phase? ProtocolPhaseOn(int daysSinceFirstDose) =>
        ChosenPhase is { } chosen ? MadeFrom.Phases.FirstOrDefault(p => p.Kind == chosen) : MadeFrom.PhaseOn(daysSinceFirstDose);

    /// <summary>As <see cref="ProtocolPhaseOn"/>, its spacing narrowed to the planned interval and its tolerance.</summary>
    public Phase? PhaseOn(int daysSinceFirstDose) =>
        ProtocolPhaseOn(daysSinceFirstDose) is { } phase && Interval is { } interval && interval.Phase == phase.Kind
            ? phase with
            {
                SpacingDaysMin = Math.Max(phase.SpacingDaysMin, interval.Days - PlannedInterval.ToleranceDays),
                SpacingDaysMax = Math.Min(phase.SpacingDaysMax, interval.Days + PlannedInterval.ToleranceDays),
            }
            : ProtocolPhaseOn(daysSinceFirstDose);
}

/// <summary>What a site beside the home clinic may do.</summary>
/// <param name="Access">Of the whole plan, or by section.</param>
[GenerateSerializer, Immutable, Alias("site-grant")]
public sealed record SiteGrant([property: Id(0)] ClinicId Site, [property: Id(1)] SiteAccess Access)
{
    /// <summary>By section: those that the site may read and not change.</summary>
    [Id(2)] public PlanSections Read { get; init; }

    /// <summary>By section: those that the site may read and change.</summary>
    [Id(3)] public PlanSections Full { get; init; }

    public PlanSections Readable => Access == SiteAccess.BySection ? Read | Full : PlanSections.All;

    public PlanSections Writable => Access switch
    {
        SiteAccess.Write => PlanSections.All,
        SiteAccess.BySection => Full,
        _ => PlanSections.None,
    };
}

/// <summary>A treatment session; open until completed.</summary>
[GenerateSerializer, Immutable, Alias("session")]
public sealed record Session(
    [property: Id(0)] SessionId Id,
    [property: Id(1)] ClinicId Clinic,
    [property: Id(2)] DateTimeOffset StartedAt,
    [property: Id(3)] BloodPressure Before,
    [property: Id(4)] double PlannedDoseMg,
    [property: Id(5)] string OverrideReason)
{
    [Id(6)] public double? DoseMg { get; init; }

    [Id(7)] public DateTimeOffset? DosedAt { get; init; }

    [Id(8)] public bool OutsidePlan { get; init; }

    [Id(9)] public DateTimeOffset? CompletedAt { get; init; }

    [Id(10)] public BloodPressure? After { get; init; }

    /// <summary><see cref="Plan.Version"/> of the plan it was started by; 0 when that was not kept (before 0.4).</summary>
    [Id(70)] public long PlanVersion { get; init; }

    /// <summary>Of the dose; null when none is recorded, or it was before 0.4.</summary>
    [Id(50)] public int? DurationMinutes { get; init; }

    /// <summary>Of a session that was started without the network, and told of later; else null.</summary>
    [Id(105)] public SessionReport? Report { get; init; }
}

[GenerateSerializer, Immutable, Alias("assessment")]
public sealed record Assessment(
    [property: Id(0)] AssessmentId Id,
    [property: Id(1)] DateTimeOffset OccurredAt,
    [property: Id(2)] ImmutableArray<int> Items,
    [property: Id(3)] int Total,
    [property: Id(4)] Phq9Severity Severity)
{
    /// <summary>The tenth question, 0 to 3; null when it was not given.</summary>
    [Id(5)] public int? Difficulty { get; init; }
}

/// <summary>An answered scale other than the PHQ-9, scored when it was recorded.</summary>
/// <param name="Version">Of the scale's definition that scored it.</param>
/// <param name="Items">As they were given; what is not here was not answered.</param>
/// <param name="Total">Null when the scale has none.</param>
/// <param name="Band">Empty when the scale has none.</param>
/// <param name="Triage">Null when the scale is no screen.</param>
/// <param name="Prorated">Missing items were filled in by the scale's rule.</param>
[GenerateSerializer, Immutable, Alias("answered-scale")]
public sealed record AnsweredScale(
    [property: Id(0)] AssessmentId Id,
    [property: Id(1)] ScaleKind Scale,
    [property: Id(2)] int Version,
    [property: Id(3)] DateTimeOffset OccurredAt,
    [property: Id(4)] ImmutableArray<ItemAnswer> Items,
    [property: Id(5)] int? Total,
    [property: Id(6)] string Band,
    [property: Id(7)] RiskTriage? Triage,
    [property: Id(8)] bool Prorated);

[GenerateSerializer, Immutable, Alias("side-effect")]
public sealed record SideEffect(
    [property: Id(0)] SessionId Session,
    [property: Id(1)] SideEffectKind Kind,
    [property: Id(2)] SideEffectSeverity Severity,
    [property: Id(3)] DateTimeOffset OccurredAt,
    [property: Id(4)] int DurationMinutes,
    [property: Id(5)] string Note)
{
    internal const int TreatmentLengthMax = 200;

    /// <summary>When it was over; null when that was not recorded, or by <see cref="DurationMinutes"/> alone.</summary>
    [Id(20)] public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>What was given for it; null or empty: nothing.</summary>
    [Id(21)] public string? TreatmentGiven { get; init; }

    /// <summary>Null when nobody recorded it.</summary>
    public DateTimeOffset? OverAt => ResolvedAt ?? (DurationMinutes > 0 ? OccurredAt.AddMinutes(DurationMinutes) : null);
}

[GenerateSerializer, Immutable, Alias("missed-visit")]
public sealed record MissedVisit([property: Id(0)] Milestone Milestone, [property: Id(1)] MissingReason Reason)
{
    /// <summary>Null of one that was recorded before 0.4.</summary>
    [Id(50)] public DateTimeOffset? OccurredAt { get; init; }
}
