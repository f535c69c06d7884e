using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Releases;

/// <summary>Where releases stand: the fold of the publications. Cells, rows and batches lie in tables.</summary>
[GenerateSerializer, Immutable, Alias("release-state")]
public sealed record ReleaseState
{
    public static readonly ReleaseState Empty = new();

    /// <summary>The next publication day, UTC; null before publishing was started.</summary>
    [Id(0)] public DateTimeOffset? NextPublication { get; init; }

    /// <summary>Number of the last publication; 0 before the first.</summary>
    [Id(1)] public int LastBatch { get; init; }

    /// <summary>Merkle root of the last batch before 0.6, lower-case hex; empty before the first.</summary>
    [Id(2)] public string LastRoot { get; init; } = "";

    /// <summary>Milestones withheld on days without a batch, since the last batch, before 0.6.</summary>
    [Id(3)] public int UntoldWithheld { get; init; }

    /// <summary>Cells retired on days without a batch, since the last batch, before 0.6.</summary>
    [Id(4)] public int UntoldRetired { get; init; }

    /// <summary>Measured rows released so far by milestone and category; empty before the first publication of 0.6.</summary>
    [Id(5)] public ImmutableArray<CategoryCounts> Released { get; init; } = [];

    /// <summary>What was withheld and retired so far, by what the cells' members permitted.</summary>
    [Id(6)] public ImmutableArray<KeptBack> KeptBack { get; init; } = [];

    /// <summary>The last batch of each recipient.</summary>
    [Id(7)] public ImmutableArray<RecipientProgress> Recipients { get; init; } = [];

    /// <summary>The publication that is being prepared; null: none is.</summary>
    [Id(8)] public OpenPublication? Open { get; init; }

    /// <summary>Why the publication cannot be made, a reason without content; null: it can. It is tried again every hour.</summary>
    [Id(9)] public string? Blocked { get; init; }

    /// <summary>Since when it is blocked.</summary>
    [Id(10)] public DateTimeOffset? BlockedSince { get; init; }

    /// <summary>The last re-key list of each recipient that was given one.</summary>
    [Id(11)] public ImmutableArray<RecipientRekey> Rekeys { get; init; } = [];

    /// <summary>Null: the recipient was given none.</summary>
    public RecipientRekey? RekeyOf(string recipient) => Rekeys.FirstOrDefault(r => r.Recipient == recipient);

    /// <summary>Null: the recipient was given nothing yet.</summary>
    public RecipientProgress? ProgressOf(string recipient) => Recipients.FirstOrDefault(r => r.Recipient == recipient);

    /// <summary>Milestones withheld and cells retired so far among the cells that were formed for a recipient.</summary>
    /// <param name="required">One class and one purpose, as bits.</param>
    public (int Withheld, int Retired) KeptBackFrom(int required) =>
        KeptBack.Where(k => (k.Recipients & required) == required).Aggregate((0, 0), (sum, k) => (sum.Item1 + k.Withheld, sum.Item2 + k.Retired));

    public static ReleaseState Evolve(ReleaseState state, IEvent @event) => @event switch
    {
        PublishingStarted e => state with { NextPublication = e.FirstPublication },
        PublicationOpened e => state with { Open = new(e.Publication, e.Day, e.Reference), Released = e.Released },
        PublicationStepPrepared e => state with
        {
            Open = state.Open! with
            {
                Released = CategoryCounts.Sum(state.Open.Released, e.Released),
                Rows = state.Open.Rows + e.Rows,
                CellsFormed = state.Open.CellsFormed + e.CellsFormed,
                CellsRetired = state.Open.CellsRetired + e.KeptBack.Sum(k => k.Retired),
                MilestonesWithheld = state.Open.MilestonesWithheld + e.KeptBack.Sum(k => k.Withheld),
            },
            KeptBack = e.KeptBack.Aggregate(state.KeptBack, Add),
        },
        BatchRowsSealed => state,
        PublicationBlocked e => state with { Blocked = e.Reason, BlockedSince = state.BlockedSince ?? e.At },
        PublicationHeld e => state with
        {
            NextPublication = e.NextPublication,
            LastBatch = e.Batch ?? state.LastBatch,
            LastRoot = e.Root.Length > 0 ? e.Root : state.LastRoot,
            UntoldWithheld = e.Batch is null ? state.UntoldWithheld + e.MilestonesWithheld : 0,
            UntoldRetired = e.Batch is null ? state.UntoldRetired + e.CellsRetired : 0,
            Released = CategoryCounts.Sum(state.Released, state.Open?.Released ?? []),
            Recipients = e.Batches.Aggregate(state.Recipients, (all, batch) => [.. all.Where(r => r.Recipient != batch.Recipient), batch]),
            Open = null,
            Blocked = null,
            BlockedSince = null,
        },
        LedgerReplayed e => state with
        {
            LastBatch = e.Publication ?? state.LastBatch,
            Recipients = e.Batches.Aggregate(state.Recipients, (all, batch) => [.. all.Where(r => r.Recipient != batch.Recipient), ToldBefore(state, batch)]),
            Open = e.Publication is null ? state.Open : null,
        },
        RecipientRekeyed e => state with { Rekeys = [.. state.Rekeys.Where(r => r.Recipient != e.Recipient), new(e.Recipient, e.Number, e.Epoch)] },
        _ => throw new InvalidOperationException($"A release profile has no event {@event.GetType().Name}."),
    };

    /// <summary>What was withheld and retired since the backup is counted, and told, once more.</summary>
    private static RecipientProgress ToldBefore(ReleaseState state, RecipientProgress batch) =>
        state.ProgressOf(batch.Recipient) is { } known ? batch with { Withheld = known.Withheld, Retired = known.Retired } : batch;

    private static ImmutableArray<KeptBack> Add(ImmutableArray<KeptBack> all, KeptBack more) =>
        all.FirstOrDefault(k => k.Recipients == more.Recipients) is { } known
            ? all.Replace(known, known with { Withheld = known.Withheld + more.Withheld, Retired = known.Retired + more.Retired })
            : all.Add(more);
}

/// <summary>Measured rows of a milestone by outcome category.</summary>
[GenerateSerializer, Immutable, Alias("category-counts")]
public sealed record CategoryCounts(
    [property: Id(0)] string Milestone, [property: Id(1)] long NoChange, [property: Id(2)] long Remission, [property: Id(3)] long Response, [property: Id(4)] long Worsening)
{
    public long All => NoChange + Remission + Response + Worsening;

    /// <summary>By milestone; the order is that of the first, then of the second.</summary>
    public static ImmutableArray<CategoryCounts> Sum(ImmutableArray<CategoryCounts> one, ImmutableArray<CategoryCounts> other) =>
    [
        .. one.Concat(other).GroupBy(c => c.Milestone, StringComparer.Ordinal).Select(g => new CategoryCounts(
            g.Key, g.Sum(c => c.NoChange), g.Sum(c => c.Remission), g.Sum(c => c.Response), g.Sum(c => c.Worsening))),
    ];
}

/// <param name="Recipients">What every member of the cells permitted when they were formed, as bits.</param>
/// <param name="Withheld">Cells and milestones.</param>
/// <param name="Retired">Cells.</param>
[GenerateSerializer, Immutable, Alias("kept-back")]
public sealed record KeptBack([property: Id(0)] int Recipients, [property: Id(1)] int Withheld, [property: Id(2)] int Retired);

/// <summary>A recipient's last batch.</summary>
/// <param name="Root">Lower-case hex.</param>
/// <param name="Withheld">What its manifests told of milestones withheld so far.</param>
/// <param name="Retired">What they told of cells retired.</param>
[GenerateSerializer, Immutable, Alias("recipient-progress")]
public sealed record RecipientProgress(
    [property: Id(0)] string Recipient,
    [property: Id(1)] int Batch,
    [property: Id(2)] string Root,
    [property: Id(3)] long Rows,
    [property: Id(4)] int Withheld,
    [property: Id(5)] int Retired);

/// <param name="Number">Of the list, 1..n.</param>
/// <param name="Epoch">Of the pseudonyms that it replaces the others by.</param>
[GenerateSerializer, Immutable, Alias("recipient-rekey")]
public sealed record RecipientRekey([property: Id(0)] string Recipient, [property: Id(1)] int Number, [property: Id(2)] int Epoch);

/// <summary>A publication between its first step and its commit.</summary>
/// <param name="Reference">What distances are measured against, fixed at the first step.</param>
[GenerateSerializer, Immutable, Alias("open-publication")]
public sealed record OpenPublication([property: Id(0)] int Publication, [property: Id(1)] DateTimeOffset Day, [property: Id(2)] ImmutableArray<CategoryCounts> Reference)
{
    /// <summary>Measured rows prepared so far.</summary>
    [Id(3)] public ImmutableArray<CategoryCounts> Released { get; init; } = [];

    [Id(4)] public int Rows { get; init; }

    [Id(5)] public int CellsFormed { get; init; }

    [Id(6)] public int CellsRetired { get; init; }

    [Id(7)] public int MilestonesWithheld { get; init; }
}

[GenerateSerializer, Immutable, Alias("publishing-started")]
public sealed record PublishingStarted([property: Id(0)] DateTimeOffset FirstPublication) : IEvent;

/// <summary>A publication has something to prepare.</summary>
/// <param name="Reference">Measured rows released so far and ready now.</param>
/// <param name="Released">Measured rows released so far.</param>
[GenerateSerializer, Immutable, Alias("publication-opened")]
public sealed record PublicationOpened(
    [property: Id(0)] int Publication,
    [property: Id(1)] DateTimeOffset Day,
    [property: Id(2)] ImmutableArray<CategoryCounts> Reference,
    [property: Id(3)] ImmutableArray<CategoryCounts> Released) : IEvent;

/// <summary>Some cells were prepared: counts alone.</summary>
/// <param name="Released">Measured rows among them, corrections left out.</param>
[GenerateSerializer, Immutable, Alias("publication-step-prepared")]
public sealed record PublicationStepPrepared(
    [property: Id(0)] int Publication,
    [property: Id(1)] int Rows,
    [property: Id(2)] int CellsFormed,
    [property: Id(3)] ImmutableArray<KeptBack> KeptBack,
    [property: Id(4)] ImmutableArray<CategoryCounts> Released) : IEvent;

/// <summary>Rows of a recipient's batch were put in their order, salted and hashed.</summary>
[GenerateSerializer, Immutable, Alias("batch-rows-sealed")]
public sealed record BatchRowsSealed(
    [property: Id(0)] string Recipient, [property: Id(1)] int Batch, [property: Id(2)] long FirstRow, [property: Id(3)] int Rows) : IEvent;

/// <summary>A publication could not be made. Nothing of it is delivered; it is tried again.</summary>
/// <param name="Reason">Stable and without content: <c>RED_TEAM</c>, <c>VERIFIER</c> with the rules, or a defect's type.</param>
[GenerateSerializer, Immutable, Alias("publication-blocked")]
public sealed record PublicationBlocked(
    [property: Id(0)] int Publication, [property: Id(1)] string Reason, [property: Id(2)] DateTimeOffset At, [property: Id(3)] DateTimeOffset RetryAt) : IEvent;

/// <summary>A recipient's pseudonyms were replaced by others.</summary>
/// <param name="Number">Of the re-key list, 1..n.</param>
[GenerateSerializer, Immutable, Alias("recipient-rekeyed")]
public sealed record RecipientRekeyed([property: Id(0)] string Recipient, [property: Id(1)] int Number, [property: Id(2)] int Epoch, [property: Id(3)] int Persons) : IEvent;

/// <summary>A restored store was told by the disclosure ledger what it had forgotten.</summary>
/// <param name="Publication">Its number; null: withdrawals alone.</param>
/// <param name="Withdrawals">Of persons.</param>
/// <param name="Batches">The recipients' batches of the publication.</param>
[GenerateSerializer, Immutable, Alias("ledger-replayed")]
public sealed record LedgerReplayed(
    [property: Id(0)] int? Publication, [property: Id(1)] int Withdrawals, [property: Id(2)] ImmutableArray<RecipientProgress> Batches) : IEvent;

/// <summary>A publication day was held.</summary>
/// <param name="Batch">Number of the publication; null when there was nothing to publish.</param>
/// <param name="Root">Merkle root of the one batch that there was before 0.6, lower-case hex; else empty.</param>
/// <param name="Rows">Prepared; before 0.6 those of the batch.</param>
[GenerateSerializer, Immutable, Alias("publication-held")]
public sealed record PublicationHeld(
    [property: Id(0)] DateTimeOffset Day,
    [property: Id(1)] DateTimeOffset NextPublication,
    [property: Id(2)] int? Batch,
    [property: Id(3)] string Root,
    [property: Id(4)] int Rows,
    [property: Id(5)] int CellsFormed,
    [property: Id(6)] int CellsRetired,
    [property: Id(7)] int MilestonesWithheld) : IEvent
{
    /// <summary>The recipients' batches.</summary>
    [Id(8)] public ImmutableArray<RecipientProgress> Batches { get; init; } = [];
}

/// <summary>Publication days: the first of each month at 06:00 UTC.</summary>
public static class PublicationDays
{
    private const int Hour = 6;

    /// <summary>The first publication day after an instant.</summary>
    public static DateTimeOffset After(DateTimeOffset instant)
    {
        var month = new DateTimeOffset(instant.Year, instant.Month, 1, Hour, 0, 0, TimeSpan.Zero);
        return month > instant ? month : month.AddMonths(1);
    }
}
