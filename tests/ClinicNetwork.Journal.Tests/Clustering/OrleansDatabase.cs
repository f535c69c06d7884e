using ClinicNetwork.Journal.Postgres;
using ClinicNetwork.Journal.Tests.Postgres;
using Npgsql;

namespace ClinicNetwork.Journal.Tests.Clustering;

/// <summary>A migrated store's database, whose part is Orleans'.</summary>
public sealed class OrleansDatabase : IAsyncLifetime
{
    public const string Name = "Orleans on PostgreSQL";

    private PostgresStoreOptions? _store;

    public string ConnectionString => _store!.ConnectionString;

    public async Task InitializeAsync() => _store = await PostgresInstance.NewStoreAsync();

    public async Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await PostgresInstance.DropAsync(_store!);
    }
}

[CollectionDefinition(OrleansDatabase.Name)]
public sealed class OrleansDatabaseTests : ICollectionFixture<OrleansDatabase>;
