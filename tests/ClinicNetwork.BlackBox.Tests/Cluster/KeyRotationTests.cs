using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;

namespace ClinicNetwork.BlackBox.Tests.Cluster;

/// <summary>An operator replaces keys while servers work.</summary>
public sealed class KeyRotationTests
{
    [Fact]
    public async Task Keys_are_rotated_under_load_without_a_failed_call()
    {
        var seed = Bounded.Seed();
        await using var cluster = await ClusterUnderTest.MigratedAsync();
        var processes = await cluster.StartAsync("all", "all");
        using var channel = ClusterUnderTest.Open(processes);
        var network = new Network(channel);
        var patients = await ClusterUnderTest.PrepareAsync(network, 8);
        var load = new RetryingLoad(network, patients, seed);
        using var stop = new CancellationTokenSource();
        var running = load.RunAsync(stop.Token);
        await Bounded.UntilAsync("the load runs", () => Task.FromResult(load.All.Count > 30));

        string[] keys = ["--keys", cluster.Keys];
        var (code, text, error) = await ServerProgram.RunAsync(["keys", "add", .. keys]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("kek-2.key", text, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(cluster.Keys, "kek-2.key")));
        }

        (code, text, error) = await ServerProgram.RunAsync(["keys", "rotate", .. cluster.Arguments()]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("clinics/", text, StringComparison.Ordinal);
        // Patients enrolled by a server that holds the clinic's old key in memory.
        await network.TreatAsync("patients/later");
        await stop.CancelAsync();
        await running.WaitAsync(2 * Bounded.Wait);
        Assert.All(load.All, command => Assert.Equal(1, command.Attempts));

        (code, text, error) = await ServerProgram.RunAsync(["keys", "list", .. cluster.Arguments()]);
        Assert.Equal((0, ""), (code, error));
        Assert.DoesNotContain("version 1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("old", text, StringComparison.Ordinal);
        (code, text, error) = await ServerProgram.RunAsync(["keys", "erased", .. cluster.Arguments()]);
        Assert.Equal((0, "", "0 more"), (code, error, text[..6]));
    }
}
