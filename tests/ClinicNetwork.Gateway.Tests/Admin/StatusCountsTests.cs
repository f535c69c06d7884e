using System.Reflection;
using ClinicNetwork.Gateway.Admin;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Gateway.Tests.Admin;

/// <summary>What is costly to count is counted for all who ask meanwhile.</summary>
public sealed class StatusCountsTests
{
    private const int Callers = 100;

    [Fact]
    public async Task However_many_ask_at_once_it_is_counted_twice()
    {
        var (asked, first) = (0, new TaskCompletionSource<StoreCounts>(TaskCreationOptions.RunContinuationsAsynchronously));
        var counts = new StatusCounts(
            Store.As<IStoreClock>(() => DateTimeOffset.UnixEpoch),
            Store.As<IProjections>(() => Interlocked.Increment(ref asked) == 1 ? first.Task : Task.FromResult(new StoreCounts(2, 0, 0, 0))));
        var answers = Enumerable.Range(0, Callers).Select(_ => counts.ReadAsync(default)).ToList();
        first.SetResult(new(1, 0, 0, 0));
        var told = await Task.WhenAll(answers).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal([1, .. Enumerable.Repeat(2L, Callers - 1)], told.Select(one => one.Counts.Commands));
        Assert.Equal(2, asked);
    }

    /// <summary>Of which one thing is asked.</summary>
    public class Store : DispatchProxy
    {
        private Func<object> _answer = null!;

        public static T As<T>(Func<object> answer)
            where T : class
        {
            var store = Create<T, Store>();
            ((Store)(object)store)._answer = answer;
            return store;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer();
    }
}
