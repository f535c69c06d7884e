using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Audit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClinicNetwork.Gateway.Tests.Audit;

/// <summary>Accesses are kept in groups, in bounded memory, and none that was promised is dropped.</summary>
public sealed class AccessLogTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Reads_that_are_equal_within_a_second_become_one_entry_with_a_count_and_others_stay_apart()
    {
        var kept = new Keeper();
        using var log = new AccessLog(kept, TimeProvider.System, NullLogger<AccessLog>.Instance);
        for (var i = 0; i < 30; i++)
        {
            Assert.True(log.TryKeep(Read(i % 2, second: i / 20)));
        }

        await log.StartAsync(default);
        await kept.WaitAsync(4);
        await log.StopAsync(default);
        Assert.Equal([("pt-0", 5, 1), ("pt-0", 10, 0), ("pt-1", 5, 1), ("pt-1", 10, 0)], kept.Accesses.Select(one => (one.Subject, one.Count, one.At.Second)).Order());
    }

    [Fact]
    public async Task A_refusal_returns_when_it_is_durable()
    {
        var kept = new Keeper { Blocked = true };
        using var log = new AccessLog(kept, TimeProvider.System, NullLogger<AccessLog>.Instance);
        await log.StartAsync(default);
        var refusal = log.KeepAsync(Read(1), durable: false);
        await kept.Asked.Task.WaitAsync(Patience);
        Assert.False(refusal.IsCompleted);
        kept.Release();
        Assert.True(await refusal.WaitAsync(Patience));
        Assert.Single(kept.Accesses);
        await log.StopAsync(default);
    }

    [Fact]
    public async Task While_the_database_is_away_refusals_are_answered_reads_wait_in_bounded_places_and_all_are_kept_when_it_is_back()
    {
        var kept = new Keeper { Away = true };
        using var log = new AccessLog(kept, TimeProvider.System, NullLogger<AccessLog>.Instance);
        await log.StartAsync(default);
        Assert.True(await log.KeepAsync(Read(1_000_000), durable: false).WaitAsync(Patience));
        Assert.True(await log.KeepAsync(Read(1_000_001), durable: false).WaitAsync(Patience));
        // What is to leave the network does not, though it is kept when the database is back.
        Assert.False(await log.KeepAsync(Read(1_000_002), durable: true).WaitAsync(Patience));
        var taken = 0;
        while (log.TryKeep(Read(taken)))
        {
            taken++;
            Assert.InRange(taken, 0, AccessLog.WaitingMax);
        }

        Assert.False(await log.KeepAsync(Read(2_000_000), durable: false).WaitAsync(Patience));
        Assert.Empty(kept.Accesses);
        kept.Away = false;
        await kept.WaitAsync(taken + 3);
        Assert.Equal(taken + 3, kept.Accesses.Select(one => one.Subject).Distinct().Count());
        Assert.True(log.TryKeep(Read(3_000_000)));
        await log.StopAsync(default);
    }

    [Fact]
    public async Task What_waits_when_the_host_stops_is_kept_and_nothing_is_taken_afterwards()
    {
        var kept = new Keeper();
        using var log = new AccessLog(kept, TimeProvider.System, NullLogger<AccessLog>.Instance);
        await log.StartAsync(default);
        // It runs: a service that is stopped before it was ever scheduled keeps nothing.
        Assert.True(await log.KeepAsync(Read(-1), durable: true).WaitAsync(Patience));
        for (var i = 0; i < 2_500; i++)
        {
            Assert.True(log.TryKeep(Read(i)));
        }

        await log.StopAsync(default).WaitAsync(Patience);
        Assert.Equal(2_501, kept.Accesses.Count);
        Assert.False(log.TryKeep(Read(1)));
        Assert.False(await log.KeepAsync(Read(1), durable: false).WaitAsync(Patience));
    }

    private static AccessRecord Read(int patient, int second = 0) => new(
        new(2026, 1, 2, 3, 4, second, TimeSpan.Zero), "care.v1.PatientService/GetPlan", "nurse-1", "harbour", "pt-" + patient, "TREAT", "OK", 1);

    /// <summary>An audit that only keeps.</summary>
    private sealed class Keeper : IAuditLog
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SemaphoreSlim _more = new(0);

        public List<AccessRecord> Accesses { get; } = [];

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Blocked { get; init; }

        public volatile bool Away;

        public void Release() => _released.SetResult();

        public async Task WaitAsync(int count)
        {
            while (Accesses.Count < count)
            {
                Assert.True(await _more.WaitAsync(Patience));
            }
        }

        public async Task RecordAsync(IReadOnlyList<AccessRecord> accesses, CancellationToken cancellationToken)
        {
            Asked.TrySetResult();
            if (Away)
            {
                throw new StoreUnavailableException("away");
            }

            if (Blocked)
            {
                await _released.Task;
            }

            Accesses.AddRange(accesses);
            _more.Release();
        }

        public Task<AuditRound> PlaceAsync(AuditHeads heads, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<SignedHead?> ReadHeadAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<SignedHead>> ReadHeadsAsync(long afterNumber, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<PlacedEntry>> ReadEntriesAsync(long from, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<PlacedEntry>> ReadOfSubjectAsync(string subject, long from, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<byte[]>> ReadNodesAsync(int level, long index, int count, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
