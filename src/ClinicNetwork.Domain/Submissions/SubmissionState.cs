using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Submissions;

/// <summary>Where a submission stands.</summary>
[GenerateSerializer, Alias("submission-status")]
public enum SubmissionStatus
{
    /// <summary>It takes records.</summary>
    InProgress = 1,

    /// <summary>It was checked as a whole and taken.</summary>
    Complete = 2,

    /// <summary>It was checked as a whole and nothing of it was taken.</summary>
    Refused = 3,

    /// <summary>The partner took it back.</summary>
    Aborted = 4,

    /// <summary>Its time was over before it was complete.</summary>
    Expired = 5,
}

/// <summary>A submission: the fold of its events. Records lie beside the journal.</summary>
[GenerateSerializer, Immutable, Alias("submission-state")]
public sealed record SubmissionState
{
    public static readonly SubmissionState Empty = new();

    /// <summary>Empty: never opened.</summary>
    [Id(0)] public string Profile { get; init; } = "";

    [Id(1)] public int ProfileVersion { get; init; }

    /// <summary>Records the partner said it would send; 0: it did not say.</summary>
    [Id(2)] public long Expected { get; init; }

    [Id(3)] public DateTimeOffset OpenedAt { get; init; }

    /// <summary>Until then it takes records.</summary>
    [Id(4)] public DateTimeOffset ExpiresAt { get; init; }

    [Id(5)] public SubmissionStatus Status { get; init; }

    [Id(6)] public long Accepted { get; init; }

    [Id(7)] public long Corrected { get; init; }

    [Id(8)] public long Refused { get; init; }

    [Id(9)] public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Why it was refused as a whole; empty: it was not.</summary>
    [Id(10)] public string Reason { get; init; } = "";

    /// <summary>Over all records, lower-case hex; empty before it was checked.</summary>
    [Id(11)] public string Sha256 { get; init; } = "";

    /// <summary>Null before it was checked.</summary>
    [Id(12)] public QualityReport? Report { get; init; }

    public bool Exists => Profile.Length > 0;

    public long Records => Accepted + Corrected + Refused;

    public SubmissionAnswer Answer => new(Status, Records, Reason);

    public static SubmissionState Evolve(SubmissionState state, IEvent @event) => @event switch
    {
        SubmissionOpened e => new()
        {
            Profile = e.Profile,
            ProfileVersion = e.ProfileVersion,
            Expected = e.Expected,
            OpenedAt = e.OpenedAt,
            ExpiresAt = e.ExpiresAt,
            Status = SubmissionStatus.InProgress,
        },
        RecordsReceived e => state with { Accepted = state.Accepted + e.Accepted, Corrected = state.Corrected + e.Corrected, Refused = state.Refused + e.Refused },
        SubmissionChecked e => state with
        {
            Status = e.Reason.Length == 0 ? SubmissionStatus.Complete : SubmissionStatus.Refused,
            Reason = e.Reason,
            Sha256 = e.Sha256,
            Report = e.Report,
            ClosedAt = e.CheckedAt,
        },
        SubmissionAborted e => state with { Status = SubmissionStatus.Aborted, ClosedAt = e.AbortedAt },
        SubmissionExpired e => state with { Status = SubmissionStatus.Expired, ClosedAt = e.ExpiredAt },
        _ => throw new InvalidOperationException($"A submission has no event {@event.GetType().Name}."),
    };

    /// <summary>Null: it takes records at this time.</summary>
    public Refusal? RefuseClosed(DateTimeOffset now) =>
        !Exists ? RefuseUnknown("submission")
        : Status != SubmissionStatus.InProgress ? Refusal.Precondition("SUBMISSION_CLOSED", "submission", "It takes no more records; read it, and submit under another id.")
        : now >= ExpiresAt ? Refusal.Precondition("SUBMISSION_EXPIRED", "submission", "Its time is over; submit again under another id.")
        : null;

    public static Refusal RefuseUnknown(string field) => Refusal.NotFound("SUBMISSION_NOT_FOUND", field, "There is no such submission of yours; list them.");

    public override string ToString() => $"{Status}";
}

/// <param name="Records">Received so far, each counted once.</param>
/// <param name="Reason">Why it was refused as a whole; empty: it was not.</param>
[GenerateSerializer, Immutable, Alias("submission-answer")]
public sealed record SubmissionAnswer([property: Id(0)] SubmissionStatus Status, [property: Id(1)] long Records, [property: Id(2)] string Reason);

[GenerateSerializer, Immutable, Alias("submission-opened")]
public sealed record SubmissionOpened(
    [property: Id(0)] string Profile,
    [property: Id(1)] int ProfileVersion,
    [property: Id(2)] long Expected,
    [property: Id(3)] DateTimeOffset OpenedAt,
    [property: Id(4)] DateTimeOffset ExpiresAt) : IEvent;

/// <summary>Records that were not there before; they lie beside the journal.</summary>
/// <param name="Sha256">Over their hashes in the order of the page, lower-case hex: binds the rows to the journal.</param>
[GenerateSerializer, Immutable, Alias("submission-records-received")]
public sealed record RecordsReceived([property: Id(0)] int Accepted, [property: Id(1)] int Corrected, [property: Id(2)] int Refused, [property: Id(3)] string Sha256) : IEvent;

/// <summary>The partner said that it is whole, and it was checked.</summary>
/// <param name="Reason">Empty: it was taken.</param>
[GenerateSerializer, Immutable, Alias("submission-checked")]
public sealed record SubmissionChecked(
    [property: Id(0)] string Reason, [property: Id(1)] string Sha256, [property: Id(2)] QualityReport Report, [property: Id(3)] DateTimeOffset CheckedAt) : IEvent;

[GenerateSerializer, Immutable, Alias("submission-aborted")]
public sealed record SubmissionAborted([property: Id(0)] DateTimeOffset AbortedAt) : IEvent;

[GenerateSerializer, Immutable, Alias("submission-expired")]
public sealed record SubmissionExpired([property: Id(0)] DateTimeOffset ExpiredAt) : IEvent;

/// <summary>What came in, by exact counts; small ones are shown by <see cref="SmallCounts"/> alone.</summary>
[GenerateSerializer, Immutable, Alias("submission-quality-report")]
public sealed record QualityReport([property: Id(0)] ImmutableArray<MilestoneQuality> Milestones, [property: Id(1)] ImmutableArray<ReceiptCount> Receipts);

/// <param name="Records">Accepted records of the milestone.</param>
/// <param name="Missing">Of them, not measured, by reason.</param>
/// <param name="Filled">Of them, with a value, by column.</param>
[GenerateSerializer, Immutable, Alias("submission-milestone-quality")]
public sealed record MilestoneQuality(
    [property: Id(0)] string Milestone, [property: Id(1)] long Records, [property: Id(2)] long Measured, [property: Id(3)] ImmutableArray<NamedCount> Missing, [property: Id(4)] ImmutableArray<NamedCount> Filled);

[GenerateSerializer, Immutable, Alias("submission-named-count")]
public sealed record NamedCount([property: Id(0)] string Name, [property: Id(1)] long Count);

/// <param name="Field">Column; empty: accepted as it came.</param>
[GenerateSerializer, Immutable, Alias("submission-receipt-count")]
public sealed record ReceiptCount([property: Id(0)] RecordOutcome Outcome, [property: Id(1)] string Reason, [property: Id(2)] string Field, [property: Id(3)] long Count);
