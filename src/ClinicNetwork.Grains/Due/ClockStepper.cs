using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Due;

/// <summary>Moves the clock of a test store from one due time to the next, so that everything runs at the time it was due.</summary>
public sealed class ClockStepper(IStoreClock clock, IProjections projections, DueRunner runner)
{
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Moves to a time, running what is due in between. Returns how many things were run.</summary>
    /// <exception cref="DueFailedException">Something due could not be done; the clock stands at its time.</exception>
    public async Task<int> AdvanceAsync(DateTimeOffset to, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var run = 0;
            while (true)
            {
                var next = await projections.ReadNextDueAsync(cancellationToken);
                var step = next is { } due && due < to ? due : to;
                if (step > clock.Now)
                {
                    await clock.AdvanceAsync(step, cancellationToken);
                }

                if (next is null || next > to)
                {
                    return run;
                }

                var (done, failed) = await runner.RunAsync(step, TimeSpan.Zero, cancellationToken);
                run += done;
                if (failed > 0)
                {
                    throw new DueFailedException(failed);
                }
            }
        }
        finally
        {
            _one.Release();
        }
    }
}

/// <summary>Something due could not be done.</summary>
public sealed class DueFailedException(int count) : Exception($"{count} due things could not be done; see the server's log.");
