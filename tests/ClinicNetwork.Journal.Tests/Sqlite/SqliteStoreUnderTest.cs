using ClinicNetwork.Journal.Audit;
using ClinicNetwork.Journal.Sqlite;
using ClinicNetwork.Journal.Tests.Contract;

namespace ClinicNetwork.Journal.Tests.Sqlite;

/// <summary>A SQLite store in a folder that goes with it.</summary>
internal sealed class SqliteStoreUnderTest(SqliteStoreOptions options, SqliteStore store) : IStoreUnderTest
{
    public SqliteStore Store { get; private set; } = store;

    public string Folder => options.Folder;

    public IJournal Journal => Store.Journal;

    public IProjections Projections => Store.Projections;

    public IReleaseStore Releases => Store.Releases;

    public IAuditLog Audit => Store.Audit;

    public IStoreClock Clock => Store.Clock;

    public static async Task<SqliteStoreUnderTest> CreateAsync(Func<SqliteStoreOptions, SqliteStoreOptions>? configure = null)
    {
        var options = Options(NewFolder());
        options = configure?.Invoke(options) ?? options;
        return new SqliteStoreUnderTest(options, await SqliteStore.OpenAsync(options, CancellationToken.None));
    }

    public static SqliteStoreOptions Options(string folder) =>
        new() { Folder = folder, ClockMode = ClockMode.Manual, TypeAssemblies = [typeof(Noted).Assembly] };

    /// <summary>In memory where there is such a place: these tests are about logic, a commit need not cost a disk's time.</summary>
    public static string NewFolder() =>
        Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), "clinicnetwork-journal-tests", Path.GetRandomFileName());

    public async Task RestartAsync() => await RestartAsync(() => { });

    /// <summary>Does something to the files while the store is closed.</summary>
    public async Task RestartAsync(Action whileClosed)
    {
        await Store.DisposeAsync();
        whileClosed();
        Store = await SqliteStore.OpenAsync(options, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}

internal sealed class SqliteStoreFactory : IStoreFactory
{
    public async Task<IStoreUnderTest> CreateAsync() => await SqliteStoreUnderTest.CreateAsync();
}
