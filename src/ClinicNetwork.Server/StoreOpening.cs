using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Postgres;
using ClinicNetwork.Journal.Sqlite;
using ClinicNetwork.Server.Keys;

namespace ClinicNetwork.Server;

/// <summary>Opens, or brings to the newest schema, the store that the settings name.</summary>
internal static class StoreOpening
{
    /// <summary>Longest that opening may take; a database that does not answer by then is refused.</summary>
    private static readonly TimeSpan OpenMax = TimeSpan.FromSeconds(30);

    /// <summary>A migration may have to wait for another's advisory lock, and rewrite a table.</summary>
    private static readonly TimeSpan MigrateMax = TimeSpan.FromMinutes(30);

    /// <exception cref="StoreRefusedException">One line that says what to do.</exception>
    public static async Task<IStore> OpenAsync(ServerSettings settings)
    {
        if (settings.OnPostgres)
        {
            CreateFolder(settings.FolderPath);
            return await WithinAsync(OpenMax, token => PostgresStore.OpenAsync(PostgresOptions(settings), token));
        }

        return await SqliteStore.OpenAsync(SqliteOptions(settings), CancellationToken.None);
    }

    /// <summary>The newest schema and all keys; prints which schema and incarnation there are now.</summary>
    public static async Task MigrateAsync(ServerSettings settings, bool restored)
    {
        if (!settings.OnPostgres && !restored)
        {
            throw new SettingsException("migrate: give --postgres; a SQLite store is brought to its schema when it is opened.");
        }

        if (!settings.OnPostgres)
        {
            Tell(await SqliteStore.RestoredAsync(SqliteOptions(settings), CancellationToken.None));
            await ReplayAsync(settings);
            return;
        }

        CreateFolder(settings.KeyFolder);
        var options = PostgresOptions(settings);
        var result = await WithinAsync(
            MigrateMax, token => restored ? PostgresStore.RestoredAsync(options, token) : PostgresStore.MigrateAsync(options, token));
        ReleaseKeyFile.LoadOrCreate(settings.KeyFolder).Dispose();
        using var authority = NetworkAuthority.LoadOrCreate(settings.KeyFolder, TimeProvider.System);
        AdminIdentityFile.Ensure(settings.KeyFolder, authority, TimeProvider.System);
        Tell(result);
        if (restored)
        {
            await ReplayAsync(settings);
        }
    }

    /// <summary>Stopped before its end it is to be run again: a start knows less of what may have been delivered.</summary>
    private static async Task ReplayAsync(ServerSettings settings)
    {
        await using var store = await OpenAsync(settings);
        var (publications, withdrawals) = await Ledger.ReplayAsync(settings, store, restored: true);
        Console.WriteLine($"ledger: {publications} publications and {withdrawals} withdrawals that the backup had not");
    }

    /// <summary>New keys for all clinics and the network.</summary>
    public static Task RotateKeysAsync(ServerSettings settings, Action<KeyCount> tell) => settings.OnPostgres
        ? PostgresStore.RotateKeysAsync(PostgresOptions(settings), tell, CancellationToken.None)
        : SqliteStore.RotateKeysAsync(SqliteOptions(settings), tell, CancellationToken.None);

    /// <summary>How many erasures and destroyed keys are new in the list beside the keys.</summary>
    public static Task<int> ListErasedAsync(ServerSettings settings) => settings.OnPostgres
        ? PostgresStore.ListErasedAsync(PostgresOptions(settings), CancellationToken.None)
        : throw new SettingsException("keys erased: give --postgres; on SQLite the server keeps the list itself.");

    public static Task<IReadOnlyList<KeyCount>> ListKeysAsync(ServerSettings settings) => settings.OnPostgres
        ? PostgresStore.ListKeysAsync(PostgresOptions(settings), CancellationToken.None)
        : SqliteStore.ListKeysAsync(SqliteOptions(settings), CancellationToken.None);

    private static void Tell(MigrationResult result) => Console.WriteLine($"schema {result.SchemaVersion}, incarnation {result.Incarnation}");

    private static SqliteStoreOptions SqliteOptions(ServerSettings settings) =>
        new() { Folder = settings.FolderPath, ClockMode = settings.ClockMode, ManualStart = settings.ClockStartInstant };

    private static PostgresStoreOptions PostgresOptions(ServerSettings settings) => new()
    {
        ConnectionString = settings.Postgres,
        KeyFolder = settings.KeyFolder,
        ClockMode = settings.ClockMode,
        ManualStart = settings.ClockStartInstant,
#if FAULTS
        TimeProvider = Faults.Clock,
#endif
    };

    private static async Task<T> WithinAsync<T>(TimeSpan max, Func<CancellationToken, Task<T>> open)
    {
        using var patience = new CancellationTokenSource(max);
        try
        {
            return await open(patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new StoreRefusedException($"The database did not answer within {max.TotalSeconds:0} s; see whether it runs and is reached from here.");
        }
    }

    private static void CreateFolder(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreRefusedException($"The folder {folder} cannot be used: {exception.Message}", exception);
        }
    }
}
