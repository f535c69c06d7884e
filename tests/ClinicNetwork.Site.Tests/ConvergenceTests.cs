using System.Globalization;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Site.Tests.Rig;
using Xunit.Abstractions;

namespace ClinicNetwork.Site.Tests;

/// <summary>
/// Five sites edit the same patients at random, through cuts, kills of the server, sites that are opened again without having been closed, and wrong clocks. In the end all copies are equal, and
/// every edit is in the network once: applied, merged, agreed or in a conflict; what was refused was refused for a reason that the state explains.
/// </summary>
public sealed class ConvergenceTests(ITestOutputHelper output)
{
    private const int Sites = 5;

    private const int Patients = 4;

    /// <summary>Of each seed; CLINICNETWORK_TEST_ROUNDS multiplies it.</summary>
    private const int Edits = 150;

    /// <summary>Edits between two kills of the server, each in a meeting.</summary>
    private const int KillEvery = 75;

    private static int Seeds => int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_SEEDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var seeds) ? Math.Clamp(seeds, 1, 1_000) : 1;

    [Fact]
    public async Task After_cuts_kills_and_wrong_clocks_all_copies_are_equal_and_no_edit_is_lost_or_doubled()
    {
        var first = Bounded.Seed();
        for (var seed = first; seed < first + Seeds; seed++)
        {
            output.WriteLine($"CLINICNETWORK_TEST_SEED={seed}");
            try
            {
                await RunAsync(seed, Bounded.Rounds(Edits));
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"CLINICNETWORK_TEST_SEED={seed}: {exception.Message}", exception);
            }
        }
    }

    private async Task RunAsync(int seed, int edits)
    {
        var random = new Random(seed);
        await using var network = await SiteNetwork.StartAsync();
        string[] clinics = [.. Enumerable.Range(1, Sites).Select(i => $"clinics/site-{i}")];
        var patients = new List<string> { await network.ShareAsync("patients/p-1", clinics) };
        await network.AskAsync(async n =>
        {
            for (var i = 2; i <= Patients; i++)
            {
                await SiteNetwork.TreatAsync(n, $"patients/p-{i}", [.. clinics.Skip(i - 1), .. clinics.Take(i - 1)]);
                patients.Add($"patients/p-{i}");
            }

            return 0;
        });
        var sites = clinics.Select(c => network.Site(c)).ToArray();
        foreach (var site in sites)
        {
            await site.MeetAsync();
            Assert.Equal(patients, site.Replica.Patients());
        }

        var run = new EditRun(random, patients);
        var (meetings, away, kills) = (0, 0, 0);
        for (var i = 0; i < edits; i++)
        {
            var site = sites[random.Next(Sites)];
            run.Edit(site);
            switch (random.Next(100))
            {
                case < 24:
                    // As it is: cut, to be cut in the middle, or whole.
                    meetings++;
                    away += await site.TryMeetAsync() is null ? 1 : 0;
                    break;
                case < 34:
                    network.Line.Mend();
                    break;
                case < 38:
                    network.Line.Cut();
                    break;
                case < 54:
                    // In the middle: of a few answers, of a connection's beginning, or of replicas.
                    network.Line.Mend();
                    run.Edit(site);
                    network.Line.Cut(random.Next(random.Next(3) switch { 0 => 1_500, 1 => 6_000, _ => 60_000 }) + 1);
                    meetings++;
                    away += await site.TryMeetAsync() is null ? 1 : 0;
                    break;
                case < 58:
                    site.Reopen();
                    break;
                case < 64:
                    site.Clock.Wrong = TimeSpan.FromSeconds(random.Next(-4 * 3600, 4 * 3600));
                    break;
            }

            if (i % KillEvery == KillEvery / 2)
            {
                kills++;
                network.Line.Mend();
                var meeting = site.TryMeetAsync();
                await network.KillAsync();
                await meeting;
                await network.StartAgainAsync();
            }
        }

        network.Line.Mend();
        await HealAsync(sites);
        await AssertAsync(network, sites, patients, run, clinics);
        output.WriteLine($"{edits} edits, {meetings} meetings of which {away} broke off, {kills} kills of the server; {run.Told(sites)}");
    }

    /// <summary>Each meets twice: first all have sent everything, then all have taken it.</summary>
    private static async Task HealAsync(SiteMachine[] sites)
    {
        for (var round = 0; round < 2; round++)
        {
            foreach (var site in sites)
            {
                await Bounded.UntilAsync("a site with nothing waiting", async () => await site.TryMeetAsync() is not null && site.Replica.Status().Waiting == 0);
            }
        }
    }

    private static async Task AssertAsync(SiteNetwork network, SiteMachine[] sites, IReadOnlyList<string> patients, EditRun run, string[] clinics)
    {
        // A copy made from nothing is what the network has.
        var fresh = network.Site(clinics[0], "fresh");
        await fresh.MeetAsync();
        foreach (var patient in patients)
        {
            var truth = fresh.Replica.Find(patient)!;
            Assert.Empty(truth.Unconfirmed);
            var bytes = ReplicaCodec.Encode(truth.State!)!;
            foreach (var site in sites)
            {
                var view = site.Replica.Find(patient)!;
                Assert.True(view.Unconfirmed.Count == 0, $"{site.Clinic} still shows {view.Unconfirmed.Count} changes of {patient} as its own");
                Assert.True(view.Version == truth.Version && bytes.AsSpan().SequenceEqual(ReplicaCodec.Encode(view.State!)), $"{site.Clinic} has another {patient} than the network");
            }

            var history = await network.AskAsync(n => n.HistoryAsync(patient));
            Assert.Equal(truth.Version, history.Count);
            var (items, of) = (sites.SelectMany(s => s.Replica.Outbox()).ToDictionary(i => i.Change.RequestId), history.ToLookup(h => h.RequestId));
            foreach (var edit in run.Edits.Where(e => e.Patient == patient))
            {
                Assert.True(items.TryGetValue(edit.RequestId, out var item), $"{edit} is in no outbox");
                edit.Check(item, of[edit.RequestId].Count(), truth.State!);
            }
        }

        Assert.Equal(run.Edits.Count, sites.Sum(s => s.Replica.Outbox().Count));
    }
}
