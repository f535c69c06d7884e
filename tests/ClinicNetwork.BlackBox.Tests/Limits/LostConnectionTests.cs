using ClinicNetwork.BlackBox.Tests.Hosting;
using Xunit.Abstractions;

namespace ClinicNetwork.BlackBox.Tests.Limits;

/// <summary>Some connections that Kestrel closes in floods of resets it never finishes: one in about 50. They are closed for all of us.</summary>
public sealed class LostConnectionTests(ITestOutputHelper output)
{
    /// <summary>Enough that some are lost.</summary>
    private const int Floods = 300;

    [Fact]
    public async Task What_floods_of_resets_leave_behind_is_not_closed_again_nor_waited_for_and_one_line_tells_of_the_client()
    {
        await using var server = await ServerProcess.StartAsync();
        server.Permitted = IsLost;
        using var patience = new CancellationTokenSource(4 * Bounded.Wait);
        using var flooder = await server.IssueAsync("flooder");
        for (var i = 0; i < Floods; i++)
        {
            using var flood = await Http2Wire.ConnectAsync(server, "/clinicnetwork.care.v1.PatientService/GetPlan", patience.Token, flooder.Certificate);
            await flood.FloodAsync(patience.Token);
        }

        // Each is closed by a sweep later than the one before.
        foreach (var name in (string[])["flooder", "second", "third"])
        {
            using var other = name == "flooder" ? null : await server.IssueAsync(name);
            var shown = (other ?? flooder).Certificate;
            using var held = await Http2Wire.ConnectAsync(server, "/grpc.health.v1.Health/Check", patience.Token, shown);
            var (code, _, error) = await ServerProgram.RunAsync("certs", "revoke", "--keys", server.Folder, "--serial", shown.SerialNumber);
            Assert.Equal((0, ""), (code, error));
            await held.ReadToEndAsync(patience.Token);
        }

        var began = TimeProvider.System.GetTimestamp();
        await server.StopAsync();
        var lines = server.Log.Text.Split('\n');
        output.WriteLine($"{lines.Count(IsLost)} of {Floods} told as lost by Kestrel; stopped in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s; {lines.Length} lines");
        var serial = flooder.Certificate.SerialNumber;
        Assert.Single(lines, line => line.Contains($"its certificate {serial} is revoked", StringComparison.Ordinal));
        Assert.Single(lines, line => line.Contains($"{serial} is over its 1000 calls a second", StringComparison.Ordinal));
        Assert.InRange(lines.Length, 1, Floods);
    }

    /// <summary>Kestrel's line of one that it lost, when its memory is collected.</summary>
    internal static bool IsLost(string line) => line.Contains("application never completed", StringComparison.Ordinal);
}
