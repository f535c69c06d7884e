using ClinicNetwork.Journal.Sqlite;
using ClinicNetwork.Journal.Tests.Sqlite;
using Orleans.Configuration;
using Orleans.Storage;

namespace ClinicNetwork.Journal.Tests.Snapshots;

/// <summary>SnapshotSchema.sql, and what only a file can suffer.</summary>
public sealed class SqliteSnapshotTests(SqliteSnapshotSilo silo) : SnapshotStorageContract(silo), IClassFixture<SqliteSnapshotSilo>
{
    [Fact]
    public async Task A_file_lost_while_the_silo_runs_is_made_anew()
    {
        var grain = Grain("pt-file-lost");
        await grain.WriteAsync([1]);
        foreach (var file in Directory.GetFiles(silo.Folder))
        {
            File.Delete(file);
        }

        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.WriteAsync([2]));
        Assert.Empty(await grain.ReadAsync());
        Assert.Equal("1", await grain.WriteAsync([3]));
        Assert.Equal([3], (await silo.ReadAsync(grain)).State!.Bytes);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task The_file_may_be_lost_or_damaged_and_is_made_anew(bool remove, bool withStaleLog)
    {
        var folder = SqliteStoreUnderTest.NewFolder();
        var file = Path.Combine(folder, "snapshots.db");
        var connection = SnapshotDatabase.Prepare(folder);
        Assert.Equal(1L, await SnapshotTable.WriteAsync(connection, "pt-a", [1], null));
        if (withStaleLog)
        {
            File.Copy(file + "-wal", file + "-kept");
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (remove)
        {
            File.Delete(file);
        }
        else
        {
            await File.WriteAllTextAsync(file, new string('?', 9_000));
        }

        if (withStaleLog)
        {
            File.Move(file + "-kept", file + "-wal");
        }

        Assert.Equal(connection, SnapshotDatabase.Prepare(folder));
        Assert.Equal(1L, await SnapshotTable.WriteAsync(connection, "pt-a", [2], null));
        Assert.Equal(connection, SnapshotDatabase.Prepare(folder));
        Assert.Equal(2L, await SnapshotTable.WriteAsync(connection, "pt-a", [3], 1));
        Assert.Equal(1L, await SnapshotTable.WriteAsync(connection, "pt-a", [4], 1));
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}

public sealed class SqliteSnapshotSilo : SnapshotSilos
{
    private SnapshotDataSource? _source;

    public string Folder { get; } = SqliteStoreUnderTest.NewFolder();

    protected override short Silos => 1;

    protected override Task PrepareAsync()
    {
        _source = new SnapshotDataSource(Folder);
        return Task.CompletedTask;
    }

    protected override void Configure(AdoNetGrainStorageOptions options) =>
        (options.Invariant, options.DataSource) = (SnapshotDatabase.Invariant, _source);

    protected override async Task RemoveAsync()
    {
        await _source!.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }
}
