using System.Reflection;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>How a store on PostgreSQL is opened.</summary>
public sealed record PostgresStoreOptions
{
    /// <summary>Npgsql's form. Timeouts, pools and the application name are set by the store.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The folder with master.key, the same for all processes of a network.</summary>
    public required string KeyFolder { get; init; }

    /// <summary>Must be what the store was created with.</summary>
    /// <value>Default: the database's clock.</value>
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

    /// <summary>Connections that write groups at the same time; as many again write what must be written alone.</summary>
    /// <value>Connections, 1 or more. Default 2.</value>
    public int LanesMax { get; init; } = 2;

    /// <summary>Connections that read at the same time at most.</summary>
    /// <value>Connections, 1 or more. Default 16.</value>
    public int ReadersMax { get; init; } = 16;

    /// <summary>Assemblies with events and answers beyond the Domain's.</summary>
    public IReadOnlyList<Assembly> TypeAssemblies { get; init; } = [];

    /// <summary>The machine's time: compared with the database's when the store is opened, and measures what has passed since.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Sessions are named this, a dash and their purpose.</summary>
    public string ApplicationName { get; init; } = "clinicnetwork";

    /// <summary>Keys that one transaction of a migration or rotation wraps; fewer only in tests.</summary>
    internal int KeyPageMax { get; init; } = 500;

    /// <summary>How long a command waits for a lock, seconds; longer only in tests that hold the writer by one.</summary>
    internal int LockSecondsMax { get; init; } = 2;
}
