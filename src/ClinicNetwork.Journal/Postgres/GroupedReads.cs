namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// Reads of the same kind, grouped: who asks while a query runs shares the next one, never one that began before the question. So each costs a share of a query, and still sees every append
/// acknowledged before it.
/// </summary>
/// <param name="groupMax">Reads that share one query at most.</param>
/// <param name="read">The answers in the order of the questions.</param>
internal sealed class GroupedReads<TAsked, TAnswer>(int groupMax, Func<IReadOnlyList<TAsked>, Task<IReadOnlyList<TAnswer>>> read)
{
    /// <summary>Queries at the same time.</summary>
    private const int RunningMax = 2;

    /// <summary>Reads that may wait; one more is <see cref="StoreUnavailableException"/>.</summary>
    private const int WaitingMax = 4_096;

    private readonly Lock _gate = new();
    private readonly List<(TAsked Asked, TaskCompletionSource<TAnswer> Answer)> _asked = [];
    private int _running;

    /// <summary>Who gives up takes no place any more.</summary>
    public async Task<TAnswer> ReadAsync(TAsked asked, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var answer = new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_asked.Count >= WaitingMax && _asked.RemoveAll(one => one.Answer.Task.IsCompleted) == 0)
            {
                throw new StoreUnavailableException("Too many reads wait for the database; try again later.");
            }

            _asked.Add((asked, answer));
            if (_running < RunningMax)
            {
                _running++;
                _ = RunAsync();
            }
        }

        await using var registration = cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken)).ConfigureAwait(false);
        return await answer.Task.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        // Off the caller's thread: a grain must not pay for the others.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (true)
        {
            List<(TAsked Asked, TaskCompletionSource<TAnswer> Answer)> group;
            lock (_gate)
            {
                _asked.RemoveAll(one => one.Answer.Task.IsCompleted);
                group = _asked.GetRange(0, Math.Min(groupMax, _asked.Count));
                _asked.RemoveRange(0, group.Count);
                if (group.Count == 0)
                {
                    _running--;
                    return;
                }
            }

            try
            {
                var answers = await read([.. group.Select(one => one.Asked)]).ConfigureAwait(false);
                for (var i = 0; i < group.Count; i++)
                {
                    group[i].Answer.TrySetResult(answers[i]);
                }
            }
            catch (Exception e)
            {
                foreach (var (_, answer) in group)
                {
                    answer.TrySetException(e);
                }
            }
        }
    }
}
