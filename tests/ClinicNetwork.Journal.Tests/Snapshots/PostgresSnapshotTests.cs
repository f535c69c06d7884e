using ClinicNetwork.Journal.Postgres;
using ClinicNetwork.Journal.Tests.Clustering;
using ClinicNetwork.Journal.Tests.Postgres;
using Npgsql;
using Orleans.Configuration;
using Orleans.Storage;

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

    [Fact]
    public async Task A_first_snapshot_that_meets_the_destruction_of_its_streams_key_is_not_stored()
    {
        await PostgresInstance.SqlAsync(
            silos.Database.ConnectionString,
            "INSERT INTO data_key (stream, key_id, wrapped, gone) SELECT 'pt-' || name, decode(md5(name), 'hex'), '', name = 'gone' FROM unnest(ARRAY['living', 'gone', 'going']) AS n(name)");
        await silos.WriteAsync(Grain("pt-living"), First());
        await Assert.ThrowsAsync<InconsistentStateException>(() => silos.WriteAsync(Grain("pt-gone"), First()));

        await using var destruction = await OpenTransaction.BeginAsync(silos.Database.ConnectionString, "UPDATE data_key SET gone = true WHERE stream = 'pt-going'");
        var write = silos.WriteAsync(Grain("pt-going"), First());
        await Until.TrueAsync("the write waits", () => PostgresInstance.ScalarAsync<bool>(
            silos.Database.ConnectionString,
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name LIKE '%-snapshots'"));
        await destruction.CommitAsync();
        await Assert.ThrowsAsync<InconsistentStateException>(() => write);
        Assert.True((await silos.ReadAsync(Grain("pt-living"))).RecordExists);
        Assert.False((await silos.ReadAsync(Grain("pt-gone"))).RecordExists);
        Assert.False((await silos.ReadAsync(Grain("pt-going"))).RecordExists);

        static GrainState<SnapshotState> First() => new(new SnapshotState { Bytes = [1] });
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
