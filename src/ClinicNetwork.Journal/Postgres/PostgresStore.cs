using ClinicNetwork.Journal.Audit;
using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// The shared store: one PostgreSQL database for all processes of a network. The database arbitrates; nothing here is trusted to be the
/// only one. Everything acknowledged is committed with synchronous_commit on.
/// </summary>
public sealed class PostgresStore : IStore
{
    /// <summary>Keys in memory: at most twice this, some 300 bytes each.</summary>
    private const int KeyGenerationMax = 100_000;

    private static readonly TimeSpan ClockPause = TimeSpan.FromSeconds(3);

    private readonly PostgresKeyring _keyring;

    private readonly MasterKey _master;
    private readonly NpgsqlDataSource _writers;
    private readonly NpgsqlDataSource _auditors;
    private readonly NpgsqlDataSource _assertions;
    private readonly ReadConnections _readers;
    private readonly AppendQueue _groups;
    private readonly AppendQueue _alone;
    private readonly WriterCounts _counts = new();
    private readonly Task _lanes;
    private readonly CancellationTokenSource _stop = new();
    private readonly IDatabaseTime _time;
    private Task _background = Task.CompletedTask;
    private bool _disposed;

    private PostgresStore(PostgresStoreOptions options, StoreRow row, MasterKey master)
    {
        (_master, Incarnation, SchemaVersion) = (master, row.Incarnation, row.SchemaVersion);
        var outages = new Outages();
        _writers = Sessions.Writers(options);
        _auditors = Sessions.Auditing(options);
        _assertions = Sessions.Assertions(options);
        _readers = new ReadConnections(Sessions.Readers(options), options.ReadersMax, outages);
        _time = row.ManualNow is { } now ? new SharedManualClock(now, _readers) : new DatabaseClock(options.TimeProvider, ReadClockAsync);
        Hints = new FeedHints(Sessions.Listening(options), outages);

        var (keks, cache) = (new KeyEncryptionKeys(options.KeyFolder, master), new KeyCache(KeyGenerationMax));
        var (keys, holders) = (new PostgresKeys(keks, cache, _readers), new PostgresHolders(keks, _readers));
        _keyring = new PostgresKeyring(cache, holders, _readers, new ErasureList(options.KeyFolder, master));
        var codec = new PayloadCodec(new DomainTypes(options.TypeAssemblies));
        var index = new BlindIndex(master);
        var groups = new GroupWriter(index);
        var parts = new LaneParts(groups, new PublicationWriter(groups, keys), new Rivals(keys), cache, Hints);
        _groups = new AppendQueue(options.QueueMax, options.LanesMax);
        _alone = new AppendQueue(options.QueueMax, options.LanesMax);
        _lanes = Task.WhenAll(Enumerable.Range(0, options.LanesMax).SelectMany(_ => new[]
        {
            Task.Run(new AppendLane(_writers, _groups, options.BatchMax, parts, outages, _counts).RunAsync),
            Task.Run(new AppendLane(_writers, _alone, 1, parts, outages, _counts).RunAsync),
        }));
        Journal = new PostgresJournal(_groups, _alone, _readers, keys, holders, codec, _time);
        Projections = new PostgresProjections(_readers, _time);
        Doubles = new PostgresDoubles(_readers, index);
        Exchange = new PostgresExchangeStore(_readers, keys);
        Submissions = new PostgresSubmissionStore(_readers, keys);
        Audit = new PostgresAuditLog(_auditors, _readers, new TreeGuard(master, row.Incarnation), index);
        UsedAssertions = new PostgresUsedAssertions(_assertions);
        Snapshots = new SnapshotCodec(keys.FindAsync, codec.Options);
    }

    public IJournal Journal { get; }

    public IProjections Projections { get; }

    public IDoubles Doubles { get; }

    public IExchangeStore Exchange { get; }

    public ISubmissionStore Submissions { get; }

    public IAuditLog Audit { get; }

    public IUsedAssertions UsedAssertions { get; }

    public IStoreClock Clock => _time;

    public IKeyring Keys => _keyring;

    public SnapshotCodec Snapshots { get; }

    public string Incarnation { get; }

    public int SchemaVersion { get; }

    public StoreStatistics Statistics => new(_counts.Commits, _groups.Waiting + _alone.Waiting);

    /// <summary>Wakes whoever waits for feeds, in every process.</summary>
    public FeedHints Hints { get; }

    /// <summary>
    /// Opens the store of a database; never creates or alters anything. Throws <see cref="StoreRefusedException"/>, with one line that says
    /// what to do, when the database cannot be reached, holds no store or one of another schema, is not durable, lacks a unique key, has
    /// another time, or when the key file or the clock mode is another.
    /// </summary>
    public static async Task<PostgresStore> OpenAsync(PostgresStoreOptions options, CancellationToken cancellationToken)
    {
        var (row, master) = await InspectAsync(options, cancellationToken).ConfigureAwait(false);
        var store = new PostgresStore(options, row, master);
        try
        {
            await store._time.SynchroniseAsync(cancellationToken).ConfigureAwait(false);
            await store._keyring.LookAsync(cancellationToken).ConfigureAwait(false);
            store._background = Task.WhenAll(
                store.EveryAsync(ClockPause, token => store._time.SynchroniseAsync(token)), store.EveryAsync(IKeyring.Every, store._keyring.LookAsync));
            return store;
        }
        catch (StoreUnavailableException e)
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw new StoreRefusedException(e.Message, e);
        }
    }

    /// <summary>Brings the database to the newest schema this build knows; makes schema, store row and master.key when there is no store. Safe beside another.</summary>
    public static Task<MigrationResult> MigrateAsync(PostgresStoreOptions options, CancellationToken cancellationToken) =>
        AlterAsync(options, PostgresSchema.MigrateAsync, cancellationToken);

    /// <summary>As <see cref="MigrateAsync"/>, and gives the store a new incarnation, because it was restored from a backup; who was erased and which clinic's key was destroyed since is so again.</summary>
    public static Task<MigrationResult> RestoredAsync(PostgresStoreOptions options, CancellationToken cancellationToken) =>
        AlterAsync(options, PostgresSchema.RenewAsync, cancellationToken);

    /// <summary>New keys for all clinics and the network under the newest key-encryption key of the folder, while servers work. Killed, the next run goes on.</summary>
    public static Task RotateKeysAsync(PostgresStoreOptions options, Action<KeyCount> tell, CancellationToken cancellationToken) =>
        AlterAsync(
            options,
            async (connection, chosen, cancel) =>
            {
                await PostgresSchema.RotateAsync(connection, chosen, tell, cancel).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    /// <summary>Takes what was destroyed into the list beside the master key, by which <see cref="RestoredAsync"/> destroys it again; tells how many are new in it.</summary>
    public static Task<int> ListErasedAsync(PostgresStoreOptions options, CancellationToken cancellationToken) =>
        AlterAsync(options, PostgresSchema.ListErasedAsync, cancellationToken);

    /// <summary>Every holder's keys.</summary>
    public static Task<IReadOnlyList<KeyCount>> ListKeysAsync(PostgresStoreOptions options, CancellationToken cancellationToken) =>
        AlterAsync(options, PostgresSchema.ListKeysAsync, cancellationToken);

    public byte[] DeriveSecret(string purpose) => _master.DeriveSecret(purpose);

    /// <summary>Writes what waits, closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _groups.Close();
        _alone.Close();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _lanes.ConfigureAwait(false);
        await _background.ConfigureAwait(false);
        await Hints.DisposeAsync().ConfigureAwait(false);
        await _writers.DisposeAsync().ConfigureAwait(false);
        await _auditors.DisposeAsync().ConfigureAwait(false);
        await _assertions.DisposeAsync().ConfigureAwait(false);
        await _readers.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private static async Task<(StoreRow Row, MasterKey Master)> InspectAsync(PostgresStoreOptions options, CancellationToken cancellationToken)
    {
        var place = Sessions.Describe(options);
        await using var source = Sessions.Single(options, "open");
        await using var connection = await OpeningChecks.ConnectAsync(source, options, cancellationToken).ConfigureAwait(false);
        try
        {
            await OpeningChecks.RefuseUnfitServerAsync(connection, options, cancellationToken).ConfigureAwait(false);
            var row = await PostgresSchema.ReadStoreAsync(connection, cancellationToken).ConfigureAwait(false)
                ?? throw new StoreRefusedException($"The database at {place} holds no store; run the server's migrate command.");
            PostgresSchema.RefuseUnfit(row);
            if (row.SchemaVersion < PostgresSchema.Known)
            {
                throw new StoreRefusedException(
                    $"The store at {place} has schema {row.SchemaVersion}, this server needs {PostgresSchema.Known}; run the server's migrate command.");
            }

            var master = MasterKeyFile.Load(options.KeyFolder, storeExists: true);
            row.Refuse(master, MasterKeyFile.FileIn(options.KeyFolder), options.ClockMode, "The store at " + place);
#if FAULTS
            if (!Faults.Has("MissesRequestIndex"))
#endif
            await OpeningChecks.RefuseMissingKeysAsync(connection, options, cancellationToken).ConfigureAwait(false);
#if FAULTS
            await PlantedDefects.DropRequestIndexAsync(connection, cancellationToken).ConfigureAwait(false);
#endif
            await OpeningChecks.RefuseUnreadKeysAsync(connection, options, new KeyEncryptionKeys(options.KeyFolder, master), cancellationToken).ConfigureAwait(false);
            await OpeningChecks.RefuseUntoldRestoreAsync(connection, options, cancellationToken).ConfigureAwait(false);
            return (row, master);
        }
        catch (Exception e) when (e is NpgsqlException)
        {
            throw new StoreRefusedException($"The store at {place} cannot be opened ({Failures.Brief(e)}).", e);
        }
    }

    private static async Task<T> AlterAsync<T>(
        PostgresStoreOptions options,
        Func<NpgsqlConnection, PostgresStoreOptions, CancellationToken, Task<T>> alter,
        CancellationToken cancellationToken)
    {
        await using var source = Sessions.Altering(options);
        await using var connection = await OpeningChecks.ConnectAsync(source, options, cancellationToken).ConfigureAwait(false);
        try
        {
            await OpeningChecks.RefuseUnfitServerAsync(connection, options, cancellationToken).ConfigureAwait(false);
            return await alter(connection, options, cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException e)
        {
            throw new StoreRefusedException($"The database at {Sessions.Describe(options)} could not be changed ({Failures.Brief(e)}).", e);
        }
    }

    private async Task<long> ReadClockAsync(CancellationToken cancellationToken) =>
        (await _readers.ListAsync("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint", row => row.GetInt64(0), cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Follows the database in the background; while it does not answer, what is known goes on.</summary>
    private async Task EveryAsync(TimeSpan pause, Func<CancellationToken, Task> look)
    {
        using var timer = new PeriodicTimer(pause);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                try
                {
                    await look(_stop.Token).ConfigureAwait(false);
                }
                catch (StoreUnavailableException)
                {
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
