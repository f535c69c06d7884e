using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;
using Xunit.Abstractions;

namespace ClinicNetwork.BlackBox.Tests.Limits;

/// <summary>A caller that floods a gateway gets its connection closed; others are answered meanwhile.</summary>
public sealed class FloodTests(NetworkFixture fixture, ITestOutputHelper output) : IClassFixture<NetworkFixture>
{
    private const string GetPlan = "/clinicnetwork.care.v1.PatientService/GetPlan";

    /// <summary>How Kestrel ends a connection that resets calls faster than it can write them off, and one that opens more than it may.</summary>
    private const int InternalError = 2;

    private const int EnhanceYourCalm = 11;

    private const int Floods = 40;

    /// <summary>More than the flood may cost the server's memory, MiB; a call that was given up and kept costs about 10 KiB.</summary>
    private const int GrowthMax = 300;

    private readonly Network _network = fixture.Network;

    [Fact]
    public async Task Rapid_reset_ends_with_the_connection_closed_and_others_are_answered()
    {
        fixture.Server.Permitted = IsTold;
        var patient = await _network.TreatAsync("patients/flood-1");
        var before = MemoryMiB();
        using var certificates = new TestCertificates(fixture.Server);
        var shown = certificates.Good("role:clinician");
        using var patience = new CancellationTokenSource(2 * Bounded.Wait);
        var codes = new List<int?>();
        for (var i = 0; i < Floods; i++)
        {
            using var wire = await Http2Wire.ConnectAsync(fixture.Server, GetPlan, patience.Token, shown);
            var flood = wire.FloodAsync(patience.Token);
            await _network.PlanAsync(patient);
            codes.Add(await flood);
        }

        output.WriteLine($"closed with {string.Join(' ', codes.Select(code => code?.ToString(CultureInfo.InvariantCulture) ?? "nothing"))}; memory {before} to {MemoryMiB()} MiB");
        Assert.All(codes, code => Assert.True(code is null or InternalError or EnhanceYourCalm, $"GOAWAY {code}"));
        Assert.InRange(MemoryMiB() - before, int.MinValue, GrowthMax);
        await _network.Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-1"));
        Assert.Equal(4, (await _network.HistoryAsync(patient)).Count);
    }

    /// <summary>16 KiB and 50 entries are taken.</summary>
    [Theory]
    [InlineData(1, 20 * 1024)]
    [InlineData(20, 1024)]
    [InlineData(60, 1)]
    public async Task Too_much_metadata_fails_its_own_call_only(int entries, int bytes)
    {
        using var channel = fixture.Server.Open();
        var network = new Network(channel);
        var metadata = new Metadata();
        for (var i = 0; i < entries; i++)
        {
            metadata.Add($"x-filler-{i}", new string('x', bytes));
        }

        await Assert.ThrowsAsync<RpcException>(async () => await network.Admin.GetStatusAsync(new(), metadata, Bounded.Deadline));
        await network.CommandsAsync();
    }

    [Fact]
    public async Task A_connection_carries_a_hundred_calls_and_the_next_are_refused()
    {
        const int Each = 100;
        using var patience = new CancellationTokenSource(Bounded.Wait);
        using var wire = await Http2Wire.ConnectAsync(fixture.Server, GetPlan, patience.Token);
        Assert.Equal(0, await wire.BeginAsync(1, Each, patience.Token));
        Assert.Equal(Each / 2, await wire.BeginAsync(2 * Each + 1, Each / 2, patience.Token));
        await _network.CommandsAsync();
    }

    /// <summary>A path that routing takes and no row knows is refused like any other that the caller may not call.</summary>
    [Fact]
    public async Task Another_spelling_of_an_rpc_is_refused_as_not_allowed()
    {
        Assert.Equal(StatusCode.PermissionDenied, await WireCall.EndAsync(fixture.Server, "/clinicnetwork.care.v1.PatientService/GETPLAN", WireCall.Message(new GetPlanRequest()), timeout: null));
        await _network.CommandsAsync();
    }

    [Fact]
    public async Task A_client_has_its_share_of_connections_and_others_come_in()
    {
        // As decision 12 says.
        const int EachMax = 256;
        fixture.Server.Permitted = IsTold;
        using var certificates = new TestCertificates(fixture.Server);
        using var patience = new CancellationTokenSource(2 * Bounded.Wait);
        var held = new List<Http2Wire>();
        try
        {
            using var shown = certificates.Good("role:registry");
            for (var i = 0; i < EachMax; i++)
            {
                held.Add(await ConnectAsync(shown));
            }

            var open = held.Select(wire => wire.ReadToEndAsync(patience.Token)).ToList();
            for (var i = 0; i < 3; i++)
            {
                Assert.True(await IsClosedAsync(shown, patience.Token));
            }

            Assert.All(open, reading => Assert.False(reading.IsCompleted));
            await _network.CommandsAsync();
            held[0].Dispose();
            await Bounded.UntilAsync("a place that was given back is taken", async () =>
            {
                using var moment = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
                moment.CancelAfter(TimeSpan.FromMilliseconds(500));
                try
                {
                    return !await IsClosedAsync(shown, moment.Token);
                }
                catch (OperationCanceledException)
                {
                    return true;
                }
            });
        }
        finally
        {
            held.ForEach(wire => wire.Dispose());
        }

        async Task<bool> IsClosedAsync(X509Certificate2 shown, CancellationToken end)
        {
            try
            {
                using var more = await ConnectAsync(shown);
                await more.ReadToEndAsync(end);
            }
            catch (IOException)
            {
                // Closed before the first byte was written.
            }

            return true;
        }

        Task<Http2Wire> ConnectAsync(X509Certificate2 shown) => Http2Wire.ConnectAsync(fixture.Server, "/grpc.health.v1.Health/Check", patience.Token, shown);
    }

    /// <summary>The lines that tell an operator of it.</summary>
    private static bool IsTold(string line) =>
        LostConnectionTests.IsLost(line) || line.Contains("connections open here; further ones are closed", StringComparison.Ordinal);

    /// <summary>Resident, of the server.</summary>
    private long MemoryMiB() => fixture.Server.ResidentBytes / (1024 * 1024);
}
