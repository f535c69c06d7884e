using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.BlackBox.Tests.Feed;

/// <summary>Whoever asks who saw a patient is told of each plan and replica that left by a site's feed: who, for which site, why. Guarantee 8.</summary>
public sealed class FeedAuditTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private const string Service = "sync.v1.PlanFeedService/";

    private readonly Network _network = fixture.Network;

    [Fact]
    public async Task Each_patient_told_with_plan_or_replica_by_list_page_or_stream_is_an_entry_of_its_audit_and_others_are_none()
    {
        var (whole, section, opened, hidden) = (
            await _network.TreatAsync("patients/told-whole"),
            await _network.TreatAsync("patients/told-section"),
            await _network.TreatAsync("patients/told-opened"),
            await _network.TreatAsync("patients/told-never"));
        using var certificates = new TestCertificates(fixture.Server);
        using var channel = fixture.Server.Open(certificates.Good("role:nurse", "site:hill"));
        var hill = new Network(channel, Network.Hill);
        await _network.ShareAsync(whole, Network.Hill);
        await _network.Patients.SetSharingAsync(new()
        {
            RequestId = Valid.Id(),
            Patient = section,
            Sites = { new SiteGrant { Site = Network.Hill, Sections = { new SectionGrant { Section = PlanSection.Scales, Access = SiteAccess.Read } } } },
            OccurredAt = Valid.At(default),
        });
        await _network.As(Network.Hill).Patients.BreakGlassAsync(Valid.Emergency(opened));

        // Without bodies nothing of a patient is told but that there is something.
        await hill.Feed.ListSitePatientsAsync(new() { Site = Network.Hill });
        await hill.Feed.GetPlanChangesAsync(new() { Site = Network.Hill });
        await hill.FeedAsync(Network.Hill);
        var list = await hill.Feed.ListSitePatientsAsync(new() { Site = Network.Hill, IncludeReplicas = true });
        var page = await hill.Feed.GetPlanChangesAsync(new() { Site = Network.Hill, IncludeReplicas = true });
        using (var call = hill.Feed.WatchPlans(new() { Site = Network.Hill, IncludeReplicas = true, UntilCaughtUp = true }))
        {
            while (await call.ResponseStream.MoveNext(default).Within())
            {
            }
        }

        Assert.Equal([whole], list.Patients.Where(p => p.Replica is not null).Select(p => p.Patient));
        Assert.Equal([whole, section, opened], page.Changes.Where(c => c.Plan is not null).Select(c => c.Patient));
        foreach (var (patient, purpose) in ((string, string)[])[(whole, "TREAT"), (section, "TREAT"), (opened, "BTG")])
        {
            await AssertToldAsync(patient, [.. ((string[])["GetPlanChanges", "ListSitePatients", "WatchPlans"]).Select(rpc => $"{Service}{rpc} tester hill {purpose} OK 1")]);
        }

        await AssertToldAsync(hidden, []);
        await AssertToldAsync(
            Network.Hill, [.. ((string[])["GetPlanChanges", "ListSitePatients", "WatchPlans"]).Select(rpc => $"{Service}{rpc} tester hill TREAT OK 2")]);
    }

    private async Task AssertToldAsync(string of, string[] expected)
    {
        string[] told = [];
        await Bounded.UntilAsync($"{of}: {string.Join(", ", expected)}", async () =>
        {
            told = [.. (await _network.Audit.ListAccessesAsync(new() { Parent = of, PageSize = 500 })).Entries.Select(placed => placed.Entry)
                .Where(e => e.Action.StartsWith(Service, StringComparison.Ordinal))
                .GroupBy(e => $"{e.Action} {e.Actor} {e.Site} {e.Purpose} {e.Outcome}")
                .Select(same => $"{same.Key} {same.Sum(e => e.Count)}").Order(StringComparer.Ordinal)];
            return told.SequenceEqual(expected);
        });
        Assert.Equal(expected, told);
    }
}
