using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using ClinicNetwork.Journal;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Grains;

/// <summary>What every journaled grain works with.</summary>
public sealed record GrainServices(
    IJournal Journal,
    IStoreClock Clock,
    IKeyring Keys,
    SnapshotStore Snapshots,
    FeedWakeUp WakeUp,
    GrainOptions Options,
    StreamHandles Handles,
    ILogger<GrainServices> Log)
{
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);

    /// <summary>A key file is missing on this server: a line for whoever runs it, once for each file and not for each call.</summary>
    public void Tell(StoreRefusedException missing)
    {
        if (_told.TryAdd(missing.Message, true))
        {
            Log.LogError("KEY_FILE_MISSING: {Problem}", missing.Message);
        }
    }
}

/// <summary>Settings of the grains.</summary>
public sealed record GrainOptions
{
    /// <summary>A snapshot is written each time this many versions were made since the last.</summary>
    /// <value>Versions, 1 to 10,000; default 64.</value>
    [Range(1, 10_000)]
    public int SnapshotEveryVersions { get; init; } = 64;

    /// <summary>A snapshot is written when an idle activation goes and at least this many versions were made since the last.</summary>
    /// <value>Versions, 1 to 10,000; default 16.</value>
    [Range(1, 10_000)]
    public int SnapshotWhenIdleVersions { get; init; } = 16;

    /// <summary>Entries of feeds are kept for so long by the store's clock.</summary>
    /// <value>Days, 1 to 3,650; default 90.</value>
    [Range(1, 3_650)]
    public int FeedDays { get; init; } = 90;
}
