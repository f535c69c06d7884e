using System.Globalization;

namespace ClinicNetwork.BlackBox.Tests.Hosting;

/// <summary>Bounds: nothing here waits for ever, and nothing runs longer than asked.</summary>
internal static class Bounded
{
    /// <summary>Longest wait for anything that should be there at once; generous, because the machine may be busy.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Rounds of the randomised tests: <c>CLINICNETWORK_TEST_ROUNDS</c>, 1 to 10,000, multiplies them (default 1).
    /// <c>CLINICNETWORK_TEST_SEED</c> fixes the seed that a failure printed.
    /// </summary>
    public static int Rounds(int usual) =>
        usual * (int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var times)
            ? Math.Clamp(times, 1, 10_000)
            : 1);

    /// <summary>The seed of a randomised test; the test prints it.</summary>
    public static int Seed() =>
        int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : Random.Shared.Next();

    public static DateTime Deadline => DateTime.UtcNow + Wait;

    public static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(Wait);

    public static Task Within(this Task task) => task.WaitAsync(Wait);

    /// <summary>Polls a condition; fails with its description when it does not come true in time.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var end = Deadline;
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < end, $"not in time: {what}");
            await timer.WaitForNextTickAsync();
        }
    }
}
