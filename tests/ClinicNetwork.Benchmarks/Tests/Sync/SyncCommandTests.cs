using ClinicNetwork.Benchmarks.Sync;
using Xunit.Abstractions;

namespace ClinicNetwork.Benchmarks.Tests.Sync;

/// <summary>The short form: that changes are seen, a first sync is whole and sites that come back converge; no figure of it counts.</summary>
public sealed class SyncCommandTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_change_is_seen_a_first_sync_is_whole_and_sites_that_come_back_converge()
    {
        using var screen = new StringWriter();
        var code = await SyncCommand.RunAsync(SyncCommand.Short, screen, CancellationToken.None);
        output.WriteLine(screen.ToString());
        Assert.True(code == 0, screen.ToString());
        Assert.Equal(2 + 1 + 2 + 5 + 3, screen.ToString().Split('\n').Count(line => line.StartsWith('|')));
    }
}
