using System.Globalization;
using ClinicNetwork.Faults.Releases;
using Xunit.Abstractions;

namespace ClinicNetwork.Faults.Tests;

/// <summary>Guarantees 6 and 7 on a real server and PostgreSQL, in short; docs/faults.md has the command for a thousand races and a hundred kills.</summary>
public sealed class ReleaseRacesTests(ITestOutputHelper output)
{
    private static readonly TimeSpan RunMax = TimeSpan.FromMinutes(15);
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_ROUNDS"), CultureInfo.InvariantCulture, out var rounds) ? rounds : 1;

    [Fact]
    public async Task Withdrawals_raced_against_publications_that_are_killed_leak_nothing_and_leave_nobody_under_k()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next(1, 1_000_000);
        var folder = Directory.CreateTempSubdirectory("clinicnetwork-races-").FullName;
        using var cancel = new CancellationTokenSource(RunMax * Rounds);
        Tell($"seed {seed}; the recipients' folders and the server's log in {folder}");
        var result = await new ReleaseRaces(new(seed, 250 * Rounds, 5 * Rounds, 50, 5, folder), Tell).RunAsync(cancel.Token);
        Tell(result.ToString());
        Tell(string.Join('\n', result.RedTeam));
        Assert.True(result.IsClean, $"seed {seed}: {result}; see {folder}");
        Assert.True(result is { Races: >= 250, Kills: >= 5, Rows: > 0, Batches: > 0 }, "so few prove nothing");
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>To the console too, so that nobody takes a long run for a hanging one.</summary>
    private void Tell(string line)
    {
        Console.WriteLine(line);
        output.WriteLine(line);
    }
}
