using ClinicNetwork.Journal.Postgres;
using ClinicNetwork.Journal.Tests.Clustering;
using Npgsql;
using Orleans.Configuration;

namespace ClinicNetwork.Journal.Tests.Snapshots;

/// <summary>0002_orleans.sql under the real provider, in two silos.</summary>
[Collection(OrleansDatabase.Name)]
public sealed class PostgresSnapshotTests(PostgresSnapshotSilos silos) : SnapshotStorageContract(silos), IClassFixture<PostgresSnapshotSilos>
{
    [Fact]
    public async Task Snapshots_alone_do_not_wait_for_the_disk()
    {
        Assert.Equal("off", await SettingAsync(PostgresOrleans.Snapshots));
        Assert.Equal("on", await SettingAsync(PostgresOrleans.Clustering));
    }

    private async Task<object?> SettingAsync(string purpose)
    {
        await using var source = PostgresOrleans.Source(silos.Database.ConnectionString, purpose);
        await using var command = source.CreateCommand("SELECT current_setting('synchronous_commit')");
        return await command.ExecuteScalarAsync();
    }
}

public sealed class PostgresSnapshotSilos(OrleansDatabase database) : SnapshotSilos
{
    private NpgsqlDataSource? _source;

    public OrleansDatabase Database => database;

    protected override short Silos => 2;

    protected override Task PrepareAsync()
    {
        _source = PostgresOrleans.Source(database.ConnectionString, PostgresOrleans.Snapshots);
        return Task.CompletedTask;
    }

    protected override void Configure(AdoNetGrainStorageOptions options) =>
        (options.Invariant, options.DataSource) = (PostgresOrleans.Invariant, _source);

    protected override async Task RemoveAsync() => await _source!.DisposeAsync();
}
