using ClinicNetwork.Journal.Audit;

namespace ClinicNetwork.Journal.Tests.Contract;

/// <summary>A store of any kind; the contract tests know no more of it.</summary>
public interface IStoreUnderTest : IAsyncDisposable
{
    IJournal Journal { get; }

    IProjections Projections { get; }

    IReleaseStore Releases { get; }

    IAuditLog Audit { get; }

    IStoreClock Clock { get; }

    /// <summary>Closes the store and opens it again, as a restart of the server does.</summary>
    Task RestartAsync();
}

/// <summary>Makes empty stores with a manual clock.</summary>
public interface IStoreFactory
{
    Task<IStoreUnderTest> CreateAsync();
}
