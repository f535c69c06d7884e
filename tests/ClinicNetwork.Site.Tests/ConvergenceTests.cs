using System.Globalization;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Site.Tests.Rig;
using Xunit.Abstractions;

namespace ClinicNetwork.Site.Tests;

/// <summary>
/// Five sites edit the same patients at random, through cuts, kills of the server, sites that are opened again without having been closed, and wrong clocks; the folder of the fifth is kept by the
/// built tool, and that is killed while it meets the network and while it writes. In the end all copies are equal, and every edit is in the network once: applied, merged, agreed or in a conflict;
/// what was refused was refused for a reason that the state explains.
/// </summary>
public sealed class ConvergenceTests(ITestOutputHelper output)
{
    private const int Sites = 5;

    /// <summary>Patients that are edited at the same time; then others come.</summary>
    private const int PatientsAtOnce = 4;

    /// <summary>Of a patient, on average: years of treatment at all sites together.</summary>
    private const int EditsOfPatient = 250;

    /// <summary>Made at a site one after another, at most.</summary>
    private const int EditsInARow = 5;

    /// <summary>Of each seed; CLINICNETWORK_TEST_ROUNDS multiplies it.</summary>
    private const int Edits = 200;

    /// <summary>What the network does when it is due.</summary>
    private static readonly string[] OfTheNetwork = ["CloseMilestone", "EscalateAlert", "NoticeLapse"];

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
            for (var i = 2; i <= Math.Max(PatientsAtOnce, edits / EditsOfPatient); i++)
            {
                var home = i % Sites;
                await SiteNetwork.TreatAsync(n, $"patients/p-{i}", [.. clinics.Skip(home), .. clinics.Take(home)]);
                patients.Add($"patients/p-{i}");
            }

            return 0;
        });
        var sites = clinics.Select(c => network.Site(c)).ToArray();
        foreach (var site in sites)
        {
            await site.MeetAsync();
            Assert.Equal(patients.Count, site.Replica.Patients().Count);
        }

        var tool = sites[^1];
        using var program = new SiteProgram(network, tool);
        program.Start();
        var run = new EditRun(random);
        var (meetings, away, kills, unsaid) = (0, 0, 0, 0);
        while (run.Edits.Count is var i && i < edits)
        {
            var site = sites[random.Next(Sites)];
            for (var row = random.Next(EditsInARow); row >= 0; row--)
            {
                run.Edit(site, PatientAt(i), alone: site != tool);
            }

            if (site != tool)
            {
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
            }

            var made = run.Edits.Count;
            if (IsTime(i, made, 100, 5))
            {
                kills++;
                network.Line.Mend();
                var meeting = sites[random.Next(Sites - 1)].TryMeetAsync();
                await network.KillAsync();
                await meeting;
                await network.StartAgainAsync();
            }

            if (IsTime(i, made, 60, 6))
            {
                // Begun anew it meets the network at once, and is killed in that meeting or about it.
                await program.KillAsync();
                network.Line.Mend();
                program.Start();
                Enumerable.Range(0, 5).ToList().ForEach(_ => run.Edit(tool, PatientAt(i), alone: false));
                await program.KillAsync(TimeSpan.FromMilliseconds(random.Next(200, 2_000)));
                AssertKept(tool, run);
                program.Start();
            }

            if (IsTime(i, made, 70, 6))
            {
                unsaid += await KillWritingAsync(program, tool, run, random, PatientAt(i)) ? 0 : 1;
            }
        }

        await HealAsync(network, sites, program);
        await AssertAsync(network, sites, patients, run, clinics);
        output.WriteLine($"{run.Edits.Count} edits of {patients.Count} patients, {meetings} meetings of which {away} broke off, {program.Told} of site run; killed: {kills} times the server, "
            + $"{program.Kills} times the tool, {unsaid} times before it had said that it recorded; {run.Told(sites)}");

        string PatientAt(int i) => patients[(int)((long)i * (patients.Count - PatientsAtOnce) / edits) + random.Next(PatientsAtOnce)];

        // Once in so many edits, but not more often than so many times in all.
        bool IsTime(int from, int to, int every, int most) => Math.Max(every, edits / most) is var each && (to + (each / 2)) / each > (from + (each / 2)) / each;
    }

    /// <summary>A single command writes and is killed, as soon as it said so or somewhere; what it had said is there, and who does not know asks again with the same id. Whether it had said so.</summary>
    private static async Task<bool> KillWritingAsync(SiteProgram program, SiteMachine site, EditRun run, Random random, string patient)
    {
        if (run.Next(site.Replica.Find(patient)!, site.Clinic) is not { } change)
        {
            return true;
        }

        var said = await program.RecordAsync(change, random.Next(3) == 0 ? null : TimeSpan.FromMilliseconds(random.Next(150, 1_200)));
        AssertKept(site, run);
        var item = site.Replica.Outbox().SingleOrDefault(i => i.Change.RequestId == change.RequestId);
        Assert.True(said is null || item?.Number == said, $"what was said to be recorded as {said} is not there");
        if (item is not null)
        {
            Assert.Equal(item.Number, site.Replica.Record(change).Item!.Number);
            run.Took(site, item, null);
        }
        else
        {
            run.Record(site, site.Replica.Find(patient)!, change, alone: false);
        }

        return said is not null;
    }

    /// <summary>All that was taken is still there, once and in order.</summary>
    private static void AssertKept(SiteMachine site, EditRun run)
    {
        var kept = site.Replica.Outbox().Select(i => i.Change.RequestId).ToList();
        Assert.Equal(kept.Distinct(), kept);
        Assert.Empty(run.Edits.Where(e => e.Site == site.Clinic).Select(e => e.RequestId).Except(kept));
    }

    /// <summary>Each meets twice: first all have sent everything, then all have taken it. The tool does its own, and is killed a last time.</summary>
    private static async Task HealAsync(SiteNetwork network, SiteMachine[] sites, SiteProgram program)
    {
        network.Line.Mend();
        await program.KillAsync();
        program.Start();
        await Bounded.UntilAsync("a tool with nothing waiting", () => Task.FromResult(sites[^1].Replica.Status().Waiting == 0));
        await program.KillAsync();
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
        // A copy made from nothing is what the network has. Of itself that does what is due, between two meetings too.
        var fresh = network.Site(clinics[0], "fresh");
        await Bounded.UntilAsync("one version of each patient", async () =>
        {
            foreach (var site in sites.Append(fresh))
            {
                await site.MeetAsync();
            }

            return patients.All(p => sites.All(s => s.Replica.Find(p)!.Version == fresh.Replica.Find(p)!.Version));
        });
        var items = sites.SelectMany(s => s.Replica.Outbox()).ToDictionary(i => i.Change.RequestId);
        Assert.Equal(run.Edits.Count, items.Count);
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

            // What came due since is in nobody's copy yet.
            var history = (await network.AskAsync(n => n.HistoryAsync(patient))).Where(h => h.Version <= truth.Version).ToList();
            Assert.Equal(truth.Version, history.Count);
            var (of, edits) = (history.ToLookup(h => h.RequestId), run.Edits.Where(e => e.Patient == patient).ToList());
            foreach (var edit in edits)
            {
                Assert.True(items.TryGetValue(edit.RequestId, out var item), $"{edit} is in no outbox");
                edit.Check(item, of[edit.RequestId].Count(), truth.State!);
            }

            AssertNothingElse(patient, history, [.. edits.Select(e => items[e.RequestId])], truth.State!);
        }
    }

    /// <summary>What is in the network that was no edit is how the patient came there.</summary>
    private static void AssertNothingElse(string patient, IReadOnlyList<HistoryEntry> history, IReadOnlyList<OutboxItem> items, PatientState state)
    {
        var (ids, of) = (items.Select(i => i.Change.RequestId).ToHashSet(), items.Where(i => i.Standing != ItemStanding.Refused).ToLookup(i => i.Name, StringComparer.Ordinal));
        Assert.Equal(["EnrolPatient", "RecordConsultation", "CreatePlan", "SetSharing"], history.Where(h => !ids.Contains(h.RequestId)).Select(h => h.Command).Except(OfTheNetwork));
        (string What, int Is, int Edits)[] counts =
        [
            ("assessments", state.Assessments.Length, of["record_assessment"].Count()),
            ("scales", state.AnsweredScales.Length, of["record_scale"].Count()),
            ("sessions", state.Sessions.Length, of["report_session"].Count()),
            ("doses", state.Sessions.Count(s => s.DoseMg is not null), of["record_dose"].Count()),
            ("readings", state.Monitoring.Sum(m => m.Vitals.Length), of["record_vitals"].Count()),
            ("side effects", state.SideEffects.Length, of["record_side_effect"].Count()),
            ("safety checks", state.SafetyChecks.Length, of["record_safety_check"].Count()),
            ("consultations", state.Consultations.Length, 1 + of["record_consultation"].Count()),
        ];
        foreach (var (what, has, edits) in counts)
        {
            Assert.True(has == edits, $"{patient} has {has} {what} of {edits} edits");
        }
    }
}
