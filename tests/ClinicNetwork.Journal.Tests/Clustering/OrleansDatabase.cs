using ClinicNetwork.Cli.Cluster;
using ClinicNetwork.Journal.Postgres;
using Npgsql;

namespace ClinicNetwork.Journal.Tests.Clustering;

/// <summary>A database of a PostgreSQL of its own that holds migration 0002 alone: nothing of it rests on the journal's tables.</summary>
public sealed class OrleansDatabase : IAsyncLifetime
{
    public const string Name = "Orleans on PostgreSQL";

    private readonly string _folder = Directory.CreateTempSubdirectory("clinicnetwork-orleans-").FullName;
    private PrivatePostgres? _postgres;

    public string ConnectionString => _postgres!.ConnectionString();

    public async Task InitializeAsync()
    {
        _postgres = await PrivatePostgres.CreateAsync(_folder, CancellationToken.None);
        using var script = new StreamReader(typeof(PostgresOrleans).Assembly.GetManifestResourceStream("PostgresMigrations/0002_orleans.sql")!);
        await ExecuteAsync(await script.ReadToEndAsync());
    }

    public async Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _postgres!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal async Task<int> ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }
}

[CollectionDefinition(OrleansDatabase.Name)]
public sealed class OrleansDatabaseTests : ICollectionFixture<OrleansDatabase>;
