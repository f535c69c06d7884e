using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Tests.Harness;
using ClinicNetwork.Protocol.Exchange.V1;

namespace ClinicNetwork.Gateway.Tests.Exchange;

/// <summary>A release is long; a host that stops does not wait for its end.</summary>
public sealed class StoppedReleaseTests
{
    [Fact]
    public async Task A_stream_ends_with_a_reason_after_the_pages_under_way_when_the_host_stops()
    {
        using var gateway = new ReleaseGateway();
        gateway.Store.Publish(FakeExchange.Recipient, 1_000, ReleaseGateway.Today);
        var answers = new Answers<StreamBatchResponse>(answer =>
        {
            if (answer.Page?.FirstRow == 20)
            {
                gateway.Life.StopApplication();
            }

            return Task.CompletedTask;
        });

        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => gateway.Service.StreamBatch(new() { Name = "profiles/public-outcomes/batches/1", PageSize = 10 }, answers, ReleaseGateway.Partner()));

        Assert.Equal("SERVER_STOPPING", refused.Refusal.Reason);
        Assert.Equal([0L, 10L, 20L, 30L], answers.Taken.Select(a => a.Page.FirstRow));
    }
}
