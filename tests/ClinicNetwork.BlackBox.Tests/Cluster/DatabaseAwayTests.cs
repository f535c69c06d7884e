using System.Diagnostics;
using System.Net;
using System.Text;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using Google.Rpc;
using Grpc.Core;
using Xunit.Abstractions;

namespace ClinicNetwork.BlackBox.Tests.Cluster;

/// <summary>PostgreSQL goes and comes back under a server that stays.</summary>
public sealed class DatabaseAwayTests(ITestOutputHelper output)
{
    /// <summary>From the return of the database to the first success.</summary>
    private static readonly TimeSpan BackMax = TimeSpan.FromSeconds(5);

    /// <summary>ServingStatus of grpc.health.</summary>
    internal const byte Serving = 1;

    internal const byte NotServing = 2;

    [Fact]
    public async Task Cached_reads_go_on_and_say_so_all_else_is_unavailable_and_it_comes_back_by_itself()
    {
        await using var cluster = await ClusterUnderTest.MigratedAsync();
        var health = ClusterUnderTest.FreePort();
        var server = (await cluster.StartWithHealthAsync(health))[0];
        using var channel = server.Open();
        var network = new Network(channel);
        var patient = (await ClusterUnderTest.PrepareAsync(network, 1))[0];
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{health}"), Timeout = Bounded.Wait };
        await AssertHealthAsync(http);
        Assert.Equal((Serving, Serving), (await ProbeAsync(channel, ""), await ProbeAsync(channel, "store")));

        await cluster.Postgres.StopImmediatelyAsync();
        var cached = await network.Patients.GetPatientAsync(new() { Name = patient });
        Assert.Equal((3, false), (cached.Revision.Version, cached.Revision.Confirmed));
        await AssertUnavailableAsync(async () => await network.Patients.GetPatientAsync(new() { Name = patient, Read = new() { Confirmed = true } }));
        var request = Valid.Assessment(patient, "a-away", total: 9);
        await AssertUnavailableAsync(async () => await network.Patients.RecordAssessmentAsync(request));
        await AssertHealthAsync(http);
        Assert.Equal((Serving, NotServing), (await ProbeAsync(channel, ""), await ProbeAsync(channel, "store")));

        await cluster.Postgres.StartAsync(CancellationToken.None);
        var back = Stopwatch.GetTimestamp();
        await Bounded.UntilAsync("the write succeeds", async () =>
        {
            try
            {
                return (await network.Patients.RecordAssessmentAsync(request)).Receipt.Version == 4;
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable)
            {
                return false;
            }
        });
        output.WriteLine($"first success {Stopwatch.GetElapsedTime(back).TotalSeconds:0.0} s after the database's return");
        Assert.InRange(Stopwatch.GetElapsedTime(back), TimeSpan.Zero, BackMax);
        Assert.Equal(4, (await network.HistoryAsync(patient)).Count);
        Assert.Equal((Serving, Serving), (await ProbeAsync(channel, ""), await ProbeAsync(channel, "store")));
        await server.StopAsync();
    }

    /// <summary>
    /// Answered from memory, kept on this machine's disk, and the process killed: each read and refusal is in the audit exactly once; and so is what the authority did meanwhile.
    /// </summary>
    [Fact]
    public async Task What_was_answered_while_it_was_away_is_in_the_audit_after_a_kill()
    {
        const int Reads = 40;
        await using var cluster = await ClusterUnderTest.MigratedAsync();
        var server = (await cluster.StartAsync("all"))[0];
        using (var channel = server.Open())
        {
            var network = new Network(channel);
            var patient = (await ClusterUnderTest.PrepareAsync(network, 1))[0];
            await cluster.Postgres.StopImmediatelyAsync();
            for (var i = 0; i < Reads; i++)
            {
                await network.Patients.GetPatientAsync(new() { Name = patient });
            }

            var (code, _, error) = await Clinicnet.RunAsync(server.Folder, "clients", "register", "--id", "pacs-1", "--roles", "nurse", "--jwks-url", "https://keys.example/1", "--keys", cluster.Keys);
            Assert.Equal((0, ""), (code, error));

            // Answered when it is on the disk, and those before it are with it.
            using var certificates = new TestCertificates(cluster.Keys);
            using var registry = server.Open(certificates.Good("role:registry"));
            await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "ROLE_NOT_ALLOWED", async () => await new Network(registry).Patients.GetPatientAsync(new() { Name = patient }));
            await server.KillAsync();
        }

        await cluster.Postgres.StartAsync(CancellationToken.None);
        await server.StartAgainAsync();
        using var again = server.Open();
        var audit = new Network(again).Audit;
        List<Protocol.Audit.V1.AuditEntry> found = [];
        await Bounded.UntilAsync("all are in the audit", async () =>
        {
            found = [.. (await audit.ListAccessesAsync(new() { Parent = "patients/c-0", PageSize = 500 })).Entries.Select(e => e.Entry).Where(e => e.Action == "care.v1.PatientService/GetPatient")];
            return found.Sum(e => e.Count) > Reads;
        });
        await Bounded.UntilAsync("the machine is in the audit", async () => (await audit.ListAccessesAsync(new() { Parent = "clients/pacs-1" })).Entries.Count > 0);
        Assert.Equal("clients/register nurse https://keys.example/1", Assert.Single((await audit.ListAccessesAsync(new() { Parent = "clients/pacs-1" })).Entries).Entry.Action);
        Assert.Equal((Reads, 1), (found.Where(e => e.Outcome == "OK").Sum(e => e.Count), found.Where(e => e.Outcome == "PermissionDenied ROLE_NOT_ALLOWED").Sum(e => e.Count)));
    }

    /// <summary>grpc.health: HealthCheckRequest.service is field 1, HealthCheckResponse.status field 1.</summary>
    internal static async Task<byte> ProbeAsync(ChannelBase channel, string service)
    {
        var answer = await RawCalls.UnaryAsync(channel, "grpc.health.v1.Health", "Check", [0x0a, (byte)service.Length, .. Encoding.ASCII.GetBytes(service)]);
        Assert.Equal((2, 0x08), (answer.Length, answer[0]));
        return answer[1];
    }

    /// <summary>A database that is away does not take the process out of service: its cached reads go on.</summary>
    private static async Task AssertHealthAsync(HttpClient http)
    {
        Assert.Equal((HttpStatusCode.OK, "ready\n"), await AskAsync("/healthz/ready"));
        Assert.Equal((HttpStatusCode.OK, "ready\n"), await AskAsync("/healthz/started"));
        Assert.Equal((HttpStatusCode.OK, "live\n"), await AskAsync("/healthz/live"));
        Assert.Equal((HttpStatusCode.NotFound, ""), await AskAsync("/clinicnetwork.admin.v1.NetworkService/GetStatus"));

        async Task<(HttpStatusCode Code, string Text)> AskAsync(string path)
        {
            using var answer = await http.GetAsync(path);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    private static async Task AssertUnavailableAsync(Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.NotNull(refused.GetRpcStatus()?.GetDetail<RetryInfo>());
    }
}
