using ClinicNetwork.Journal.Audit;
using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;
using Microsoft.Data.Sqlite;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>
/// The embedded store: one folder with journal.db, master.key and a lock, for one process. Everything acknowledged is on the disk
/// (WAL, synchronous=FULL). Back up journal.db (by SQLite's backup) together with master.key, and keep the two apart.
/// </summary>
public sealed class SqliteStore : IStore
{
    /// <summary>Keys in memory: at most twice this, some 300 bytes each.</summary>
    private const int KeyGenerationMax = 10_000;

    private readonly StoreFolder _folder;
    private readonly MasterKey _master;
    private readonly ReaderPool _readers;
    private readonly GroupCommit _commit;
    private readonly WriteQueue _queue;
    private bool _disposed;

    private SqliteStore(StoreFolder folder, SqliteSession writer, MasterKey master, StoreRow row, SqliteStoreOptions options)
    {
        (_folder, _master, Incarnation, SchemaVersion) = (folder, master, row.Incarnation, Math.Max(row.SchemaVersion, Schema.Known));
        _readers = new ReaderPool(folder.JournalFile, options.ReadersMax);
        _commit = new GroupCommit(writer, () => OpenWriter(folder.JournalFile, options.Hooks), options.Hooks);
        _queue = new WriteQueue(_commit, options.QueueMax, options.BatchMax);
        var manual = row.ManualNow is { } now ? new ManualStoreClock(now) : null;
        manual?.WriteThrough(_queue);
        Clock = manual ?? (IStoreClock)new SystemStoreClock(options.TimeProvider);

        var cache = new KeyCache(KeyGenerationMax);
        SqliteKeyring.Load(writer, cache);
        var keys = new StreamKeys(new KeyEncryptionKeys(folder.Path, master), cache, new ErasureList(folder.Path, master));
        keys.List(SqliteKeyring.Destroyed(writer));
        Keys = new SqliteKeyring(cache, _readers, keys);
        var codec = new PayloadCodec(new DomainTypes(options.TypeAssemblies));
        var index = new BlindIndex(master);
        Journal = new SqliteJournal(_queue, _readers, keys, new ProjectionWriter(index, new PublicationWriter(keys)), codec, Clock);
        Projections = new SqliteProjections(_queue, _readers);
        Doubles = new SqliteDoubles(_queue, _readers, index);
        Exchange = new SqliteExchangeStore(_queue, _readers, keys);
        Submissions = new SqliteSubmissionStore(_readers, keys);
        Audit = new SqliteAuditLog(_queue, _readers, new TreeGuard(master, row.Incarnation), index);
        UsedAssertions = new SqliteUsedAssertions(_queue);
        Snapshots = new SnapshotCodec((stream, cancel) => keys.FindAsync(_readers, stream, cancel), codec.Options);
    }

    public IJournal Journal { get; }

    public IProjections Projections { get; }

    public IDoubles Doubles { get; }

    public IExchangeStore Exchange { get; }

    public ISubmissionStore Submissions { get; }

    public IAuditLog Audit { get; }

    public IUsedAssertions UsedAssertions { get; }

    public IStoreClock Clock { get; }

    public IKeyring Keys { get; }

    public SnapshotCodec Snapshots { get; }

    public string Incarnation { get; }

    public int SchemaVersion { get; }

    public StoreStatistics Statistics => new(_commit.Commits, _queue.Waiting);

    /// <summary>
    /// Opens the store of a folder, or makes one. Throws <see cref="StoreRefusedException"/>, with one line that says what to do, when the
    /// folder is in use, the key file is missing or another one, the clock mode or the schema does not fit, or a unique key is missing.
    /// </summary>
    public static Task<SqliteStore> OpenAsync(SqliteStoreOptions options, CancellationToken cancellationToken) =>
        Task.Run(() => Open(options), cancellationToken);

    /// <summary>As <see cref="OpenAsync"/>, gives the store a new incarnation, because it was restored from a backup, and closes it.</summary>
    public static Task<MigrationResult> RestoredAsync(SqliteStoreOptions options, CancellationToken cancellationToken) =>
        WithWriterAsync(options, (store, session) => new MigrationResult(store.SchemaVersion, Schema.Renew(session, store._master, new ErasureList(store._folder.Path, store._master))), cancellationToken);

    /// <summary>New keys for all clinics and the network under the newest key-encryption key of the folder; no server may run. Killed, the next run goes on.</summary>
    public static Task RotateKeysAsync(SqliteStoreOptions options, Action<KeyCount> tell, CancellationToken cancellationToken) =>
        WithWriterAsync(
            options,
            (store, session) =>
            {
                new KeyRotation(session, new KeyEncryptionKeys(options.Folder, store._master), KeyEncryptionKeys.NewestIn(options.Folder), options.KeyPageMax, tell).Run();
                return true;
            },
            cancellationToken);

    /// <summary>Every holder's keys; no server may run.</summary>
    public static Task<IReadOnlyList<KeyCount>> ListKeysAsync(SqliteStoreOptions options, CancellationToken cancellationToken) =>
        WithWriterAsync(options, (_, session) => KeyRotation.List(session), cancellationToken);

    public byte[] DeriveSecret(string purpose) => _master.DeriveSecret(purpose);

    /// <summary>Writes what waits, closes the files, gives the folder free.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _readers.Dispose();
        await _queue.DisposeAsync().ConfigureAwait(false);
        _folder.Dispose();
    }

    private static async Task<T> WithWriterAsync<T>(SqliteStoreOptions options, Func<SqliteStore, SqliteSession, T> work, CancellationToken cancellationToken)
    {
        if (!File.Exists(StoreFolder.JournalFileIn(options.Folder)))
        {
            throw new StoreRefusedException($"There is no store in {options.Folder}; restore its files first.");
        }

        await using var store = await OpenAsync(options, cancellationToken).ConfigureAwait(false);
        return await Task.Run(
            () =>
            {
                using var session = OpenWriter(store._folder.JournalFile, options.Hooks);
                return work(store, session);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static SqliteStore Open(SqliteStoreOptions options)
    {
        var folder = StoreFolder.Lock(options.Folder);
        SqliteSession? writer = null;
        try
        {
            folder.CreateJournalFile();
            writer = OpenWriter(folder.JournalFile, options.Hooks);
            var exists = Schema.HasStore(writer);
            var master = MasterKeyFile.Load(folder.Path, exists);
            if (!exists)
            {
                Schema.Create(writer, options, master);
            }

            var row = Schema.ReadStore(writer);
            Refuse(folder, row, master, options);
            Schema.Migrate(writer, row, master);
            var keks = new KeyEncryptionKeys(folder.Path, master);
            Schema.VerifyKeys(writer, keks);
            Schema.WrapOldKeys(writer, master, keks, options);
            Schema.VerifyUniqueKeys(writer);
            return new SqliteStore(folder, writer, master, row, options);
        }
        catch (Exception e)
        {
            writer?.Dispose();
            folder.Dispose();
            if (e is SqliteException)
            {
                throw new StoreRefusedException($"{folder.JournalFile} cannot be opened: {e.Message}", e);
            }

            throw;
        }
    }

    private static void Refuse(StoreFolder folder, StoreRow row, MasterKey master, SqliteStoreOptions options)
    {
        Schema.RefuseUnreadable(row);
        row.Refuse(master, MasterKeyFile.FileIn(folder.Path), options.ClockMode, $"The store in {folder.Path}");
    }

    private static SqliteSession OpenWriter(string file, WriterHooks? hooks)
    {
        var session = SqliteSession.Open(file, SqliteOpenMode.ReadWrite);
        try
        {
            session.RunScript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 67108864;");
            var mode = session.First("PRAGMA journal_mode", row => row.GetString(0));
            if (mode != "wal" || session.Number("PRAGMA synchronous") != 2)
            {
                throw new StoreRefusedException($"{file} cannot be written durably (journal mode {mode}); choose a local disk.");
            }

            hooks?.Opened?.Invoke(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
