using ClinicNetwork.Journal.Audit;
using ClinicNetwork.Journal.Sqlite;
using ClinicNetwork.Journal.Tests.Contract;
using Microsoft.Data.Sqlite;

namespace ClinicNetwork.Journal.Tests.Sqlite;

/// <summary>A SQLite store in a folder that goes with it.</summary>
internal sealed class SqliteStoreUnderTest(SqliteStoreOptions options, SqliteStore store) : IStoreUnderTest
{
    public SqliteStore Store { get; private set; } = store;

    public string Folder => options.Folder;

    public IJournal Journal => Store.Journal;

    public IProjections Projections => Store.Projections;

    public IDoubles Doubles => Store.Doubles;

    public IExchangeStore Exchange => Store.Exchange;

    public ISubmissionStore Submissions => Store.Submissions;

    public IAuditLog Audit => Store.Audit;

    public IUsedAssertions UsedAssertions => Store.UsedAssertions;

    public IStoreClock Clock => Store.Clock;

    public IKeyring Keys => Store.Keys;

    public string KeyFolder => Folder;

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

    public Task SqlAsync(string sql)
    {
        using var session = SqliteSession.Open(StoreFolder.JournalFileIn(Folder), SqliteOpenMode.ReadWrite);
        session.RunScript(sql);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<object?[]>> QueryAsync(string sql)
    {
        using var session = SqliteSession.Open(StoreFolder.JournalFileIn(Folder), SqliteOpenMode.ReadOnly);
        return Task.FromResult<IReadOnlyList<object?[]>>(session.List<object?[]>(
            sql, row => [.. Enumerable.Range(0, row.FieldCount).Select(i => row.IsDBNull(i) ? null : row.GetValue(i))]));
    }

    /// <summary>Only while no server has the store.</summary>
    public async Task RotateKeysAsync()
    {
        await Store.DisposeAsync();
        await SqliteStore.RotateKeysAsync(options with { KeyPageMax = 3 }, _ => { }, CancellationToken.None);
        Store = await SqliteStore.OpenAsync(options, CancellationToken.None);
    }

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
