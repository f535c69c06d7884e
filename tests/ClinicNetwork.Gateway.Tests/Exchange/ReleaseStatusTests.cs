using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Grains.Releases;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Gateway.Tests.Exchange;

/// <summary>How far a feed is, who is late, and what its columns say.</summary>
public sealed class ReleaseStatusTests : IDisposable
{
    private const string Profile = "profiles/public-outcomes";

    private static readonly DateTimeOffset January = new(2026, 1, 1, 6, 0, 0, TimeSpan.Zero);

    private readonly ReleaseGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task Before_the_first_batch_there_is_a_next_day_and_nothing_else()
    {
        var status = await _gateway.Service.GetFeedStatus(new() { Name = Profile }, ReleaseGateway.Partner());

        Assert.Equal((0, 0L, "", "2026-04-01", "", 0, "partners/registry-a/agreements/dua-1"),
            (status.Batches, status.Rows, status.LastPublishedOn, status.NextPublicationOn, status.Waiting, status.Acknowledged, status.Recipient));
    }

    [Fact]
    public async Task What_batches_after_the_acknowledged_one_tell_is_to_be_honoured_since_the_first_that_tells_it()
    {
        _gateway.Store.Publish(FakeExchange.Recipient, 40, January.AddMonths(-1));
        _gateway.Store.Publish(FakeExchange.Recipient, 10, January, """[{"batch":1,"rows":[3]}]""", January.AddDays(2));
        _gateway.Store.Publish(FakeExchange.Recipient, 10, January.AddMonths(1));
        _gateway.Store.Publish(FakeExchange.Recipient, 5, January.AddMonths(2), """[{"batch":1,"rows":[5,9]},{"batch":3,"rows":[1]}]""");

        var status = await _gateway.Service.GetFeedStatus(new() { Name = Profile }, ReleaseGateway.Partner());

        Assert.Equal((4, 65L, "2026-03-01", "fewer than 11", "410", 2), (status.Batches, status.Rows, status.LastPublishedOn, status.Waiting, status.Promised, status.Acknowledged));
        Assert.Equal((3L, January.AddMonths(2).ToTimestamp()), (status.TombstonesToHonour, status.TombstonesSince));
    }

    [Fact]
    public async Task A_recipient_is_late_by_what_it_did_not_acknowledge_for_more_than_14_days()
    {
        _gateway.Store.Publish(FakeExchange.Recipient, 40, January, acknowledgedAt: January);
        _gateway.Store.Publish(FakeExchange.Recipient, 5, ReleaseGateway.Today.AddDays(-14), """[{"batch":1,"rows":[5]}]""");
        Assert.Empty((await _gateway.Service.ListLateRecipients(new(), ReleaseGateway.NoPartner())).Recipients);

        _gateway.Clock.Now += TimeSpan.FromSeconds(1);
        var late = Assert.Single((await _gateway.Service.ListLateRecipients(new(), ReleaseGateway.NoPartner())).Recipients);

        Assert.Equal(("partners/registry-a/agreements/dua-1", "partners/registry-a", Profile, 2, 1, 1L),
            (late.Agreement, late.Partner, late.Profile, late.Batches, late.Acknowledged, late.TombstonesToHonour));
        Assert.Equal(ReleaseGateway.Today.AddDays(-14).ToTimestamp(), late.Since);
    }

    [Fact]
    public async Task Capabilities_tell_what_is_left_of_today_and_take_nothing_of_it()
    {
        _gateway.Store.Agreement = _gateway.Store.Agreement with { Quota = 5_000 };
        await _gateway.Store.AddUseAsync(FakeExchange.Recipient, (int)(ReleaseGateway.Today - DateTimeOffset.UnixEpoch).TotalDays, 1_500, default);

        for (var again = 0; again < 2; again++)
        {
            var told = await _gateway.Service.GetCapabilities(new(), ReleaseGateway.Partner());

            Assert.Equal((1_000, 500, 11), (told.PageRowsMax, told.PageRowsUsual, told.K));
            Assert.Equal([(Profile, 5_000L, 3_500L), ("profiles/research-outcomes", 0L, 0L)], told.Profiles.Select(p => (p.Name, p.QuotaRows, p.QuotaRowsLeft)));
        }
    }

    [Fact]
    public async Task Every_column_that_there_is_has_a_meaning_and_its_values_or_their_form()
    {
        _gateway.Store.Agreement = _gateway.Store.Agreement with { Fields = ReleaseProfiles.Canonical };

        var dictionary = await _gateway.Service.GetDataDictionary(new() { Name = Profile }, ReleaseGateway.Partner());

        Assert.Equal(ReleaseProfiles.Canonical, dictionary.Columns.Select(c => c.Name));
        Assert.All(dictionary.Columns, column => Assert.True(column.Meaning.Length > 20 && (column.Values.Count > 1 || column.Pattern.Length > 0), column.Name));
        Assert.Equal(PublicOutcomes.Policy.Grid.Attributes.Select(a => a.Name), dictionary.Columns.Where(c => c.QuasiIdentifier).Select(c => c.Name));
        Assert.Equal(RecipientForm.Local(null!).Columns, (await _gateway.Service.GetDataDictionary(new() { Name = Profile }, ReleaseGateway.NoPartner())).Columns.Select(c => c.Name));
    }

    [Fact]
    public async Task An_unknown_profile_is_refused() => Assert.Equal("PROFILE_NOT_FOUND", (await Assert.ThrowsAsync<RefusedException>(
        () => _gateway.Service.GetFeedStatus(new() { Name = "profiles/none" }, ReleaseGateway.Partner()))).Refusal.Reason);
}
