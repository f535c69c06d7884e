namespace ClinicNetwork.Benchmarks.Machine;

/// <summary>A measurement's window is time itself; nothing else in this program waits for time.</summary>
internal static class Pause
{
    public static async Task ForAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync(cancellationToken);
    }
}
