namespace ClinicNetwork.Domain.Releases;

/// <summary>Where a release profile stands: the fold of its publications.</summary>
[GenerateSerializer, Immutable, Alias("release-state")]
public sealed record ReleaseState
{
    public static readonly ReleaseState Empty = new();

    /// <summary>The next publication day, UTC; null before publishing was started.</summary>
    [Id(0)] public DateTimeOffset? NextPublication { get; init; }

    /// <summary>Number of the last batch; 0 before the first.</summary>
    [Id(1)] public int LastBatch { get; init; }

    /// <summary>Merkle root of the last batch, lower-case hex; empty before the first.</summary>
    [Id(2)] public string LastRoot { get; init; } = "";

    /// <summary>Milestones withheld on days without a batch, since the last batch; the next manifest tells them.</summary>
    [Id(3)] public int UntoldWithheld { get; init; }

    /// <summary>Cells retired on days without a batch, since the last batch.</summary>
    [Id(4)] public int UntoldRetired { get; init; }

    public static ReleaseState Evolve(ReleaseState state, IEvent @event) => @event switch
    {
        PublishingStarted e => state with { NextPublication = e.FirstPublication },
        PublicationHeld e => state with
        {
            NextPublication = e.NextPublication,
            LastBatch = e.Batch ?? state.LastBatch,
            LastRoot = e.Batch is null ? state.LastRoot : e.Root,
            UntoldWithheld = e.Batch is null ? state.UntoldWithheld + e.MilestonesWithheld : 0,
            UntoldRetired = e.Batch is null ? state.UntoldRetired + e.CellsRetired : 0,
        },
        _ => throw new InvalidOperationException($"A release profile has no event {@event.GetType().Name}."),
    };
}

[GenerateSerializer, Immutable, Alias("publishing-started")]
public sealed record PublishingStarted([property: Id(0)] DateTimeOffset FirstPublication) : IEvent;

/// <summary>A publication day was held.</summary>
/// <param name="Batch">Null when there was nothing to publish.</param>
/// <param name="Root">Merkle root, lower-case hex; empty without a batch.</param>
[GenerateSerializer, Immutable, Alias("publication-held")]
public sealed record PublicationHeld(
    [property: Id(0)] DateTimeOffset Day,
    [property: Id(1)] DateTimeOffset NextPublication,
    [property: Id(2)] int? Batch,
    [property: Id(3)] string Root,
    [property: Id(4)] int Rows,
    [property: Id(5)] int CellsFormed,
    [property: Id(6)] int CellsRetired,
    [property: Id(7)] int MilestonesWithheld) : IEvent;

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
