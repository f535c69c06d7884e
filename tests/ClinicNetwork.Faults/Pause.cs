namespace ClinicNetwork.Faults;

/// <summary>Waits that are part of a fault's plan (how long a silo is paused), never for something to come true.</summary>
internal static class Pause
{
    public static async Task ForAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        if (duration <= TimeSpan.Zero)
        {
            return;
        }

        using var timer = new PeriodicTimer(duration);
        await timer.WaitForNextTickAsync(cancellationToken);
    }

    /// <summary>Polls until it is true; false when it was not in time.</summary>
    public static async Task<bool> UntilAsync(Func<Task<bool>> condition, TimeSpan max, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(max);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (!await condition())
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }

            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
