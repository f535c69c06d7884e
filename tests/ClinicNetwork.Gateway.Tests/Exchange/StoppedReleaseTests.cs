using System.Security.Cryptography;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Exchange;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Gateway.Tests.Harness;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Protocol.Exchange.V1;

namespace ClinicNetwork.Gateway.Tests.Exchange;

/// <summary>A release is long; a host that stops does not wait for its end.</summary>
public sealed class StoppedReleaseTests
{
    [Fact]
    public async Task A_stream_ends_with_a_reason_after_the_page_under_way_when_the_host_stops()
    {
        using var life = new HostLife();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var answers = new Answers<StreamBatchResponse>(answer =>
        {
            if (answer.Page?.FirstRow == 20)
            {
                life.StopApplication();
            }

            return Task.CompletedTask;
        });
        var service = new ReleaseGatewayService(new LongBatch(), new ReleaseSecrets(_ => new byte[32], key), new SignedTokens(new byte[32], "i"), life);

        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => service.StreamBatch(new() { Name = "profiles/public-outcomes/batches/1", PageSize = 10 }, answers, new OneCall()));

        Assert.Equal("SERVER_STOPPING", refused.Refusal.Reason);
        Assert.Equal([0L, 10L, 20L], answers.Taken.Select(a => a.Page.FirstRow));
    }

    private sealed class LongBatch : IReleaseStore
    {
        private const int Rows = 1_000;

        public Task<IReadOnlyList<BatchRecord>> ReadBatchesAsync(int afterNumber, int limit, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<BatchRecord>>([new(1, DateTimeOffset.UnixEpoch, Rows, new byte[32], [1], [1])]);

        public Task<IReadOnlyList<BatchRow>> ReadBatchRowsAsync(int batch, long startRow, int limit, int recipientClass, int k, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<BatchRow>>([.. Enumerable.Range(0, limit).Select(i => new BatchRow(startRow + i, "pt-a", null, new byte[32]))]);

        public Task<IReadOnlyList<PoolPerson>> ReadPoolAsync(int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> CountPoolAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<CellRecord>> ReadCellsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ReadOutcomesAsync(IReadOnlyList<string> persons, string milestone, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
