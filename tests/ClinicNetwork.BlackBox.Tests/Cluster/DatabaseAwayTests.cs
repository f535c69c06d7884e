using System.Diagnostics;
using System.Net;
using System.Text;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
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
    private const byte Serving = 1;

    private const byte NotServing = 2;

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

    /// <summary>grpc.health: HealthCheckRequest.service is field 1, HealthCheckResponse.status field 1.</summary>
    private static async Task<byte> ProbeAsync(ChannelBase channel, string service)
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
