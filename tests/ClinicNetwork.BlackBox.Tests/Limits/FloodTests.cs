using System.Globalization;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using Grpc.Core;
using Xunit.Abstractions;

namespace ClinicNetwork.BlackBox.Tests.Limits;

/// <summary>A caller that floods a gateway gets its connection closed; others are answered meanwhile.</summary>
public sealed class FloodTests(NetworkFixture fixture, ITestOutputHelper output) : IClassFixture<NetworkFixture>
{
    private const int EnhanceYourCalm = 11;

    private const int StreamsMax = 200_000;

    private const int StreamsAtOnce = 1_000;

    /// <summary>More than the flood may cost the server's memory, MiB; a call that was given up and kept costs about 10 KiB.</summary>
    private const int GrowthMax = 300;

    private readonly Network _network = fixture.Network;

    [Fact]
    public async Task Rapid_reset_ends_with_the_connection_closed_and_others_are_answered()
    {
        // The one line that tells an operator of it.
        fixture.Server.Permitted = line => line.Contains("exceeded the output operations maximum queue size", StringComparison.Ordinal);
        var patient = await _network.TreatAsync("patients/flood-1");
        var before = MemoryMiB();
        using var patience = new CancellationTokenSource(Bounded.Wait);
        using var flood = await Http2Wire.ConnectAsync(fixture.Server, "/clinicnetwork.care.v1.PatientService/GetPlan", patience.Token);
        var reading = flood.ReadToEndAsync(patience.Token);
        var (sent, answered) = (0, 0);
        try
        {
            while (sent < StreamsMax && !reading.IsCompleted)
            {
                await flood.OpenAndResetAsync(2 * sent + 1, StreamsAtOnce, patience.Token);
                sent += StreamsAtOnce;
                await _network.PlanAsync(patient);
                answered++;
            }
        }
        catch (IOException)
        {
            // Closed while something was being sent.
        }

        var code = await reading;
        output.WriteLine($"closed with {code?.ToString(CultureInfo.InvariantCulture) ?? "nothing said"} after at most {sent} calls; {answered} calls of another caller answered meanwhile; memory {before} to {MemoryMiB()} MiB");
        Assert.True(code is null or EnhanceYourCalm, $"GOAWAY {code}");
        Assert.InRange(MemoryMiB() - before, int.MinValue, GrowthMax);
        await _network.Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-1"));
        Assert.Equal(4, (await _network.HistoryAsync(patient)).Count);
    }

    [Fact]
    public async Task Too_much_metadata_fails_its_own_call_only()
    {
        using var channel = fixture.Server.Open();
        var network = new Network(channel);
        var metadata = new Metadata { { "x-filler", new string('x', 20 * 1024) } };
        await Assert.ThrowsAsync<RpcException>(async () => await network.Admin.GetStatusAsync(new(), metadata, Bounded.Deadline));
        await network.CommandsAsync();
    }

    /// <summary>Resident, of the server.</summary>
    private long MemoryMiB() => fixture.Server.ResidentBytes / (1024 * 1024);
}
