using ClinicNetwork.Gateway.Requests;

namespace ClinicNetwork.Gateway.Tests.Requests;

/// <summary>One read at a time, and none that began before it was asked for.</summary>
public sealed class SharedReadTests
{
    private const int Callers = 200;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Whoever_asks_while_one_is_under_way_shares_the_next()
    {
        var begun = new List<TaskCompletionSource<int>>();
        var asked = new SemaphoreSlim(0);
        var shared = new SharedRead<int>(() =>
        {
            begun.Add(new(TaskCreationOptions.RunContinuationsAsynchronously));
            asked.Release();
            return begun[^1].Task;
        });
        var first = shared.ReadAsync(default);
        Assert.True(await asked.WaitAsync(Soon));
        var others = Enumerable.Range(0, Callers).Select(_ => shared.ReadAsync(default)).ToArray();
        begun[0].SetResult(1);
        Assert.Equal(1, await first.WaitAsync(Soon));
        Assert.True(await asked.WaitAsync(Soon));
        Assert.All(others, other => Assert.False(other.IsCompleted));
        begun[1].SetResult(2);
        Assert.All(await Task.WhenAll(others).WaitAsync(Soon), value => Assert.Equal(2, value));
        Assert.Equal(2, begun.Count);
    }

    [Fact]
    public async Task At_once_every_caller_gets_a_read_that_began_after_it_asked_and_never_two_are_under_way()
    {
        var (time, under, most, reads) = (0L, 0, 0, 0);
        var shared = new SharedRead<long>(async () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref under));
            var began = Interlocked.Increment(ref time);
            Interlocked.Increment(ref reads);
            await Task.Yield();
            Interlocked.Decrement(ref under);
            return began;
        });
        await Parallel.ForEachAsync(Enumerable.Range(0, 50 * Callers), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, end) =>
        {
            var asked = Interlocked.Increment(ref time);
            Assert.True(await shared.ReadAsync(end).WaitAsync(Soon, end) > asked);
        });
        Assert.Equal(1, most);
        Assert.InRange(reads, 1, 50 * Callers - 1);
    }

    [Fact]
    public async Task A_read_that_failed_is_told_to_who_shared_it_and_the_next_one_begins_anew()
    {
        var fails = true;
        var shared = new SharedRead<int>(() => fails ? Task.FromException<int>(new TimeoutException()) : Task.FromResult(7));
        await Assert.ThrowsAsync<TimeoutException>(() => shared.ReadAsync(default).WaitAsync(Soon));
        fails = false;
        Assert.Equal(7, await shared.ReadAsync(default).WaitAsync(Soon));
    }

    [Fact]
    public async Task A_caller_that_goes_away_takes_nothing_from_the_others()
    {
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var shared = new SharedRead<int>(() => answer.Task);
        using var gone = new CancellationTokenSource();
        var (leaves, stays) = (shared.ReadAsync(gone.Token), shared.ReadAsync(default));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves.WaitAsync(Soon));
        answer.SetResult(3);
        Assert.Equal(3, await stays.WaitAsync(Soon));
    }
}
