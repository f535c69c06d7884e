using System.Globalization;
using System.Net;
using ClinicNetwork.Journal.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;
using Orleans.Messaging;

namespace ClinicNetwork.Journal.Tests.Clustering;

/// <summary>0002_orleans.sql under the real clustering provider: a cluster of its own for each test.</summary>
[Collection(OrleansDatabase.Name)]
public sealed class MembershipTests(OrleansDatabase database) : IAsyncLifetime
{
    /// <summary>timestamptz keeps microseconds, .NET tenths of them.</summary>
    private static readonly DateTime Now = new(2026, 11, 25, 12, 0, 0, DateTimeKind.Utc);

    private readonly string _cluster = "c-" + Guid.NewGuid().ToString("N");
    private NpgsqlDataSource _source = null!;
    private IHost _silo = null!;
    private IHost _client = null!;

    private IMembershipTable Table => _silo.Services.GetRequiredService<IMembershipTable>();

    public async Task InitializeAsync()
    {
        _source = PostgresOrleans.Source(database.ConnectionString, PostgresOrleans.Clustering);
        _silo = Build(_cluster, (host, clustering) => host.UseOrleans(clustering));
        var client = Host.CreateApplicationBuilder();
        client.Logging.ClearProviders();
        client.UseOrleansClient(clustering => clustering
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (_cluster, "test"))
            .UseAdoNetClustering(o => (o.Invariant, o.DataSource) = (PostgresOrleans.Invariant, _source)));
        _client = client.Build();
        await Table.InitializeMembershipTableAsync(true, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        _silo.Dispose();
        _client.Dispose();
        await _source.DisposeAsync();
    }

    [Fact]
    public async Task An_empty_cluster_has_a_version_and_is_made_once()
    {
        await Table.InitializeMembershipTableAsync(true, CancellationToken.None);
        var all = await Table.ReadAllAsync(CancellationToken.None);
        Assert.Empty(all.Members);
        Assert.Equal(0, all.Version.Version);
        Assert.Equal(0, (await Table.ReadRowAsync(Silo(1), CancellationToken.None)).Version.Version);
    }

    [Fact]
    public async Task A_silo_that_joins_is_read_as_it_was_written()
    {
        var joined = Entry(1, SiloStatus.Joining);
        Assert.True(await InsertAsync(joined, 0));

        var read = Assert.Single((await Table.ReadAllAsync(CancellationToken.None)).Members).Item1;
        Assert.Equal(1, (await Table.ReadAllAsync(CancellationToken.None)).Version.Version);
        Assert.Equal(
            (joined.SiloAddress, joined.SiloName, joined.HostName, joined.Status, joined.ProxyPort, joined.StartTime, joined.IAmAliveTime),
            (read.SiloAddress, read.SiloName, read.HostName, read.Status, read.ProxyPort, read.StartTime, read.IAmAliveTime));
        Assert.Equal(joined.SiloAddress, Assert.Single((await Table.ReadRowAsync(Silo(1), CancellationToken.None)).Members).Item1.SiloAddress);
        Assert.Empty((await Table.ReadRowAsync(Silo(2), CancellationToken.None)).Members);
    }

    [Fact]
    public async Task A_second_row_of_a_silo_and_a_row_on_an_older_version_change_nothing()
    {
        Assert.True(await InsertAsync(Entry(1, SiloStatus.Active), 0));
        Assert.False(await InsertAsync(Entry(1, SiloStatus.Active), 1));
        Assert.False(await InsertAsync(Entry(2, SiloStatus.Active), 0));
        var all = await Table.ReadAllAsync(CancellationToken.None);
        Assert.Single(all.Members);
        Assert.Equal(1, all.Version.Version);
    }

    [Fact]
    public async Task Suspicions_are_kept_and_an_update_on_an_older_version_changes_nothing()
    {
        await InsertAsync(Entry(1, SiloStatus.Active), 0);
        await InsertAsync(Entry(2, SiloStatus.Active), 1);
        var suspected = Entry(2, SiloStatus.Active);
        suspected.SuspectTimes = [Tuple.Create(Silo(1), Now.AddSeconds(1))];
        Assert.True(await UpdateAsync(suspected, 2));
        var read = Assert.Single((await Table.ReadRowAsync(Silo(2), CancellationToken.None)).Members).Item1;
        Assert.Equal(suspected.SuspectTimes, read.SuspectTimes);

        suspected.Status = SiloStatus.Dead;
        Assert.False(await UpdateAsync(suspected, 2));
        Assert.Equal(SiloStatus.Active, Assert.Single((await Table.ReadRowAsync(Silo(2), CancellationToken.None)).Members).Item1.Status);
        Assert.True(await UpdateAsync(suspected, 3));
        Assert.Equal(SiloStatus.Dead, Assert.Single((await Table.ReadRowAsync(Silo(2), CancellationToken.None)).Members).Item1.Status);
        Assert.False(await UpdateAsync(Entry(9, SiloStatus.Dead), 4));
        Assert.Equal(4, (await Table.ReadAllAsync(CancellationToken.None)).Version.Version);
    }

    [Fact]
    public async Task Of_many_changes_on_one_version_exactly_one_is_made()
    {
        for (var round = 0; round < 20; round++)
        {
            var won = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => InsertAsync(Entry((round * 10) + i, SiloStatus.Joining), round))));
            Assert.Single(won, w => w);
        }

        Assert.Equal(20, (await Table.ReadAllAsync(CancellationToken.None)).Members.Count);
    }

    [Fact]
    public async Task A_heartbeat_leaves_the_version_and_all_else_as_it_is()
    {
        await InsertAsync(Entry(1, SiloStatus.Active), 0);
        var beat = Entry(1, SiloStatus.Dead);
        beat.IAmAliveTime = Now.AddMinutes(1);
        await Table.UpdateIAmAliveAsync(beat, CancellationToken.None);
        var all = await Table.ReadAllAsync(CancellationToken.None);
        Assert.Equal(1, all.Version.Version);
        Assert.Equal((SiloStatus.Active, Now.AddMinutes(1)), (all.Members[0].Item1.Status, all.Members[0].Item1.IAmAliveTime));
    }

    [Fact]
    public async Task Clean_up_removes_what_is_old_and_not_active()
    {
        SiloStatus[] statuses = [SiloStatus.Dead, SiloStatus.Joining, SiloStatus.ShuttingDown, SiloStatus.Active, SiloStatus.Dead];
        foreach (var (status, i) in statuses.Select((status, i) => (status, i)))
        {
            var entry = Entry(i, status);
            entry.IAmAliveTime = i == 4 ? Now : Now.AddHours(-2);
            Assert.True(await InsertAsync(entry, i));
        }

        await Table.CleanupDefunctSiloEntriesAsync(Now.AddHours(-1), CancellationToken.None);
        var left = (await Table.ReadAllAsync(CancellationToken.None)).Members.Select(m => m.Item1.SiloAddress).ToHashSet();
        Assert.Equal([Silo(3), Silo(4)], left);
    }

    [Fact]
    public async Task Gateways_are_the_active_silos_with_a_port_of_this_cluster()
    {
        await InsertAsync(Entry(1, SiloStatus.Active), 0);
        await InsertAsync(Entry(2, SiloStatus.Dead), 1);
        var closed = Entry(3, SiloStatus.Active);
        closed.ProxyPort = 0;
        await InsertAsync(closed, 2);
        using var other = Build(_cluster + "-b", (host, clustering) => host.UseOrleans(clustering));
        var otherTable = other.Services.GetRequiredService<IMembershipTable>();
        await otherTable.InitializeMembershipTableAsync(true, CancellationToken.None);
        Assert.True(await otherTable.InsertRowAsync(Entry(4, SiloStatus.Active), new TableVersion(1, "0"), CancellationToken.None));

        var list = _client.Services.GetRequiredService<IGatewayListProvider>();
        await list.InitializeGatewayListProvider();
        var gateway = Assert.Single(await list.GetGateways());
        Assert.Equal(30_001, gateway.Port);
    }

    [Fact]
    public async Task A_cluster_is_deleted_without_another()
    {
        using var other = Build(_cluster + "-b", (host, clustering) => host.UseOrleans(clustering));
        var otherTable = other.Services.GetRequiredService<IMembershipTable>();
        await otherTable.InitializeMembershipTableAsync(true, CancellationToken.None);
        Assert.True(await otherTable.InsertRowAsync(Entry(1, SiloStatus.Active), new TableVersion(1, "0"), CancellationToken.None));
        await InsertAsync(Entry(1, SiloStatus.Active), 0);
        await Table.DeleteMembershipTableEntriesAsync(_cluster, CancellationToken.None);
        Assert.Single((await otherTable.ReadAllAsync(CancellationToken.None)).Members);
        await Table.InitializeMembershipTableAsync(true, CancellationToken.None);
        Assert.Empty((await Table.ReadAllAsync(CancellationToken.None)).Members);
    }

    private IHost Build(string cluster, Action<HostApplicationBuilder, Action<ISiloBuilder>> use)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        use(builder, silo => silo
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster, "test"))
            .ConfigureEndpoints(IPAddress.Loopback, 11_111, 30_000)
            .UseAdoNetClustering(o => (o.Invariant, o.DataSource) = (PostgresOrleans.Invariant, _source)));
        return builder.Build();
    }

    private static SiloAddress Silo(int number) => SiloAddress.New(IPAddress.Loopback, 11_000 + number, 77);

    private static MembershipEntry Entry(int number, SiloStatus status) => new()
    {
        SiloAddress = Silo(number),
        SiloName = $"silo-{number}",
        HostName = "here",
        Status = status,
        ProxyPort = 30_000 + number,
        StartTime = Now.AddMinutes(-5),
        IAmAliveTime = Now,
    };

    private Task<bool> InsertAsync(MembershipEntry entry, int read) => Table.InsertRowAsync(entry, After(read), CancellationToken.None);

    /// <summary>A row read with a version has it as its etag.</summary>
    private Task<bool> UpdateAsync(MembershipEntry entry, int read) => Table.UpdateRowAsync(entry, After(read).VersionEtag, After(read), CancellationToken.None);

    /// <param name="read">The version that was read before.</param>
    private static TableVersion After(int read) => new(read + 1, read.ToString(CultureInfo.InvariantCulture));
}
