using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.Protocol.Admin.V1;
using ClinicNetwork.Protocol.Sync.V1;

namespace ClinicNetwork.BlackBox.Tests.Cluster;

/// <summary>A site's first sync of patients whom nobody has active: they are read together, and as the database has them.</summary>
public sealed class ColdSyncTests
{
    /// <summary>More than a gateway reads at once.</summary>
    private const int Patients = 48;

    private const int PageSize = 20;

    [Fact]
    public async Task After_a_kill_it_has_every_acknowledged_write_and_nothing_that_was_revoked_or_erased_before_its_page()
    {
        await using var cluster = await ClusterUnderTest.MigratedAsync();
        var before = await cluster.StartAsync("all", "all");
        using var calls = ClusterUnderTest.Open(before);
        var network = new Network(calls);
        var patients = await ClusterUnderTest.PrepareAsync(network, Patients);
        await network.RegisterAsync(Network.Hill);
        var acknowledged = await Task.WhenAll(patients.Select(async (patient, i) =>
        {
            await network.ShareAsync(patient, Network.Hill);
            return (await network.Patients.RecordAssessmentAsync(Valid.Assessment(patient, $"last-of-{i}"))).Receipt.Version;
        }));
        await Task.WhenAll(before.Select(process => process.KillAsync()));

        var after = await cluster.StartAsync("all", "all");
        using var again = ClusterUnderTest.Open(after);
        network = new(again);
        var hill = network.As(Network.Hill);
        var first = await PageAsync(hill, "");
        var later = patients.Except(first.Patients.Select(p => p.Patient)).ToList();
        var (revoked, erased, kept) = (later[0], later[1], later[2]);
        await network.ShareAsync(revoked);
        await EraseAsync(cluster, after[0], network, erased);
        var written = (await network.Patients.RecordAssessmentAsync(Valid.Assessment(kept, "meanwhile"))).Receipt.Version;
        List<SitePatient> listed = [.. first.Patients];
        for (var token = first.NextPageToken; token.Length > 0;)
        {
            var page = await PageAsync(hill, token);
            listed.AddRange(page.Patients);
            token = page.NextPageToken;
        }

        Assert.Equal(patients.Except([revoked, erased]).Order(StringComparer.Ordinal), listed.Select(p => p.Patient));
        Assert.All(listed, one => Assert.InRange(one.Replica.Version, one.Patient == kept ? written : acknowledged[patients.ToList().IndexOf(one.Patient)], long.MaxValue));
        Assert.All(listed, one => Assert.Equal(one.Replica.Version, one.Version));
    }

    private static async Task EraseAsync(ClusterUnderTest cluster, ServerProcess process, Network network, string patient)
    {
        const string Erasure = "approvals/erase-cold";
        using var certificates = new TestCertificates(cluster.Keys);
        using (var others = process.Open(certificates.Good("role:network-admin")))
        {
            await new Network(others).Approvals.ProposeErasureAsync(Valid.Erasure(Erasure, patient));
        }

        await network.Approvals.ApproveAsync(Valid.Approval((await network.Approvals.GetApprovalAsync(new() { Name = Erasure })).Approval));
        await Bounded.UntilAsync("the patient is erased", async () =>
            (await network.Approvals.GetApprovalAsync(new() { Name = Erasure })).Approval.Status == ApprovalStatus.Executed);
    }

    private static async Task<ListSitePatientsResponse> PageAsync(Network site, string token) =>
        await site.Feed.ListSitePatientsAsync(new() { Site = Network.Hill, PageSize = PageSize, PageToken = token, IncludeReplicas = true }, deadline: DateTime.UtcNow + Bounded.Wait);
}
