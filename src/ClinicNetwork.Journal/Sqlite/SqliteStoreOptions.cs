using System.Reflection;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>How a store is opened.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>The data folder; made with mode 0700 when it is not there.</summary>
    public required string Folder { get; init; }

    /// <summary>Must be what the store was created with.</summary>
    /// <value>Default: the machine's clock.</value>
    public ClockMode ClockMode { get; init; } = ClockMode.System;

    /// <summary>Where a manual clock starts when the store is created; later its own time counts.</summary>
    /// <value>Default: 2025-01-01T00:00Z.</value>
    public DateTimeOffset ManualStart { get; init; } = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Commands that may wait; one more is <see cref="JournalBusyException"/>.</summary>
    /// <value>Commands, 1 or more. Default 4,096.</value>
    public int QueueMax { get; init; } = 4_096;

    /// <summary>Commands that share one commit at most.</summary>
    /// <value>Commands, 1 or more. Default 256.</value>
    public int BatchMax { get; init; } = 256;

    /// <summary>Connections that read at the same time at most.</summary>
    /// <value>Connections, 1 or more. Default 8.</value>
    public int ReadersMax { get; init; } = 8;

    /// <summary>Assemblies with events and answers beyond the Domain's.</summary>
    public IReadOnlyList<Assembly> TypeAssemblies { get; init; } = [];

    /// <summary>Source of the machine's time.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Keys that one transaction of a migration or rotation wraps; fewer only in tests.</summary>
    internal int KeyPageMax { get; init; } = 500;

    /// <summary>What the tests of failures step in by; null in production.</summary>
    internal WriterHooks? Hooks { get; init; }
}

/// <summary>Points at which a test makes the writer fail, as a full disk or a lost one would.</summary>
internal sealed record WriterHooks
{
    public Action<SqliteSession>? Opened { get; init; }

    /// <summary>The group has been written and is not committed.</summary>
    public Action? BeforeCommit { get; init; }

    /// <summary>A page of older keys has been wrapped and is not committed.</summary>
    public Action? KeysWrapped { get; init; }

    /// <summary>The group is committed and nobody has been told.</summary>
    public Action? AfterCommit { get; init; }
}
