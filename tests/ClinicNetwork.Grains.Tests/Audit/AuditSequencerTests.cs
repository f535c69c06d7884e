using System.Security.Cryptography;
using ClinicNetwork.Grains.Audit;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Audit;

namespace ClinicNetwork.Grains.Tests.Audit;

/// <summary>What keeps the tree from growing is told once, with what to do, and its end once.</summary>
public sealed class AuditSequencerTests
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_tree_that_is_not_this_networks_is_one_warning_and_its_end_one_line()
    {
        var (audit, time, log) = (new Rounds(), new TickingTime(), new Lines<AuditSequencer>());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var sequencer = new AuditSequencer(audit, new AuditHeads("incarnation", key, time), time, log);
        await sequencer.StartAsync(default);
        Assert.True(await audit.Asked.WaitAsync(WaitMax));
        foreach (var round in (Func<AuditRound>[])[
            Refused, Refused, Refused, () => AuditRound.Nothing, () => AuditRound.Nothing, () => throw new StoreUnavailableException("away"), () => throw new InvalidOperationException("a bug"), () => AuditRound.Nothing])
        {
            audit.Next = round;
            await time.TickAsync();
            Assert.True(await audit.Asked.WaitAsync(WaitMax));
        }

        await sequencer.StopAsync(default);
        Assert.Equal(
            ["The audit tree waits: not ours", "The audit tree grows again", "The audit tree waits: the database does not answer", "The audit tree grows again"],
            log.Written.Select(line => line.Text));
    }

    private static AuditRound Refused() => AuditRound.Nothing with { Problem = "not ours" };

    private sealed class Rounds : IAuditLog
    {
        public volatile Func<AuditRound> Next = () => AuditRound.Nothing;

        public SemaphoreSlim Asked { get; } = new(0);

        public Task<AuditRound> PlaceAsync(AuditHeads heads, CancellationToken cancellationToken)
        {
            var next = Next;
            Asked.Release();
            return Task.FromResult(next());
        }

        public Task RecordAsync(IReadOnlyList<AccessRecord> accesses, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> FindProblemAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<SignedHead?> ReadHeadAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<SignedHead>> ReadHeadsAsync(long afterNumber, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<PlacedEntry>> ReadEntriesAsync(long from, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<PlacedEntry>> ReadOfSubjectAsync(string subject, long from, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<byte[]>> ReadNodesAsync(int level, long index, int count, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
