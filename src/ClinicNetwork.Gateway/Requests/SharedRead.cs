namespace ClinicNetwork.Gateway.Requests;

/// <summary>
/// A costly read of the same for everybody: one is under way at a time, and whoever asks meanwhile shares the next one, so that nobody is answered by a
/// read that began before he asked. However many ask, the database has one to do.
/// </summary>
internal sealed class SharedRead<T>(Func<Task<T>> read)
{
    private readonly Lock _gate = new();
    private Task<T>? _running;

    /// <summary>Begins when <see cref="_running"/> is over.</summary>
    private Task<T>? _next;

    /// <param name="cancellationToken">Of this caller's waiting alone.</param>
    public Task<T> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // One that waits comes first, also when what it waits for is just over: two would be under way.
            if (_next is null && _running is not { IsCompleted: false })
            {
                return (_running = BeginAsync()).WaitAsync(cancellationToken);
            }

            return (_next ??= AfterAsync(_running!)).WaitAsync(cancellationToken);
        }
    }

    private async Task<T> BeginAsync()
    {
        // Not under the lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return await read();
    }

    private async Task<T> AfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            (_running, _next) = (_next, null);
        }

        return await read();
    }
}
