using System.Security.Cryptography;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Exchange;
using ClinicNetwork.Gateway.Tests.Harness;
using ClinicNetwork.Journal;
using ClinicNetwork.Protocol.Exchange.V1;
using Grpc.Core;

namespace ClinicNetwork.Gateway.Tests.Exchange;

/// <summary>What a recipient gets of a batch, and when it is cut.</summary>
public sealed class ReleaseStreamTests : IDisposable
{
    private const string First = "profiles/public-outcomes/batches/1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ReleaseGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task Rows_have_the_agreement_s_columns_their_checksum_and_their_leaves()
    {
        _gateway.Store.Publish(FakeExchange.Recipient, 23, ReleaseGateway.Today);

        var answers = await StreamAsync(new() { Name = First, StartRow = 3, PageSize = 10 });

        Assert.Equal([3L, 13L], answers.SkipLast(1).Select(a => a.Page.FirstRow));
        Assert.Equal(23, answers[^1].Trailer.RowCount);
        Assert.All(answers.SkipLast(1).SelectMany(a => a.Page.Rows), row => Assert.True(row.Leaf.Length == 32 ? row.Values.Count == 0 : row.Values.Count == ReleaseProfiles.Always.Length));
        Assert.All(answers.SkipLast(1), a => Assert.Equal(SHA256.HashData([.. a.Page.Rows.SelectMany(LeafOf)]), a.Page.Checksum.ToByteArray()));
        Assert.Equal(["pseudonym", "c-00000000000000aa", "WEEK_4", "female", "30-34", "ketamine-iv", "SEVERE", "MEASURED", ""], (string[])["pseudonym", .. answers[0].Page.Rows[0].Values.Skip(1)]);
    }

    [Fact]
    public async Task Pages_are_bounded_whatever_is_asked_and_at_the_end_only_the_trailer_comes()
    {
        _gateway.Store.Publish(FakeExchange.Recipient, 2_500, ReleaseGateway.Today);

        Assert.Equal([1_000, 1_000, 500], (await StreamAsync(new() { Name = First, PageSize = 50_000 })).SkipLast(1).Select(a => a.Page.Rows.Count));
        Assert.Equal(500, (await StreamAsync(new() { Name = First }))[0].Page.Rows.Count);
        Assert.Equal(2_500, Assert.Single(await StreamAsync(new() { Name = First, StartRow = 2_500 })).Trailer.RowCount);
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_is_cut_and_only_two_pages_were_read()
    {
        _gateway.Store.Publish(FakeExchange.Recipient, 100, ReleaseGateway.Today);
        var read = new List<long>();
        _gateway.Store.Reading = read.Add;
        var stuck = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        var answers = new Answers<StreamBatchResponse>(_ =>
        {
            stuck.TrySetResult();
            return never.Task;
        });

        var streaming = _gateway.Service.StreamBatch(new() { Name = First, PageSize = 10 }, answers, ReleaseGateway.Partner());
        await stuck.Task.WaitAsync(Patience);
        _gateway.Time.Pass(ReleaseStream.SlowAfter - TimeSpan.FromSeconds(1));
        Assert.False(streaming.IsCompleted);
        _gateway.Time.Pass(TimeSpan.FromSeconds(1));

        var refused = await Assert.ThrowsAsync<RefusedException>(() => streaming.WaitAsync(Patience));
        Assert.Equal(("SLOW_CONSUMER", StatusCode.Unavailable), (refused.Refusal.Reason, RefusalStatus.CodeOf(refused.Refusal.Kind)));
        Assert.Equal([0L, 10L], read);
    }

    [Theory]
    [InlineData("SUSPENDED", "AGREEMENT_SUSPENDED")]
    [InlineData("ENDED", "AGREEMENT_ENDED")]
    public async Task An_agreement_taken_back_ends_a_stream_under_way_with_the_page_that_was_read(string status, string reason)
    {
        _gateway.Store.Publish(FakeExchange.Recipient, 100, ReleaseGateway.Today);
        var taken = new List<StreamBatchResponse>();
        _gateway.Store.Reading = row =>
        {
            if (row == 20)
            {
                _gateway.Store.Agreement = _gateway.Store.Agreement with { Status = status };
            }
        };

        var refused = await Assert.ThrowsAsync<RefusedException>(() => StreamAsync(new() { Name = First, PageSize = 10 }, taken));

        Assert.Equal(reason, refused.Refusal.Reason);
        Assert.Equal([0L, 10L, 20L], taken.Select(a => a.Page.FirstRow));
    }

    [Fact]
    public async Task Another_agreement_by_now_does_not_go_on_with_the_old_one_s_batch()
    {
        _gateway.Store.Publish(FakeExchange.Recipient, 100, ReleaseGateway.Today);
        _gateway.Store.Reading = row => _gateway.Store.Agreement = row < 20 ? _gateway.Store.Agreement : _gateway.Store.Agreement with { Agreement = "registry-a.dua-2" };

        var refused = await Assert.ThrowsAsync<RefusedException>(() => StreamAsync(new() { Name = First, PageSize = 10 }));

        Assert.Equal("BATCH_NOT_FOUND", refused.Refusal.Reason);
    }

    [Fact]
    public async Task The_rows_of_a_day_are_counted_before_they_are_sent_and_the_next_day_goes_on()
    {
        _gateway.Store.Publish(FakeExchange.Recipient, 3_000, ReleaseGateway.Today);
        _gateway.Store.Agreement = _gateway.Store.Agreement with { Quota = 1_200 };
        var taken = new List<StreamBatchResponse>();

        var refused = await Assert.ThrowsAsync<RefusedException>(() => StreamAsync(new() { Name = First, PageSize = 400 }, taken));
        Assert.Equal(("QUOTA_EXCEEDED", StatusCode.ResourceExhausted), (refused.Refusal.Reason, RefusalStatus.CodeOf(refused.Refusal.Kind)));
        Assert.Equal(1_200, taken.Sum(a => a.Page.Rows.Count));

        _gateway.Clock.Now += TimeSpan.FromDays(1);
        taken.Clear();
        await Assert.ThrowsAsync<RefusedException>(() => StreamAsync(new() { Name = First, StartRow = 1_200, PageSize = 400 }, taken));
        Assert.Equal([1_200L, 1_600L, 2_000L], taken.Select(a => a.Page.FirstRow));
    }

    [Fact]
    public async Task Each_recipient_has_batches_of_its_own_and_who_has_no_partner_those_of_before_agreements()
    {
        _gateway.Store.Publish(FakeExchange.Recipient, 7, ReleaseGateway.Today);
        _gateway.Store.Publish(IExchangeStore.LocalRecipient, 5, ReleaseGateway.Today);
        _gateway.Store.Publish(IExchangeStore.LocalRecipient, 6, ReleaseGateway.Today);

        Assert.Equal([7L], (await _gateway.Service.ListBatches(new() { Parent = "profiles/public-outcomes" }, ReleaseGateway.Partner())).Batches.Select(b => b.RowCount));
        Assert.Equal([5L, 6L], (await _gateway.Service.ListBatches(new() { Parent = "profiles/public-outcomes" }, ReleaseGateway.NoPartner())).Batches.Select(b => b.RowCount));
        Assert.Equal("BATCH_NOT_FOUND", await ReasonAsync(() => _gateway.Service.GetManifest(new() { Name = "profiles/public-outcomes/batches/2" }, ReleaseGateway.Partner())));
        Assert.Equal("AGREEMENT_MISSING", await ReasonAsync(() => _gateway.Service.GetManifest(new() { Name = First }, ReleaseGateway.Partner("registry-b"))));
        Assert.Equal("AGREEMENT_MISSING", await ReasonAsync(() => _gateway.Service.ListBatches(new() { Parent = "profiles/research-outcomes" }, ReleaseGateway.NoPartner())));
        Assert.Equal("AGREEMENT_MISSING", await ReasonAsync(() => _gateway.Service.AcknowledgeBatch(new() { Name = First, RequestId = "12345678" }, ReleaseGateway.NoPartner())));
    }

    [Fact]
    public async Task Re_key_lists_come_in_pages_that_a_message_takes()
    {
        const int ListBytes = 3 * 1024 * 1024;
        _gateway.Store.Documents.AddRange(Enumerable.Range(1, 7).Select(n => new ExchangeDocument("rekey", FakeExchange.Recipient, n, new byte[n > 4 ? 100 : ListBytes], new byte[64])));
        var (numbers, token) = (new List<int>(), "");
        do
        {
            var page = await _gateway.Service.ListRekeys(new() { Parent = "profiles/public-outcomes", PageToken = token }, ReleaseGateway.Partner());
            Assert.InRange(page.CalculateSize(), 0, 4 * 1024 * 1024);
            numbers.AddRange(page.Rekeys.Select(one => one.Number));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        Assert.Equal(Enumerable.Range(1, 7), numbers);
    }

    [Theory]
    [InlineData("profiles/public-outcomes/batches/0", "BATCH_NOT_FOUND")]
    [InlineData("profiles/public-outcomes/batches/01x", "BATCH_NOT_FOUND")]
    [InlineData("profiles/none/batches/1", "BATCH_NOT_FOUND")]
    [InlineData("profiles/public-outcomes/batches/99999999999", "BATCH_NOT_FOUND")]
    [InlineData("", "BATCH_NOT_FOUND")]
    public async Task A_name_of_no_batch_is_refused(string name, string reason) =>
        Assert.Equal(reason, await ReasonAsync(() => _gateway.Service.GetManifest(new() { Name = name }, ReleaseGateway.Partner())));

    [Fact]
    public async Task The_audit_is_told_to_whom_which_rows_went_also_when_the_stream_is_cut()
    {
        _gateway.Store.Publish(FakeExchange.Recipient, 100, ReleaseGateway.Today);
        _gateway.Store.Agreement = _gateway.Store.Agreement with { Quota = 30 };
        var call = ReleaseGateway.Partner();

        await Assert.ThrowsAsync<RefusedException>(() => _gateway.Service.StreamBatch(new() { Name = First, StartRow = 5, PageSize = 10 }, new Answers<StreamBatchResponse>(), call));

        Assert.Equal("OK registry-a.dua-1 batch 1 rows 5+30", Entries.DeliveredBy(call));
    }

    private static byte[] LeafOf(ReleasedRow row) =>
        row.Leaf.Length > 0 ? row.Leaf.ToByteArray() : SHA256.HashData([0, .. row.Salt, .. System.Text.Encoding.UTF8.GetBytes(string.Join('\t', row.Values))]);

    private static async Task<string> ReasonAsync(Func<Task> call) => (await Assert.ThrowsAsync<RefusedException>(call)).Refusal.Reason;

    private async Task<IReadOnlyList<StreamBatchResponse>> StreamAsync(StreamBatchRequest request, List<StreamBatchResponse>? taken = null)
    {
        taken ??= [];
        await _gateway.Service.StreamBatch(request, new Answers<StreamBatchResponse>(answer =>
        {
            taken.Add(answer);
            return Task.CompletedTask;
        }), ReleaseGateway.Partner()).WaitAsync(Patience);
        return taken;
    }
}
