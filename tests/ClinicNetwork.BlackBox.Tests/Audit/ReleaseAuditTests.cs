using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Releases;

namespace ClinicNetwork.BlackBox.Tests.Audit;

/// <summary>What left the network is an entry, with who took it.</summary>
[Collection(PublishedFixture.ReadOnly)]
public sealed class ReleaseAuditTests(PublishedFixture fixture)
{
    [Fact]
    public async Task What_a_registry_received_is_in_the_audit_of_the_profile()
    {
        var registry = fixture.Registry;
        var batch = (await fixture.BatchesAsync())[0].Name;
        await registry.Releases.GetManifestAsync(new() { Name = batch });
        using (var call = registry.Releases.StreamBatch(new() { Name = batch, PageSize = 1 }))
        {
            // One page is enough: whatever else is sent, it began.
            Assert.True(await call.ResponseStream.MoveNext(default).Within());
        }

        // Both were durable before they were sent; the tree has them within moments.
        var wanted = (string[])["exchange.v1.ReleaseService/GetManifest", "exchange.v1.ReleaseService/StreamBatch"];
        await Bounded.UntilAsync("both are in the audit", async () =>
        {
            var entries = (await fixture.Network.Audit.ListAccessesAsync(new() { Parent = PublishedFixture.Profile, PageSize = 500 })).Entries;
            return wanted.All(action => entries.Any(placed => placed.Entry is { Actor: "registry-a", Site: "", Purpose: "HRESCH", Outcome: "OK" } entry && entry.Action == action));
        });
    }
}
