using ClinicNetwork.BlackBox.Tests.Care;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Releases;

/// <summary>A registry's feed through a running server: what it acknowledges, what is late, and what an agreement taken back ends.</summary>
public sealed class PartnerFeedTests(PublishedFixture fixture) : IClassFixture<PublishedFixture>
{
    [Fact]
    public async Task A_pull_acknowledges_and_the_status_says_so_and_without_an_agreement_nothing_is_given()
    {
        Assert.Equal(0, (await fixture.Registry.Releases.GetFeedStatusAsync(new() { Name = PublishedFixture.Profile })).Acknowledged);
        using var folder = await PulledFolder.PullAsync(fixture);
        var status = await fixture.Registry.Releases.GetFeedStatusAsync(new() { Name = PublishedFixture.Profile });
        Assert.Equal((status.Batches, RegistryPartner.Agreement, 0L), (status.Acknowledged, status.Recipient, status.TombstonesToHonour));
        Assert.Empty((await fixture.Network.Releases.ListLateRecipientsAsync(new())).Recipients);

        // Who comes without a partner gets what was published before there were agreements: nothing.
        Assert.Empty((await fixture.Network.Releases.ListBatchesAsync(new() { Parent = PublishedFixture.Profile })).Batches);

        await fixture.Network.Partners.SuspendAgreementAsync(new() { RequestId = Valid.Id(), Agreement = RegistryPartner.Agreement, Reason = "A question." });
        await RefusalSeen.AssertAsync(StatusCode.FailedPrecondition, "AGREEMENT_SUSPENDED", async () => await fixture.RowsAsync($"{PublishedFixture.Profile}/batches/1"));
    }
}
