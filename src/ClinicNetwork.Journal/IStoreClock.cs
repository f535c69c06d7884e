namespace ClinicNetwork.Journal;

/// <summary>The store's clock: stamps records, runs due things, decides publication days. Not the callers' clock.</summary>
public interface IStoreClock
{
    /// <summary>True when only <see cref="AdvanceAsync"/> moves it; such a store is marked as a test store when it is created.</summary>
    bool IsManual { get; }

    /// <summary>Now, UTC, whole milliseconds.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Moves a manual clock forward durably (a time that is not later changes nothing); throws <see cref="InvalidOperationException"/> on any other.</summary>
    Task AdvanceAsync(DateTimeOffset to, CancellationToken cancellationToken);
}
