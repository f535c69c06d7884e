using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Protocol.Exchange.V1;
using Grpc.Core;

namespace ClinicNetwork.Gateway.Tests.Exchange;

/// <summary>Who gets which table.</summary>
public sealed class StatisticsTests : IDisposable
{
    private const string Profile = "profiles/public-outcomes";

    private readonly ReleaseGateway _gateway = new();

    /// <summary>Publications 1 and 3 gave the recipient a batch; somebody else got a table of each.</summary>
    public StatisticsTests()
    {
        _gateway.Store.Publish(FakeExchange.Recipient, 40, ReleaseGateway.Today.AddMonths(-3));
        _gateway.Store.Publish(FakeExchange.Recipient, 40, ReleaseGateway.Today);
        _gateway.Store.Batches[FakeExchange.Recipient][1] = _gateway.Store.Batches[FakeExchange.Recipient][1] with { Publication = 3 };
        _gateway.Store.Documents.AddRange([Table(FakeExchange.Recipient, 1), Table(FakeExchange.Recipient, 3), .. Enumerable.Range(1, 4).Select(n => Table("registry-b.dua-1", n))]);
    }

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, 3)]
    [InlineData(1, 1)]
    public async Task A_recipient_gets_its_own_table_of_a_publication_or_the_newest(int asked, int given)
    {
        var table = await ReadAsync(ReleaseGateway.Partner(), asked);

        Assert.Equal((given, $"{FakeExchange.Recipient} {given}"), (table.Publication, table.Document.ToStringUtf8()));
        Assert.Equal(64, table.Signature.Length);
    }

    [Fact]
    public async Task Who_got_no_batch_gets_no_table()
    {
        Assert.Equal("STATISTICS_NOT_FOUND", await ReasonAsync(ReleaseGateway.Partner(), 2));
        Assert.Equal("STATISTICS_NOT_FOUND", await ReasonAsync(ReleaseGateway.Partner(), 4));
        Assert.Equal("STATISTICS_NOT_FOUND", await ReasonAsync(ReleaseGateway.NoPartner(), 0));
        Assert.Equal("AGREEMENT_MISSING", await ReasonAsync(ReleaseGateway.Partner("registry-b"), 1));
        _gateway.Store.Batches.Clear();
        Assert.Equal("STATISTICS_NOT_FOUND", await ReasonAsync(ReleaseGateway.Partner(), 0));
    }

    [Fact]
    public async Task An_agreement_that_is_suspended_gets_none()
    {
        _gateway.Store.Agreement = _gateway.Store.Agreement with { Status = "SUSPENDED" };
        Assert.Equal("AGREEMENT_SUSPENDED", await ReasonAsync(ReleaseGateway.Partner(), 0));
    }

    private static Journal.ExchangeDocument Table(string recipient, int publication) =>
        new("statistics", $"outcomes/{recipient}", publication, System.Text.Encoding.UTF8.GetBytes($"{recipient} {publication}"), new byte[64]);

    private Task<GetStatisticsResponse> ReadAsync(ServerCallContext caller, int publication) =>
        _gateway.Service.GetStatistics(new() { Name = Profile, Table = "outcomes", Publication = publication }, caller);

    private async Task<string> ReasonAsync(ServerCallContext caller, int publication) => (await Assert.ThrowsAsync<RefusedException>(() => ReadAsync(caller, publication))).Refusal.Reason;
}
