using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Sync.V1;
using Grpc.Core;
using Xunit.Abstractions;

namespace ClinicNetwork.BlackBox.Tests.Feed;

/// <summary>The plan feed: ordered, unique, without gap, resumable, bookmarkable, and access decided when it is read. Guarantee 3.</summary>
public sealed class FeedTests(NetworkFixture fixture, ITestOutputHelper output) : IClassFixture<NetworkFixture>
{
    private readonly Network _network = fixture.Network;

    [Fact]
    public async Task Cut_at_random_points_and_resumed_it_equals_the_uncut_feed()
    {
        var seed = Bounded.Seed();
        var random = new Random(seed);
        await WriteSharedChangesAsync(random);
        // The home clinic has every change, so its entries lie side by side; the hill's have others' between them.
        foreach (var site in (string[])[Network.Hill, Network.Harbour])
        {
            await CutAsync(site, seed, random);
        }
    }

    [Fact]
    public async Task Another_sites_changes_are_not_seen()
    {
        var patient = await _network.TreatAsync("patients/only-harbour");
        Assert.Equal(3, (await _network.FeedAsync(Network.Harbour)).Count(c => c.Patient == patient));
        Assert.DoesNotContain(await _network.FeedAsync(Network.Hill), c => c.Patient == patient);
        Assert.DoesNotContain(await _network.FeedAsync(Network.Meadow), c => c.Patient == patient);
    }

    [Fact]
    public async Task Granted_and_revoked_are_told_and_a_revocation_takes_effect_at_once()
    {
        var patient = await _network.TreatAsync("patients/given-and-taken");
        var start = (await _network.ItemsAsync(Network.Meadow))[^1].Bookmark.Cursor;
        await _network.ShareAsync(patient, Network.Meadow);
        await _network.Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-1"));
        var shared = await _network.FeedAsync(Network.Meadow, start);
        Assert.Equal([ChangeKind.AccessGranted, ChangeKind.Changed], shared.Select(c => c.Kind));
        Assert.Equal(4, shared[0].Version);
        Assert.Equal(Valid.Intravenous, (await _network.As(Network.Meadow).PlanAsync(patient)).Protocol);

        await _network.ShareAsync(patient);
        await _network.Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-2"));
        var revoked = Assert.Single(await _network.FeedAsync(Network.Meadow, start));
        Assert.Equal((ChangeKind.AccessRevoked, 6), (revoked.Kind, revoked.Version));
        await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_NOT_FOUND", () => _network.As(Network.Meadow).PlanAsync(patient));

        await _network.ShareAsync(patient, Network.Meadow);
        Assert.Equal(ChangeKind.AccessGranted, (await _network.FeedAsync(Network.Meadow, revoked.Cursor)).Single().Kind);
    }

    [Fact]
    public async Task A_plan_change_is_marked_as_one()
    {
        var patient = await _network.TreatAsync("patients/marked");
        await _network.Patients.RevisePlanAsync(Valid.Revision(patient, await _network.EtagAsync(patient)));
        var seen = (await _network.FeedAsync(Network.Harbour)).Where(c => c.Patient == patient).Select(c => (c.Command, c.PlanChanged));
        Assert.Equal([("EnrolPatient", false), ("RecordConsultation", false), ("CreatePlan", true), ("RevisePlan", true)], seen);
    }

    [Fact]
    public async Task A_change_reaches_a_waiting_watcher()
    {
        var patient = await _network.TreatAsync("patients/awaited", Network.Meadow);
        using var call = _network.Feed.WatchPlans(new() { Site = Network.Meadow });
        while (await NextAsync(call) is { ItemCase: not WatchPlansResponse.ItemOneofCase.Bookmark })
        {
            // Up to the bookmark: from here on the watcher waits.
        }

        var answer = await _network.Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-1"));
        var item = await call.ResponseStream.MoveNext(default).WaitAsync(TimeSpan.FromSeconds(5)) ? call.ResponseStream.Current : null;
        Assert.Equal((patient, answer.Receipt.Version), (item?.Change.Patient, item?.Change.Version));
    }

    /// <summary>Eight patients of the harbour, five of them shared with the hill, some only for a while.</summary>
    private async Task WriteSharedChangesAsync(Random random)
    {
        IReadOnlyList<string> patients = [.. Enumerable.Range(0, 8).Select(i => $"patients/f-{i}")];
        await Task.WhenAll(patients.Select(p => _network.TreatAsync(p)));
        await Task.WhenAll(patients.Take(5).Select(p => _network.ShareAsync(p, Network.Hill)));
        var writes = Enumerable.Range(0, 120).Select(i => (Patient: patients[random.Next(patients.Count)], Id: $"a-{i}")).ToList();
        await Parallel.ForEachAsync(writes, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (write, stop) =>
            await _network.Patients.RecordAssessmentAsync(Valid.Assessment(write.Patient, write.Id), cancellationToken: stop));
        await _network.ShareAsync(patients[0]);
        await _network.ShareAsync(patients[7], Network.Hill);
    }

    private async Task CutAsync(string site, int seed, Random random)
    {
        var whole = await _network.ItemsAsync(site);
        Assert.Equal(WatchPlansResponse.ItemOneofCase.Bookmark, whole[^1].ItemCase);
        var changes = whole.SkipLast(1).Select(i => i.Change).ToList();
        Assert.True(changes.Count > 40);
        var cuts = 0;
        for (var round = 0; round < Bounded.Rounds(8); round++)
        {
            var read = new List<PlanChange>();
            for (var cursor = ""; read.Count < changes.Count;)
            {
                var taken = await TakeAsync(site, cursor, random.Next(1, 15));
                Assert.True(taken.Count > 0, $"seed {seed}, round {round}: the resumed feed of {site} ends {changes.Count - read.Count} changes early");
                read.AddRange(taken);
                cursor = read[^1].Cursor;
                cuts++;
            }

            Assert.True(changes.SequenceEqual(read), $"seed {seed}, round {round}: the resumed feed of {site} differs");
        }

        output.WriteLine($"seed {seed}: {site}, {changes.Count} changes, {cuts} cuts");
        Assert.Equal(changes.Count, changes.DistinctBy(c => (c.Patient, c.Version)).Count());
        Assert.All(changes.GroupBy(c => c.Patient), of => Assert.Equal(of.Select(c => c.Version).Order(), of.Select(c => c.Version)));
        Assert.Equal(whole[^1].Bookmark.Cursor, (await _network.ItemsAsync(site, whole[^1].Bookmark.Cursor)).Single().Bookmark.Cursor);
    }

    /// <summary>So many changes, then the caller goes away in the middle of the stream.</summary>
    private async Task<IReadOnlyList<PlanChange>> TakeAsync(string site, string cursor, int count)
    {
        var taken = new List<PlanChange>();
        using var call = _network.Feed.WatchPlans(new() { Site = site, Cursor = cursor });
        while (taken.Count < count && await NextAsync(call) is { Change: { } change })
        {
            taken.Add(change);
        }

        return taken;
    }

    private static async Task<WatchPlansResponse?> NextAsync(AsyncServerStreamingCall<WatchPlansResponse> call) =>
        await call.ResponseStream.MoveNext(default).Within() ? call.ResponseStream.Current : null;
}
