using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;

namespace ClinicNetwork.BlackBox.Tests.Feed;

/// <summary>Whole patients that come with changes and lists: read as the contract says, by whom may read all, and by nobody else.</summary>
public sealed class ReplicaTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    /// <summary>What clients take by default.</summary>
    private const int MessageBytesMax = 4 * 1024 * 1024;

    private readonly Network _network = fixture.Network;

    [Fact]
    public async Task A_replica_is_the_patient_at_its_version_in_list_page_and_stream()
    {
        var patient = await _network.TreatAsync("patients/replica");
        await _network.Patients.EnrolPatientAsync(Valid.Enrolment("patients/replica-planless", Network.Harbour));
        var harbour = _network.As(Network.Harbour);
        var list = await harbour.Feed.ListSitePatientsAsync(new() { Site = Network.Harbour, IncludeReplicas = true });
        var listed = list.Patients.Single(p => p.Patient == patient);
        var plan = await harbour.PlanAsync(patient);
        Assert.Equal((1, 3L, plan.Etag, plan), (listed.Replica.Format, listed.Replica.Version, listed.Replica.PlanEtag, listed.Plan));
        Assert.Contains("\"GivenName\":\"Ada\"", StateOf(listed.Replica), StringComparison.Ordinal);
        var planless = list.Patients.Single(p => p.Patient == "patients/replica-planless");
        Assert.Equal((1L, "", null), (planless.Replica.Version, planless.Replica.PlanEtag, planless.Plan));

        await harbour.Patients.RecordAssessmentAsync(Valid.Assessment(patient, "seen-in-the-replica"));
        var assessed = (await harbour.Patients.RecordAssessmentAsync(Valid.Assessment(patient, "seen-again"))).Receipt.Version;
        var page = await harbour.Feed.GetPlanChangesAsync(new() { Site = Network.Harbour, Cursor = list.Cursor, IncludeReplicas = true });
        var changes = page.Changes.Where(c => c.Patient == patient).ToList();
        Assert.Equal([null, assessed], changes.Select(c => c.Replica?.Version));
        using var call = harbour.Feed.WatchPlans(new() { Site = Network.Harbour, Cursor = list.Cursor, IncludeReplicas = true, UntilCaughtUp = true });
        var streamed = new List<PlanChange>();
        while (await call.ResponseStream.MoveNext(default).Within())
        {
            streamed.Add(call.ResponseStream.Current.Change);
        }

        Assert.Equal(changes[^1], streamed.Last(c => c?.Patient == patient));
        using var state = JsonDocument.Parse(StateOf(changes[^1].Replica));
        Assert.Equal(["seen-in-the-replica", "seen-again"], state.RootElement.GetProperty("Assessments").EnumerateArray().Select(a => a.GetProperty("Id").GetString()));

        // And nothing of it when it was not asked for.
        Assert.All((await harbour.Feed.ListSitePatientsAsync(new() { Site = Network.Harbour, IncludePlans = true })).Patients, p => Assert.Null(p.Replica));
    }

    [Fact]
    public async Task Nobody_gets_a_replica_but_whom_may_read_all_of_the_patient_otherwise_than_in_an_emergency()
    {
        var patient = await _network.TreatAsync("patients/replica-mine");
        var sections = Enum.GetValues<PlanSection>().Where(s => s != PlanSection.Unspecified).ToList();
        foreach (var of in sections.Select(s => sections.Where(o => o != s)).Prepend(sections))
        {
            await _network.Patients.SetSharingAsync(new()
            {
                RequestId = Valid.Id(),
                Patient = patient,
                Sites = { new SiteGrant { Site = Network.Hill, Sections = { of.Select(s => new SectionGrant { Section = s, Access = SiteAccess.Read }) } } },
                OccurredAt = Valid.At(default),
            });
            var told = await ListedAsync(Network.Hill, patient);
            Assert.Equal((of.Count() == sections.Count, true), (told?.Replica is not null, told?.Plan is not null));
        }

        await _network.ShareAsync(patient);
        Assert.Null(await ListedAsync(Network.Hill, patient));
        var cursor = (await _network.As(Network.Hill).Feed.ListSitePatientsAsync(new() { Site = Network.Hill })).Cursor;
        await _network.As(Network.Hill).Patients.BreakGlassAsync(Valid.Emergency(patient));
        await _network.Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-1"));
        var changes = (await _network.As(Network.Hill).Feed.GetPlanChangesAsync(new() { Site = Network.Hill, Cursor = cursor, IncludeReplicas = true })).Changes;
        Assert.Contains(changes, c => c.Plan is not null);
        Assert.All(changes, c => Assert.Null(c.Replica));
    }

    [Fact]
    public async Task Pages_end_before_the_bytes_that_clients_take_and_nothing_is_missed()
    {
        // Words that hardly shrink: some 30 KB a patient, 6 MB in all.
        var random = new Random(1);
        string[] patients = [.. Enumerable.Range(0, 190).Select(i => $"patients/large-{i}")];
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = 8 };
        await Parallel.ForEachAsync(patients, atOnce, async (patient, stop) => await _network.Patients.EnrolPatientAsync(Valid.Enrolment(patient, Network.Meadow), cancellationToken: stop));
        var consultations = patients.SelectMany(p => Enumerable.Range(0, 5).Select(_ => Valid.Consultation(p))).ToList();
        consultations.ForEach(c => c.Consultation.RisksDiscussed.AddRange(Enumerable.Range(0, 40).Select(_ => Convert.ToBase64String(Bytes(random, 140)))));
        await Parallel.ForEachAsync(consultations, atOnce, async (consultation, stop) => await _network.Patients.RecordConsultationAsync(consultation, cancellationToken: stop));
        var meadow = _network.As(Network.Meadow);
        var (seen, token, pages, bytes) = (new List<string>(), "", 0, 0);
        do
        {
            var page = await meadow.Feed.ListSitePatientsAsync(new() { Site = Network.Meadow, IncludeReplicas = true, PageToken = token });
            Assert.InRange(page.CalculateSize(), 1, MessageBytesMax);
            Assert.All(page.Patients, p => Assert.True(StateOf(p.Replica).Length > 0));
            seen.AddRange(page.Patients.Select(p => p.Patient));
            (token, pages, bytes) = (page.NextPageToken, pages + 1, bytes + page.CalculateSize());
        }
        while (token.Length > 0);
        Assert.Equal(patients.Order(StringComparer.Ordinal), seen);
        Assert.True(pages >= 2 && bytes > MessageBytesMax, $"{bytes} bytes in {pages} pages");

        var (changes, cursor, caughtUp) = (new List<PlanChange>(), "", false);
        while (!caughtUp)
        {
            var page = await meadow.Feed.GetPlanChangesAsync(new() { Site = Network.Meadow, Cursor = cursor, PageSize = 150, IncludeReplicas = true });
            Assert.InRange(page.CalculateSize(), 1, MessageBytesMax);

            // The last of each patient in the page has it, also where the page was cut short, and no other.
            Assert.All(page.Changes.GroupBy(c => c.Patient), of => Assert.Equal([.. Enumerable.Repeat(false, of.Count() - 1), true], of.Select(c => c.Replica is not null)));
            changes.AddRange(page.Changes);
            (cursor, caughtUp) = (page.NextCursor, page.CaughtUp);
        }

        Assert.Equal((await _network.FeedAsync(Network.Meadow)).Select(c => c.Cursor), changes.Select(c => c.Cursor));
    }

    private async Task<SitePatient?> ListedAsync(string site, string patient) =>
        (await _network.As(site).Feed.ListSitePatientsAsync(new() { Site = site, IncludeReplicas = true })).Patients.SingleOrDefault(p => p.Patient == patient);

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>By the contract's words alone.</summary>
    internal static string StateOf(Replica replica)
    {
        var bytes = replica.State.ToByteArray();
        Assert.Equal(1, bytes[0]);
        var json = new byte[BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(1))];
        Assert.True(BrotliDecoder.TryDecompress(bytes.AsSpan(5), json, out var written) && written == json.Length);
        return Encoding.UTF8.GetString(json);
    }
}
