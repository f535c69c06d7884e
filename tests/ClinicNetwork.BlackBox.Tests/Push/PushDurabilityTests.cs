using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Releases;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Xunit.Abstractions;

namespace ClinicNetwork.BlackBox.Tests.Push;

/// <summary>Of what two sites push at the same time each change takes effect once, whatever becomes of streams, connections and the server. Guarantees 1 and 2.</summary>
public sealed class PushDurabilityTests(ITestOutputHelper output)
{
    private const int Patients = 12;

    /// <summary>Of each patient and site.</summary>
    private const int Facts = 20;

    /// <summary>Of each patient and site; the base of each is the plan as both knew it.</summary>
    private const int Proposals = 8;

    [Fact]
    public async Task Cut_again_and_again_and_with_the_server_killed_in_the_middle_every_change_of_two_sites_takes_effect_once()
    {
        var seed = Bounded.Seed();
        var random = new Random(seed);
        await using var server = await ServerProcess.StartAsync();
        var (patients, etags) = await TreatAsync(server);
        await using var proxy = new CuttingProxy(server.Address, seed, bytesMax: 20_000);
        using var client = ClinicNetworkClient.Connect(proxy.Address, new() { Identity = server.Identity, StreamReopensMax = 200, RetriesMax = 20, RetryDelayMax = TimeSpan.FromMilliseconds(200) });
        var killAfter = random.Next(100, 400);
        var (done, killed) = (0, new TaskCompletionSource());
        List<PushChangesRequest>[] items = [.. new[] { Network.Harbour, Network.Hill }.Select(site => Items(site, patients, etags, new Random(random.Next())))];
        var results = await Task.WhenAll(items.Zip([Network.Harbour, Network.Hill], PushAsync)).WaitAsync(4 * Bounded.Wait);
        await killed.Task.Within();
        output.WriteLine($"seed {seed}: {proxy.Cuts} cuts, killed after {killAfter} of {items.Sum(i => i.Count)}; {string.Join(", ", results.SelectMany(r => r).GroupBy(r => r.ResultCase).Select(of => $"{of.Key} {of.Count()}"))}");
        Assert.True(proxy.Cuts >= 3, $"seed {seed}: only {proxy.Cuts} cuts");
        await CheckAsync(server, patients, items, results, $"seed {seed}");

        async Task<List<PushChangesResponse>> PushAsync(List<PushChangesRequest> changes, string site)
        {
            var taken = new List<PushChangesResponse>();
            await foreach (var result in client.ActingFor(site).PushChangesAsync(changes.ToAsyncEnumerable()))
            {
                taken.Add(result);
                if (Interlocked.Increment(ref done) == killAfter)
                {
                    await server.KillAsync();
                    await server.StartAgainAsync();
                    proxy.Target = server.Address;
                    killed.SetResult();
                }
            }

            return taken;
        }
    }

    private static async Task<(IReadOnlyList<string> Patients, Dictionary<string, string> Etags)> TreatAsync(ServerProcess server)
    {
        using var channel = server.Open();
        var network = new Network(channel);
        await network.RegisterAsync(Network.Harbour);
        await network.RegisterAsync(Network.Hill);
        var patients = await Task.WhenAll(Enumerable.Range(0, Patients).Select(i => network.TreatAsync($"patients/p-{i}")));
        await Task.WhenAll(patients.Select(async p => await network.Patients.SetSharingAsync(Valid.Sharing(p, SiteAccess.Write, Network.Hill))));
        var etags = await Task.WhenAll(patients.Select(async p => (p, await network.EtagAsync(p))));
        return (patients, etags.ToDictionary());
    }

    /// <summary>Facts, and among them proposals: of support by a provider of the site's own, which merge, and one of a dose, which contradict.</summary>
    private static List<PushChangesRequest> Items(string site, IReadOnlyList<string> patients, Dictionary<string, string> etags, Random random)
    {
        var name = site["clinics/".Length..];
        var proposals = patients.SelectMany(p => Enumerable.Range(0, Proposals).Select(i => PushCalls.Item(i == 0
            ? Valid.Proposal(p, etags[p], name == "hill" ? 0.75 : 0.6)
            : Support(p, etags[p], $"{name}-{i}"))));
        var facts = patients.SelectMany(p => Enumerable.Range(0, Facts).Select(i => PushCalls.Item(Valid.Assessment(p, $"{name}-{i}"))));
        var all = proposals.Concat(facts).ToArray();
        random.Shuffle(all);
        return [.. all];
    }

    private static ProposeRevisionRequest Support(string patient, string etag, string provider)
    {
        var proposal = Valid.Proposal(patient, etag);
        proposal.Support.Add(new PlannedSupport { Kind = SupportKind.Psychotherapy, Provider = provider, EveryDays = 7, FromDay = "2025-07-01" });
        proposal.ClearDoseMgPerKg();
        return proposal;
    }

    private static async Task CheckAsync(ServerProcess server, IReadOnlyList<string> patients, List<PushChangesRequest>[] items, List<PushChangesResponse>[] results, string name)
    {
        using var channel = server.Open();
        var network = new Network(channel);
        var told = results.SelectMany((of, site) => of.Select(r => (Item: items[site][(int)r.Item], Result: r))).ToLookup(t => t.Item.Patient);
        Assert.Equal(items.Sum(i => i.Count), told.Sum(t => t.Count()));
        Assert.All(results.SelectMany(r => r), r => Assert.True(r.Refused is null, $"{name}: {r.Refused}"));
        foreach (var patient in patients)
        {
            var history = await network.HistoryAsync(patient);
            Assert.Equal(Enumerable.Range(1, history.Count).Select(v => (long)v), history.Select(e => e.Version));
            var versions = history.ToLookup(e => e.RequestId, e => e.Version);
            Assert.All(told[patient], t => Assert.True(versions[t.Item.RequestId].SequenceEqual([PushCalls.ReceiptOf(t.Result).Version]), $"{name}: {t.Item.RequestId} of {patient} is not there once, as told"));
            Assert.Equal(history.Count - 4, told[patient].Count());

            var whole = await network.Patients.GetPatientAsync(new() { Name = patient, Read = new() { Confirmed = true } });
            Assert.Equal(2 * Facts, whole.Patient.Assessments.Count);
            Assert.Equal(
                ((string[])["harbour", "hill"]).SelectMany(site => Enumerable.Range(1, Proposals - 1).Select(i => $"{site}-{i}")).Order(),
                whole.Patient.Plan.Support.Select(s => s.Provider).Order());
            var conflict = Assert.Single(whole.PlanConflicts);
            Assert.Equal([0.6, 0.75], new[] { whole.Patient.Plan.DoseMgPerKg, conflict.Proposed.DoseMgPerKg }.Order());
            Assert.Equal(2 * (Proposals - 1) + 2, whole.Patient.Plan.Revision);
        }
    }
}
