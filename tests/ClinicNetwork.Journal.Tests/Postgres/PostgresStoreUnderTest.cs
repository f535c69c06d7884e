using ClinicNetwork.Journal.Audit;
using ClinicNetwork.Journal.Postgres;
using ClinicNetwork.Journal.Tests.Contract;

namespace ClinicNetwork.Journal.Tests.Postgres;

/// <summary>A store on a database that goes with it.</summary>
internal sealed class PostgresStoreUnderTest(PostgresStoreOptions options, PostgresStore store, bool isReusable = false) : IStoreUnderTest
{
    public PostgresStore Store { get; private set; } = store;

    public PostgresStoreOptions Options => options;

    public IJournal Journal => Store.Journal;

    public IProjections Projections => new PatientProjections(Store.Projections);

    public IDoubles Doubles => Store.Doubles;

    public IExchangeStore Exchange => Store.Exchange;

    public ISubmissionStore Submissions => Store.Submissions;

    public IAuditLog Audit => Store.Audit;

    public IUsedAssertions UsedAssertions => Store.UsedAssertions;

    public IStoreClock Clock => Store.Clock;

    public IKeyring Keys => Store.Keys;

    public string KeyFolder => options.KeyFolder;

    /// <param name="isReusable">The test only writes by the store; its database is then emptied and used again.</param>
    public static async Task<PostgresStoreUnderTest> CreateAsync(Func<PostgresStoreOptions, PostgresStoreOptions>? configure = null, bool isReusable = false)
    {
        var options = await PostgresInstance.NewStoreAsync();
        options = configure?.Invoke(options) ?? options;
        return new PostgresStoreUnderTest(options, await PostgresStore.OpenAsync(options, CancellationToken.None), isReusable);
    }

    /// <summary>A store by the database's clock.</summary>
    public static async Task<PostgresStoreUnderTest> CreateBySystemClockAsync(Func<PostgresStoreOptions, PostgresStoreOptions>? configure = null)
    {
        var options = await PostgresInstance.NewEmptyAsync() with { ClockMode = ClockMode.System };
        options = configure?.Invoke(options) ?? options;
        await PostgresStore.MigrateAsync(options, CancellationToken.None);
        return new PostgresStoreUnderTest(options, await PostgresStore.OpenAsync(options, CancellationToken.None));
    }

    public async Task RestartAsync()
    {
        await Store.DisposeAsync();
        Store = await PostgresStore.OpenAsync(options, CancellationToken.None);
    }

    /// <summary>Statements of somebody else on the store's database.</summary>
    public Task SqlAsync(string sql) => PostgresInstance.SqlAsync(options.ConnectionString, sql);

    public async Task<IReadOnlyList<object?[]>> QueryAsync(string sql)
    {
        await using var source = PostgresInstance.Source(options.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object?[]>();
        while (await reader.ReadAsync())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        }

        return rows;
    }

    /// <summary>While the store is open.</summary>
    public Task RotateKeysAsync() => PostgresStore.RotateKeysAsync(options with { KeyPageMax = 3 }, _ => { }, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await (isReusable ? PostgresInstance.EmptyAsync(options) : PostgresInstance.DropAsync(options));
    }
}

internal sealed class PostgresStoreFactory : IStoreFactory
{
    public async Task<IStoreUnderTest> CreateAsync() => await PostgresStoreUnderTest.CreateAsync(isReusable: true);
}
