using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Domain.Partners;

/// <summary>A recipient of releases and its agreements: the fold of its events. Version 0 means not registered.</summary>
[GenerateSerializer, Immutable, Alias("partner-state")]
public sealed record PartnerState
{
    /// <summary>Of one partner, in any state ([K], our bound).</summary>
    public const int AgreementsMax = 100;

    public static readonly PartnerState Empty = new();

    [Id(0)] public PartnerId Id { get; init; }

    [Id(1)] public string DisplayName { get; init; } = "";

    /// <summary>What persons permit by name.</summary>
    [Id(2)] public RecipientClass Class { get; init; }

    /// <summary>In order of drafting.</summary>
    [Id(3)] public ImmutableArray<Agreement> Agreements { get; init; } = [];

    [Id(4)] public DateTimeOffset RegisteredAt { get; init; }

    public bool Exists => DisplayName.Length > 0;

    public static Refusal RefuseUnknown(string field) => Refusal.NotFound("PARTNER_NOT_FOUND", field, "There is no such partner, or you may not see it.");

    public static Refusal RefuseUnknownAgreement(string field) => Refusal.NotFound("AGREEMENT_NOT_FOUND", field, "There is no such agreement, or you may not see it.");

    /// <summary>Null: there is none.</summary>
    public Agreement? Find(AgreementId agreement) => Agreements.FirstOrDefault(one => one.Id == agreement);

    /// <summary>Null: no other agreement for this one's profile gives, or will give again, anything.</summary>
    internal Refusal? RefuseSecond(Agreement agreement, DateTimeOffset now) =>
        Agreements.Any(other => other.Id != agreement.Id && other.Terms.Profile == agreement.Terms.Profile && other.StatusAt(now) is AgreementStatus.Active or AgreementStatus.Suspended)
            ? Refusal.Precondition("AGREEMENT_IN_FORCE", "agreement", "The partner has an agreement for this profile, active or suspended; end that one first.")
            : null;

    public static PartnerState Evolve(PartnerState state, IEvent @event) => @event switch
    {
        PartnerRegistered e => state with { Id = e.Partner, DisplayName = e.DisplayName, Class = e.Class, RegisteredAt = e.At },
        AgreementDrafted e when state.Find(e.Agreement) is null =>
            state with { Agreements = state.Agreements.Add(new() { Id = e.Agreement, Terms = e.Terms, Revision = e.Revision, Status = AgreementStatus.Draft, ChangedAt = e.At }) },
        AgreementDrafted e => state.With(e.Agreement, e.At, one => one with { Terms = e.Terms, Revision = e.Revision, Status = AgreementStatus.Draft, Proposal = null }),
        AgreementProposed e => state.With(e.Agreement, e.At, one => one with
        {
            Status = one.Status == AgreementStatus.Suspended ? AgreementStatus.Suspended : AgreementStatus.Proposed,
            Proposal = new(e.Approval, e.Until),
        }),
        AgreementActivated e => state.With(e.Agreement, e.At, one => one with { Status = AgreementStatus.Active, Proposal = null, Reason = "" }),
        AgreementSuspended e => state.With(e.Agreement, e.At, one => one with { Status = AgreementStatus.Suspended, Proposal = null, Reason = e.Reason }),
        AgreementEnded e => state.With(e.Agreement, e.At, one => one with { Status = AgreementStatus.Ended, Proposal = null, Reason = e.Reason }),
        AgreementExpired e => state.With(e.Agreement, e.At, one => one with { Status = AgreementStatus.Expired, Proposal = null }),
        AgreementRekeyed e => state.With(e.Agreement, e.At, one => one with { Epoch = e.Epoch, Reason = e.Reason }),
        RekeyPublished => state,
        BatchesAcknowledged e => state.With(e.Agreement, null, one => one with { Acknowledged = Math.Max(one.Acknowledged, e.Number) }),
        _ => throw new InvalidOperationException($"A partner has no event {@event.GetType().Name}."),
    };

    private PartnerState With(AgreementId agreement, DateTimeOffset? at, Func<Agreement, Agreement> change) =>
        this with { Agreements = [.. Agreements.Select(one => one.Id == agreement ? change(one) with { ChangedAt = at ?? one.ChangedAt } : one)] };
}

/// <summary>A data-use agreement. What it gives and for what never changes once two persons wanted it.</summary>
[GenerateSerializer, Immutable, Alias("agreement")]
public sealed record Agreement
{
    [Id(0)] public AgreementId Id { get; init; }

    [Id(1)] public required AgreementTerms Terms { get; init; }

    /// <summary>1..n: of the terms, as a second person reads them.</summary>
    [Id(2)] public int Revision { get; init; }

    [Id(3)] public AgreementStatus Status { get; init; }

    /// <summary>The latest; null: none, or it was carried out.</summary>
    [Id(4)] public AgreementProposal? Proposal { get; init; }

    /// <summary>1..n, of the pseudonyms of cells that are given for the first time.</summary>
    [Id(5)] public int Epoch { get; init; } = 1;

    /// <summary>Why it was suspended, ended or given a new key; empty: it was not.</summary>
    [Id(6)] public string Reason { get; init; } = "";

    /// <summary>Number of the last batch that the partner has stored; 0: none.</summary>
    [Id(7)] public int Acknowledged { get; init; }

    /// <summary>By the store's clock.</summary>
    [Id(8)] public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Whether or not it was recorded already that a time is over.</summary>
    public AgreementStatus StatusAt(DateTimeOffset now) => Status switch
    {
        AgreementStatus.Active or AgreementStatus.Suspended when now >= Terms.ValidTo => AgreementStatus.Expired,
        AgreementStatus.Proposed when now >= Proposal!.Until => AgreementStatus.Draft,
        _ => Status,
    };

    /// <summary>Null: it is active or suspended.</summary>
    internal Refusal? RefuseNotInForce(DateTimeOffset now) => StatusAt(now) switch
    {
        AgreementStatus.Active or AgreementStatus.Suspended => null,
        AgreementStatus.Ended or AgreementStatus.Expired => RefuseOver(),
        _ => Refusal.Precondition("AGREEMENT_NOT_ACTIVE", "agreement", "Nobody is given anything by it yet; read it."),
    };

    internal static Refusal RefuseOver() => Refusal.Precondition("AGREEMENT_ENDED", "agreement", "It is over, for good; draft another.");

    internal static Refusal RefuseChanged(string field) => Refusal.Stale("AGREEMENT_CHANGED", field, "Its terms are others than those that were read; read it again and propose it anew.");
}

/// <param name="Until">By the store's clock; from then on nobody approves it.</param>
[GenerateSerializer, Immutable, Alias("agreement-proposal")]
public sealed record AgreementProposal([property: Id(0)] ApprovalId Approval, [property: Id(1)] DateTimeOffset Until);

[GenerateSerializer, Immutable, Alias("partner-registered")]
public sealed record PartnerRegistered(
    [property: Id(0)] PartnerId Partner,
    [property: Id(1)] string DisplayName,
    [property: Id(2)] RecipientClass Class,
    [property: Id(3)] DateTimeOffset At) : IEvent;

/// <summary>New, or with other terms.</summary>
[GenerateSerializer, Immutable, Alias("agreement-drafted")]
public sealed record AgreementDrafted(
    [property: Id(0)] AgreementId Agreement,
    [property: Id(1)] AgreementTerms Terms,
    [property: Id(2)] int Revision,
    [property: Id(3)] DateTimeOffset At) : IEvent;

/// <summary>That a draft come into force, or that a suspended agreement be resumed.</summary>
[GenerateSerializer, Immutable, Alias("agreement-proposed")]
public sealed record AgreementProposed(
    [property: Id(0)] AgreementId Agreement,
    [property: Id(1)] ApprovalId Approval,
    [property: Id(2)] DateTimeOffset Until,
    [property: Id(3)] DateTimeOffset At) : IEvent;

/// <summary>Or resumed.</summary>
[GenerateSerializer, Immutable, Alias("agreement-activated")]
public sealed record AgreementActivated(
    [property: Id(0)] AgreementId Agreement, [property: Id(1)] ApprovalId Approval, [property: Id(2)] DateTimeOffset At) : IEvent;

[GenerateSerializer, Immutable, Alias("agreement-suspended")]
public sealed record AgreementSuspended([property: Id(0)] AgreementId Agreement, [property: Id(1)] string Reason, [property: Id(2)] DateTimeOffset At) : IEvent;

[GenerateSerializer, Immutable, Alias("agreement-ended")]
public sealed record AgreementEnded([property: Id(0)] AgreementId Agreement, [property: Id(1)] string Reason, [property: Id(2)] DateTimeOffset At) : IEvent;

/// <summary>Recorded when its period was over; it gave nothing any more by itself.</summary>
[GenerateSerializer, Immutable, Alias("agreement-expired")]
public sealed record AgreementExpired([property: Id(0)] AgreementId Agreement, [property: Id(1)] DateTimeOffset At) : IEvent;

[GenerateSerializer, Immutable, Alias("agreement-rekeyed")]
public sealed record AgreementRekeyed(
    [property: Id(0)] AgreementId Agreement, [property: Id(1)] int Epoch, [property: Id(2)] string Reason, [property: Id(3)] DateTimeOffset At) : IEvent;

/// <summary>The signed list of the pseudonyms of this key, or of a later one, is there for the recipient.</summary>
[GenerateSerializer, Immutable, Alias("rekey-published")]
public sealed record RekeyPublished([property: Id(0)] AgreementId Agreement, [property: Id(1)] int Epoch, [property: Id(2)] DateTimeOffset At) : IEvent;

/// <summary>The partner has stored this batch and all before it, and everything that their manifests tell.</summary>
[GenerateSerializer, Immutable, Alias("batches-acknowledged")]
public sealed record BatchesAcknowledged([property: Id(0)] AgreementId Agreement, [property: Id(1)] int Number, [property: Id(2)] DateTimeOffset At) : IEvent;
