using ClinicNetwork.Journal.Audit;

namespace ClinicNetwork.Journal.Tests.Contract;

/// <summary>A store of any kind; the contract tests know no more of it.</summary>
public interface IStoreUnderTest : IAsyncDisposable
{
    IJournal Journal { get; }

    IProjections Projections { get; }

    IDoubles Doubles { get; }

    IExchangeStore Exchange { get; }

    ISubmissionStore Submissions { get; }

    IAuditLog Audit { get; }

    IUsedAssertions UsedAssertions { get; }

    IStoreClock Clock { get; }

    IKeyring Keys { get; }

    string KeyFolder { get; }

    /// <summary>Statements of somebody else on the store's database.</summary>
    Task SqlAsync(string sql);

    /// <summary>Rows of somebody else's query: texts, numbers and bytes.</summary>
    Task<IReadOnlyList<object?[]>> QueryAsync(string sql);

    /// <summary>New keys for all, as an operator has them made.</summary>
    Task RotateKeysAsync();

    /// <summary>Closes the store and opens it again, as a restart of the server does.</summary>
    Task RestartAsync();
}

/// <summary>Makes empty stores with a manual clock.</summary>
public interface IStoreFactory
{
    Task<IStoreUnderTest> CreateAsync();
}
