namespace ClinicNetwork.Benchmarks.Load;

/// <summary>Each of a number of items handled once, by callers of which each takes the next one when it has ended its last.</summary>
internal static class EachOnce
{
    /// <param name="handle">Given the caller, below <paramref name="callers"/>, and the item, below <paramref name="count"/>.</param>
    public static Task RunAsync(int count, int callers, Func<int, int, Task> handle)
    {
        var taken = 0;
        return Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
        {
            for (var i = Interlocked.Increment(ref taken) - 1; i < count; i = Interlocked.Increment(ref taken) - 1)
            {
                await handle(caller, i);
            }
        }));
    }
}
