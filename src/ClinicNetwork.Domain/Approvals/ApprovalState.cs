using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Partners;
using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Domain.Approvals;

/// <summary>What one person alone may not do.</summary>
[GenerateSerializer, Alias("approval-kind")]
public enum ApprovalKind
{
    /// <summary>A patient's key is destroyed, and with it the record.</summary>
    Erasure = 1,

    /// <summary>A clinic's key is destroyed: it acts no more, and patients that it alone may read are lost.</summary>
    KeyDestruction = 2,

    /// <summary>A data-use agreement comes into force, or is resumed.</summary>
    Agreement = 3,
}

/// <summary>Where an approval stands. That a proposal has expired is told by the clock alone.</summary>
[GenerateSerializer, Alias("approval-status")]
public enum ApprovalStatus
{
    /// <summary>It waits for a second person.</summary>
    Proposed = 1,

    /// <summary>A second person wants it too; it is carried out.</summary>
    Approved = 2,

    /// <summary>It was done.</summary>
    Executed = 3,

    Rejected = 4,

    /// <summary>Approved, and refused for good by what it was about.</summary>
    Failed = 5,

    /// <summary>Recorded when its time was over.</summary>
    Expired = 6,
}

/// <summary>What asks for a patient's erasure although the record would have to be kept.</summary>
[GenerateSerializer, Alias("erasure-ground")]
public enum ErasureGround
{
    /// <summary>Nothing: the time of keeping has to be over.</summary>
    None = 0,

    /// <summary>The person's right, where it goes before the duty to keep (in the EU: article 17 of the GDPR).</summary>
    PersonsRight = 1,
    CourtOrder = 2,
    AuthorityOrder = 3,

    /// <summary>There was never such a patient, or under another id.</summary>
    EnrolledInError = 4,
}

/// <summary>Something that two persons have to want: the fold of its events.</summary>
[GenerateSerializer, Immutable, Alias("approval-state")]
public sealed record ApprovalState
{
    public static readonly ApprovalState Empty = new();

    [Id(0)] public ApprovalId Id { get; init; }

    [Id(1)] public ApprovalKind Kind { get; init; }

    /// <summary>Resource name of what it is done to; empty: never proposed.</summary>
    [Id(2)] public string Subject { get; init; } = "";

    /// <summary>The clinic whose it is: the patient's home clinic at the proposal, or the clinic itself. Beside the network its administrators decide. Null: the network alone decides.</summary>
    [Id(3)] public ClinicId? Site { get; init; }

    [Id(4)] public string Reason { get; init; } = "";

    [Id(5)] public Person? ProposedBy { get; init; }

    /// <summary>By the store's clock.</summary>
    [Id(6)] public DateTimeOffset ProposedAt { get; init; }

    /// <summary>By the store's clock; from then on nobody decides, whether or not <see cref="ApprovalStatus.Expired"/> was recorded already.</summary>
    [Id(7)] public DateTimeOffset ExpiresAt { get; init; }

    [Id(8)] public ApprovalStatus Status { get; init; }

    /// <summary>Who approved or rejected it; null before.</summary>
    [Id(9)] public Person? DecidedBy { get; init; }

    [Id(10)] public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Why it was rejected, or the reason of the refusal that it failed with.</summary>
    [Id(11)] public string Finding { get; init; } = "";

    /// <summary>When it was executed, failed or expired; null before.</summary>
    [Id(12)] public DateTimeOffset? ClosedAt { get; init; }

    [Id(80)] public ErasureGround Ground { get; init; }

    /// <summary>Years after the last contact for which the record is kept, as they were at the proposal; null: nobody asked for it (0.3, and key destructions).</summary>
    [Id(81)] public int? RetentionYears { get; init; }

    /// <summary>Of an agreement: what the second person reads; null: of anything else.</summary>
    [Id(82)] public AgreementOffer? Offer { get; init; }

    public bool Exists => Subject.Length > 0;

    public bool IsExpired(DateTimeOffset now) => Status == ApprovalStatus.Expired || (Status == ApprovalStatus.Proposed && now >= ExpiresAt);

    public static Refusal RefuseUnknown(string field) => Refusal.NotFound("APPROVAL_NOT_FOUND", field, "There is no such approval, or this site may not see it.");

    /// <summary>Null: it waits for a second person.</summary>
    internal Refusal? RefuseDecided(DateTimeOffset now) =>
        !Exists ? RefuseUnknown("approval")
        : IsExpired(now) ? Refusal.Precondition("APPROVAL_EXPIRED", "approval", "Nobody decided in time; propose it anew if it is still wanted.")
        : Status != ApprovalStatus.Proposed ? Refusal.Precondition("APPROVAL_DECIDED", "approval", "Somebody has decided already; read the approval.")
        : null;

    public static ApprovalState Evolve(ApprovalState state, IEvent @event) => @event switch
    {
        ApprovalProposed e => state with
        {
            Id = e.Approval,
            Kind = e.Kind,
            Subject = e.Subject,
            Site = e.Site,
            Reason = e.Reason,
            ProposedBy = e.By,
            ProposedAt = e.At,
            ExpiresAt = e.ExpiresAt,
            Status = ApprovalStatus.Proposed,
            Ground = e.Ground,
            RetentionYears = e.RetentionYears,
            Offer = e.Offer,
        },
        ApprovalGiven e => state with { Status = ApprovalStatus.Approved, DecidedBy = e.By, DecidedAt = e.At },
        ApprovalRejected e => state with { Status = ApprovalStatus.Rejected, DecidedBy = e.By, DecidedAt = e.At, Finding = e.Reason },
        ApprovalExpired e => state with { Status = ApprovalStatus.Expired, ClosedAt = e.At },
        ApprovalExecuted e => state with { Status = ApprovalStatus.Executed, ClosedAt = e.At },
        ApprovalFailed e => state with { Status = ApprovalStatus.Failed, Finding = e.Reason, ClosedAt = e.At },
        _ => throw new InvalidOperationException($"An approval has no event {@event.GetType().Name}."),
    };
}

[GenerateSerializer, Immutable, Alias("approval-proposed")]
public sealed record ApprovalProposed(
    [property: Id(0)] ApprovalId Approval,
    [property: Id(1)] ApprovalKind Kind,
    [property: Id(2)] string Subject,
    [property: Id(3)] ClinicId? Site,
    [property: Id(4)] string Reason,
    [property: Id(5)] Person By,
    [property: Id(6)] DateTimeOffset At,
    [property: Id(7)] DateTimeOffset ExpiresAt) : IEvent
{
    [Id(80)] public ErasureGround Ground { get; init; }

    /// <inheritdoc cref="ApprovalState.RetentionYears"/>
    [Id(81)] public int? RetentionYears { get; init; }

    /// <inheritdoc cref="ApprovalState.Offer"/>
    [Id(82)] public AgreementOffer? Offer { get; init; }
}

/// <summary>The exact terms that two persons have to want.</summary>
/// <param name="Revision">Of the terms; others are another proposal.</param>
/// <param name="Class">Of the partner.</param>
[GenerateSerializer, Immutable, Alias("agreement-offer")]
public sealed record AgreementOffer(
    [property: Id(0)] AgreementId Agreement, [property: Id(1)] int Revision, [property: Id(2)] RecipientClass Class, [property: Id(3)] AgreementTerms Terms);

[GenerateSerializer, Immutable, Alias("approval-given")]
public sealed record ApprovalGiven([property: Id(0)] Person By, [property: Id(1)] DateTimeOffset At) : IEvent;

[GenerateSerializer, Immutable, Alias("approval-rejected")]
public sealed record ApprovalRejected([property: Id(0)] Person By, [property: Id(1)] string Reason, [property: Id(2)] DateTimeOffset At) : IEvent;

/// <summary>Recorded when its time was over; it had expired by itself.</summary>
[GenerateSerializer, Immutable, Alias("approval-expired")]
public sealed record ApprovalExpired([property: Id(0)] DateTimeOffset At) : IEvent;

/// <summary>Its effect is durable.</summary>
[GenerateSerializer, Immutable, Alias("approval-executed")]
public sealed record ApprovalExecuted([property: Id(0)] DateTimeOffset At) : IEvent;

/// <param name="Reason">Of the refusal.</param>
[GenerateSerializer, Immutable, Alias("approval-failed")]
public sealed record ApprovalFailed([property: Id(0)] string Reason, [property: Id(1)] DateTimeOffset At) : IEvent;
