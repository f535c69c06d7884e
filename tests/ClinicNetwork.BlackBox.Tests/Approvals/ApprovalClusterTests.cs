using System.Globalization;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Cluster;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Admin.V1;
using Grpc.Core;
using Npgsql;

namespace ClinicNetwork.BlackBox.Tests.Approvals;

/// <summary>Several silos on PostgreSQL, and the one goes that is carrying out what two persons want.</summary>
public sealed class ApprovalClusterTests
{
    private const string Patient = "patients/erased-1";
    private const string Erasure = "approvals/erase-1";

    /// <summary>
    /// The erasure waits for a lock when its silo is killed, and gets it afterwards: what the database was told is done or not, and nobody is left who knows. The others
    /// do it, or find it done.
    /// </summary>
    [Fact]
    public async Task A_silo_killed_in_the_middle_of_an_erasure_leaves_it_to_the_others_and_it_is_done_once()
    {
        await using var cluster = await ClusterUnderTest.MigratedAsync();
        var processes = await cluster.StartAsync("all", "all", "all");
        using var channel = ClusterUnderTest.Open(processes);
        var network = new Network(channel);
        await network.RegisterAsync(Network.Harbour);
        await network.TreatAsync(Patient);
        using var certificates = new TestCertificates(cluster.Keys);
        using (var others = processes[0].Open(certificates.Good("role:network-admin")))
        {
            await new Network(others).Approvals.ProposeErasureAsync(Valid.Erasure(Erasure, Patient));
        }

        var read = (await network.Approvals.GetApprovalAsync(new() { Name = Erasure })).Approval;
        using var client = ClinicNetworkClient.Connect([.. processes.Select(process => process.Address)], new() { Identity = processes[0].Identity });
        await using var database = await OpenAsync(cluster);
        await using var held = await database.BeginTransactionAsync();
        await ExecuteAsync(database, "LOCK TABLE key_gone IN EXCLUSIVE MODE");
        var approving = client.Approvals.ApproveAsync(Valid.Approval(read)).ResponseAsync;
        var doing = await DoingAsync(cluster, processes);
        await doing.KillAsync();
        await held.RollbackAsync();
        await approving.Within();

        using var survivors = ClusterUnderTest.Open([.. processes.Where(process => process != doing)]);
        network = new(survivors);
        await Bounded.UntilAsync($"{Erasure} is executed", () => IsExecutedAsync(network));
        await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_ERASED", async () => await network.Patients.GetPatientAsync(new() { Name = Patient }));
        Assert.Equal(
            ["ap-erase-1 Approve admin", "ap-erase-1 CloseApproval due-loop", "ap-erase-1 ProposeErasure tester", "pt-erased-1 ErasePatient approval:erase-1"],
            await TextsAsync(database, "SELECT stream || ' ' || command || ' ' || actor FROM journal WHERE stream LIKE 'ap-%' OR command = 'ErasePatient'"));
        Assert.Equal(["pt-erased-1 ERASED"], await TextsAsync(database, "SELECT name || ' ' || kind FROM key_gone"));
        Assert.Equal(["0"], await TextsAsync(database, "SELECT count(*)::text FROM key_wrap WHERE stream = 'pt-erased-1'"));
    }

    /// <summary>What is due runs when the clock is moved; while the silo is not known to be gone its grains refuse.</summary>
    private static async Task<bool> IsExecutedAsync(Network network)
    {
        try
        {
            await network.AdvanceAsync((await network.Admin.GetStatusAsync(new())).StoreTime.ToDateTimeOffset().AddSeconds(1));
            return (await network.Approvals.GetApprovalAsync(new() { Name = Erasure })).Approval.Status == ApprovalStatus.Executed;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }

    /// <summary>The process whose write waits for the lock.</summary>
    private static async Task<ServerProcess> DoingAsync(ClusterUnderTest cluster, IReadOnlyList<ServerProcess> processes)
    {
        ServerProcess? found = null;
        await using var database = await OpenAsync(cluster);
        await Bounded.UntilAsync("the erasure waits", async () =>
        {
            var ports = await TextsAsync(database, "SELECT client_port::text FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name LIKE '%-write'");
            found = ports.Count > 0 ? processes.SingleOrDefault(process => process.HasConnectionFrom(int.Parse(ports[0], CultureInfo.InvariantCulture))) : null;
            return found is not null;
        });
        return found!;
    }

    private static async Task<NpgsqlConnection> OpenAsync(ClusterUnderTest cluster)
    {
        var connection = new NpgsqlConnection(cluster.Postgres.ConnectionString() + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<string>> TextsAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await rows.ReadAsync())
        {
            texts.Add(rows.GetString(0));
        }

        texts.Sort(StringComparer.Ordinal);
        return texts;
    }
}
