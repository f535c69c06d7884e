namespace ClinicNetwork.Gateway.Identity.Tokens;

/// <summary>Asks every 2 s whether a stream may go on, and cuts it once it may not; not after the call is over, when its context may be another call's.</summary>
internal sealed class StreamWatch : IAsyncDisposable
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly PeriodicTimer _timer;
    private readonly Action _cut;
    private bool _isOver;

    public StreamWatch(Func<Task<bool>> mayGoOn, Action cut, TimeProvider time)
    {
        (_timer, _cut) = (new(Every, time), cut);
        _ = WatchAsync(mayGoOn);
    }

    /// <summary>Does not wait for an answer that is under way; nothing comes of it.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isOver = true;
        }

        _timer.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task WatchAsync(Func<Task<bool>> mayGoOn)
    {
        while (await _timer.WaitForNextTickAsync())
        {
            var good = false;
            try
            {
                good = await mayGoOn();
            }
            finally
            {
                // Also when the question itself failed.
                CutUnless(good);
            }
        }
    }

    private void CutUnless(bool good)
    {
        lock (_gate)
        {
            if (!good && !_isOver)
            {
                _cut();
            }
        }
    }
}
