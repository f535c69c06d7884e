using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;

namespace ClinicNetwork.Domain.Patients;

/// <summary>A fact that was found to be entered in error: out of all that is derived, kept whole.</summary>
/// <param name="Number">1..n of this patient.</param>
/// <param name="At">By the store's clock.</param>
[GenerateSerializer, Immutable, Alias("retracted-fact")]
public sealed record RetractedFact(
    [property: Id(0)] int Number,
    [property: Id(1)] FactName Fact,
    [property: Id(2)] string Reason,
    [property: Id(3)] string Actor,
    [property: Id(4)] DateTimeOffset At)
{
    /// <summary>The corrected fact, recorded by the same command; null when nothing took its place.</summary>
    [Id(5)] public FactName? ReplacedBy { get; init; }

    /// <summary>The session that it went with; null when it was marked itself.</summary>
    [Id(6)] public FactName? With { get; init; }

    /// <summary>Of an answered PHQ-9.</summary>
    [Id(7)] public Assessment? Assessment { get; init; }

    /// <summary>Of any other answered scale.</summary>
    [Id(8)] public AnsweredScale? Scale { get; init; }

    /// <summary>Of a session, or of a dose: the session as it stood.</summary>
    [Id(9)] public Session? Session { get; init; }

    /// <summary>Of a session: checks, readings and the end of it.</summary>
    [Id(10)] public SessionMonitoring? Monitoring { get; init; }

    [Id(11)] public Vitals? Vitals { get; init; }

    [Id(12)] public SideEffect? SideEffect { get; init; }

    [Id(13)] public MissedVisit? MissedVisit { get; init; }

    /// <summary>When treatment was said to have ended.</summary>
    [Id(14)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why; empty of an end that was recorded before 0.4.</summary>
    [Id(15)] public string EndReason { get; init; } = "";

    [Id(16)] public RecordedConsultation? Consultation { get; init; }

    /// <summary>Of any other kind; null of those above.</summary>
    [Id(18)] public IRecordedFact? Recorded { get; init; }

    /// <summary>The session it is of, or is; null for others.</summary>
    public SessionId? OfSession => Fact.Session ?? SideEffect?.Session;

    /// <summary>As others than the patient see it: of a private entry of the journal that it was there.</summary>
    public RetractedFact WithoutPrivate() => Recorded is JournalEntry { Private: true } entry ? this with { Recorded = entry.Withheld() } : this;

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(RetractedFact);
}

/// <summary>What a closed milestone was before it was read anew.</summary>
/// <param name="Retraction">Number of the <see cref="RetractedFact"/> by which it changed.</param>
[GenerateSerializer, Immutable, Alias("revised-outcome")]
public sealed record RevisedOutcome([property: Id(0)] MilestoneOutcome Was, [property: Id(1)] int Retraction, [property: Id(2)] DateTimeOffset At)
{
    /// <summary>1..n of the patient.</summary>
    [Id(3)] public int Course { get; init; } = 1;

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(RevisedOutcome);
}

/// <summary>A fact that met an alert's rule and does no more.</summary>
/// <param name="Retraction">Number of the <see cref="RetractedFact"/> by which that changed.</param>
[GenerateSerializer, Immutable, Alias("withdrawn-cause")]
public sealed record WithdrawnCause([property: Id(0)] string Cause, [property: Id(1)] int Retraction, [property: Id(2)] DateTimeOffset At);
