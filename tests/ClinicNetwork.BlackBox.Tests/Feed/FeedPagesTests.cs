using System.Collections.Concurrent;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Sync.V1;
using Grpc.Core;
using Xunit.Abstractions;

namespace ClinicNetwork.BlackBox.Tests.Feed;

/// <summary>The feed by pages, the list of a site's patients that it goes on from, and the plans that come with both. Guarantee 3.</summary>
public sealed class FeedPagesTests(NetworkFixture fixture, ITestOutputHelper output) : IClassFixture<NetworkFixture>
{
    private readonly Network _network = fixture.Network;

    /// <summary>What was acknowledged, by patient.</summary>
    private readonly ConcurrentDictionary<string, ConcurrentBag<long>> _acknowledged = new(StringComparer.Ordinal);

    [Fact]
    public async Task Pages_beside_writers_are_ordered_unique_reliable_resumable_atomic_and_bookmarkable_as_the_stream_is()
    {
        var (seed, random) = Seeded();
        var patients = await TreatAsync("pages", 6);
        var writing = WriteAsync(patients, 90, random.Next());
        var (read, cursor) = (new List<PlanChange>(), "");
        for (var caughtUp = false; !caughtUp;)
        {
            var last = writing.IsCompleted;
            var page = await _network.Feed.GetPlanChangesAsync(new() { Site = Network.Harbour, Cursor = cursor, PageSize = random.Next(1, 12), IncludePlans = true });
            // Resumable: at a page's end and in the midst of it.
            var taken = page.Changes.Count > 1 && random.Next(2) == 0 ? page.Changes.Take(random.Next(1, page.Changes.Count)).ToList() : [.. page.Changes];
            read.AddRange(taken);
            cursor = taken.Count < page.Changes.Count ? taken[^1].Cursor : page.NextCursor;
            caughtUp = last && page.CaughtUp && taken.Count == page.Changes.Count;
        }

        await writing;
        var of = read.Where(c => patients.Contains(c.Patient)).ToList();
        output.WriteLine($"seed {seed}: {of.Count} changes");
        var streamed = (await _network.FeedAsync(Network.Harbour)).Where(c => patients.Contains(c.Patient)).ToList();
        AssertOrdered(of, streamed);
        Assert.Equal(of.Count, of.DistinctBy(c => (c.Patient, c.Version)).Count());
        Assert.Equal(_acknowledged.SelectMany(p => p.Value.Select(v => (p.Key, v))).Order(), of.Select(c => (c.Patient, c.Version)).Order());
        AssertAtomic(of);
        await AssertBookmarkableAsync(cursor, patients[0]);
    }

    [Fact]
    public async Task What_is_listed_and_the_changes_after_it_are_all_that_was_committed_whatever_is_written_meanwhile()
    {
        var (seed, random) = Seeded();
        var patients = await TreatAsync("listed", 8);
        await Task.WhenAll(patients.Skip(4).Select(p => ShareAsync(p, Network.Hill)));
        var writing = Task.WhenAll(WriteAsync(patients, 60, random.Next()), TurnAsync(patients, random.Next()), TreatAsync("late", 4));
        var (seen, cursor, token) = (new Dictionary<string, long>(StringComparer.Ordinal), "", "");
        do
        {
            var page = await _network.Feed.ListSitePatientsAsync(new() { Site = Network.Hill, PageSize = 1, PageToken = token });
            Assert.True(cursor.Length == 0 || cursor == page.Cursor);
            (cursor, token) = (page.Cursor, page.NextPageToken);
            page.Patients.ToList().ForEach(p => seen[p.Patient] = p.Version);

            // Between two pages something always happens to who was listed, and who may be seen.
            await AssessAsync(patients[random.Next(patients.Count)]);
            await ShareAsync(patients[random.Next(patients.Count)], random.Next(2) == 0 ? [Network.Hill] : []);
            await AssessAsync(patients[^1]);
        }
        while (token.Length > 0);
        await writing;
        foreach (var change in await _network.FeedAsync(Network.Hill, cursor))
        {
            if (change.Kind == ChangeKind.AccessRevoked)
            {
                seen.Remove(change.Patient);
            }
            else
            {
                seen[change.Patient] = Math.Max(seen.GetValueOrDefault(change.Patient), change.Version);
            }
        }

        var roster = (await _network.Clinics.ListRosterAsync(new() { Parent = Network.Hill })).Entries.ToDictionary(e => e.Patient, e => e.Version);
        output.WriteLine($"seed {seed}: {roster.Count} patients of the hill");
        Assert.Equal(roster.OrderBy(e => e.Key), seen.OrderBy(e => e.Key));
    }

    [Fact]
    public async Task Revoked_in_the_midst_of_the_list_a_patient_is_not_listed_or_told_as_revoked_and_its_plan_is_never_shown_again()
    {
        var patients = await TreatAsync("midst", 3, Network.Meadow);
        await Task.WhenAll(patients.Select(p => ShareAsync(p, Network.Hill)));
        var hill = _network.As(Network.Hill);
        var first = await hill.Feed.ListSitePatientsAsync(new() { Site = Network.Hill, PageSize = 1, IncludePlans = true });
        while (first.Patients.Single().Patient != patients[0])
        {
            first = await hill.Feed.ListSitePatientsAsync(new() { Site = Network.Hill, PageSize = 1, IncludePlans = true, PageToken = first.NextPageToken });
        }

        Assert.Equal(patients[0] + "/plan", first.Patients.Single().Plan.Name);
        await ShareAsync(patients[0]);
        await ShareAsync(patients[1]);
        var rest = await hill.Feed.ListSitePatientsAsync(new() { Site = Network.Hill, IncludePlans = true, PageToken = first.NextPageToken });
        Assert.Equal([patients[2]], rest.Patients.Select(p => p.Patient).Where(patients.Contains));
        var after = (await hill.Feed.GetPlanChangesAsync(new() { Site = Network.Hill, Cursor = rest.Cursor, IncludePlans = true })).Changes.Where(c => patients.Contains(c.Patient)).ToList();
        Assert.Equal([(patients[0], ChangeKind.AccessRevoked), (patients[1], ChangeKind.AccessRevoked)], after.Select(c => (c.Patient, c.Kind)));
        Assert.All(after, c => Assert.Null(c.Plan));
    }

    [Fact]
    public async Task Revoked_in_the_midst_of_a_stream_nothing_more_of_the_patient_comes_but_that()
    {
        var patients = await TreatAsync("cut", 2);
        await Task.WhenAll(patients.Select(p => ShareAsync(p, Network.Meadow)));
        var meadow = _network.As(Network.Meadow);
        var start = (await meadow.Feed.ListSitePatientsAsync(new() { Site = Network.Meadow })).Cursor;
        using var call = meadow.Feed.WatchPlans(new() { Site = Network.Meadow, Cursor = start, IncludePlans = true });
        var assessed = await AssessAsync(patients[0]);
        var change = await ChangeAsync(call);
        Assert.Equal((patients[0], assessed, patients[0] + "/plan"), (change.Patient, change.Version, change.Plan?.Name));
        await ShareAsync(patients[0]);
        await AssessAsync(patients[0]);
        var other = await AssessAsync(patients[1]);
        var revoked = await ChangeAsync(call);
        Assert.Equal((patients[0], ChangeKind.AccessRevoked, null), (revoked.Patient, revoked.Kind, revoked.Plan));
        change = await ChangeAsync(call);
        Assert.Equal((patients[1], other), (change.Patient, change.Version));

        // And who begins before it is told no more than that either.
        var told = (await meadow.Feed.GetPlanChangesAsync(new() { Site = Network.Meadow, Cursor = start, IncludePlans = true })).Changes;
        Assert.Equal([ChangeKind.AccessRevoked], told.Where(c => c.Patient == patients[0]).Select(c => c.Kind));
    }

    [Fact]
    public async Task Each_plan_that_is_told_is_an_entry_of_its_patients_audit()
    {
        var patients = await TreatAsync("told", 2);
        await _network.Patients.EnrolPatientAsync(Valid.Enrolment("patients/told-planless", Network.Harbour));
        string[] all = [.. patients, "patients/told-planless"];
        var harbour = _network.As(Network.Harbour);
        var page = await harbour.Feed.ListSitePatientsAsync(new() { Site = Network.Harbour, PageSize = 1_000, IncludePlans = true });
        foreach (var patient in page.Patients.Where(p => all.Contains(p.Patient)))
        {
            Assert.Equal(patients.Contains(patient.Patient) ? (await harbour.Patients.GetPlanAsync(new() { Name = patient.Patient + "/plan" })).Plan : null, patient.Plan);
        }

        await harbour.Feed.ListSitePatientsAsync(new() { Site = Network.Harbour, PageSize = 1_000 });
        foreach (var patient in all)
        {
            var outcome = patients.Contains(patient) ? "OK" : "NotFound PLAN_NOT_FOUND";
            await Bounded.UntilAsync($"{patient} is in the audit", async () =>
                (await _network.Audit.ListAccessesAsync(new() { Parent = patient })).Entries
                    .Where(e => e.Entry.Action == "sync.v1.PlanFeedService/ListSitePatients").Select(e => (e.Entry.Outcome, e.Entry.Site, e.Entry.Purpose, e.Entry.Count))
                    .SequenceEqual([(outcome, "harbour", "TREAT", 1)]));
        }
    }

    private static void AssertOrdered(List<PlanChange> paged, List<PlanChange> streamed)
    {
        Assert.Equal(streamed.Select(c => c.Cursor), paged.Select(c => c.Cursor));
        Assert.All(paged.GroupBy(c => c.Patient), of => Assert.Equal(of.Select(c => c.Version).Order(), of.Select(c => c.Version)));
    }

    /// <summary>With a change comes all that its command did: the plan has been revised so often at least.</summary>
    private static void AssertAtomic(List<PlanChange> changes)
    {
        foreach (var of in changes.GroupBy(c => c.Patient))
        {
            var revisions = 0;
            foreach (var change in of)
            {
                revisions += change.PlanChanged ? 1 : 0;
                Assert.True(change.Plan is null || change.Plan.Revision >= revisions, $"{change.Patient} at {change.Version}: {revisions} changes of the plan told, revision {change.Plan?.Revision}");
            }

            Assert.Contains(of, change => change.Plan is not null);
        }
    }

    private async Task AssertBookmarkableAsync(string cursor, string patient)
    {
        var idle = await _network.Feed.GetPlanChangesAsync(new() { Site = Network.Harbour, Cursor = cursor });
        Assert.DoesNotContain(idle.Changes, c => c.Patient == patient);
        var version = await AssessAsync(patient);
        var next = await _network.Feed.GetPlanChangesAsync(new() { Site = Network.Harbour, Cursor = idle.NextCursor });
        Assert.Equal(version, Assert.Single(next.Changes, c => c.Patient == patient).Version);
    }

    private static (int Seed, Random Random) Seeded()
    {
        var seed = Bounded.Seed();
        return (seed, new Random(seed));
    }

    private async Task<IReadOnlyList<string>> TreatAsync(string name, int count, string home = Network.Harbour)
    {
        IReadOnlyList<string> patients = [.. Enumerable.Range(0, count).Select(i => $"patients/{name}-{i}")];
        await Task.WhenAll(patients.Select(p => _network.TreatAsync(p, home)));
        foreach (var patient in patients)
        {
            _acknowledged[patient] = [1, 2, 3];
        }

        return patients;
    }

    private Task WriteAsync(IReadOnlyList<string> patients, int count, int seed)
    {
        var random = new Random(seed);
        var writes = Enumerable.Range(0, count).Select(_ => (Patient: patients[random.Next(patients.Count)], Revises: random.Next(4) == 0)).ToList();
        return Parallel.ForEachAsync(writes, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (write, stop) =>
        {
            if (!write.Revises)
            {
                await AssessAsync(write.Patient);
                return;
            }

            try
            {
                var revised = await _network.Patients.RevisePlanAsync(Valid.Revision(write.Patient, await _network.EtagAsync(write.Patient)), cancellationToken: stop);
                _acknowledged[write.Patient].Add(revised.Receipt.Version);
            }
            catch (RpcException stale) when (stale.StatusCode == StatusCode.Aborted)
            {
                // Another writer was first.
            }
        });
    }

    /// <summary>Shares half of them with the hill, takes the other half back, and some of it again.</summary>
    private async Task TurnAsync(IReadOnlyList<string> patients, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 16; i++)
        {
            await ShareAsync(patients[random.Next(patients.Count)], random.Next(2) == 0 ? [Network.Hill] : []);
        }
    }

    private Task ShareAsync(string patient, params string[] sites) => _network.ShareAsync(patient, sites);

    private async Task<long> AssessAsync(string patient)
    {
        var version = (await _network.Patients.RecordAssessmentAsync(Valid.Assessment(patient, Valid.Id()))).Receipt.Version;
        _acknowledged[patient].Add(version);
        return version;
    }

    private static async Task<PlanChange> ChangeAsync(AsyncServerStreamingCall<WatchPlansResponse> call)
    {
        while (await call.ResponseStream.MoveNext(default).Within())
        {
            if (call.ResponseStream.Current.Change is { } change)
            {
                return change;
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }
}
