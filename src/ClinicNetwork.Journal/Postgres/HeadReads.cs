namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// Reads of heads, grouped: who asks while a query runs shares the next one, never one that began before the question. So a confirmed read
/// costs a share of a query, and still sees every append acknowledged before it.
/// </summary>
internal sealed class HeadReads(ReadConnections readers)
{
    private const string Heads =
        """
        SELECT coalesce((SELECT j.version FROM journal AS j WHERE j.stream = n.stream ORDER BY j.version DESC LIMIT 1), 0)
        FROM unnest($1::text[]) WITH ORDINALITY AS n(stream, place) ORDER BY n.place
        """;

    /// <summary>Queries at the same time.</summary>
    private const int RunningMax = 2;

    /// <summary>Reads that may wait; one more is <see cref="StoreUnavailableException"/>.</summary>
    private const int WaitingMax = 4_096;

    /// <summary>Reads that share one query at most.</summary>
    private const int GroupMax = 512;

    private readonly Lock _gate = new();
    private readonly List<(string Stream, TaskCompletionSource<long> Head)> _asked = [];
    private int _running;

    /// <summary>Who gives up takes no place any more.</summary>
    public async Task<long> ReadAsync(string stream, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var head = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_asked.Count >= WaitingMax && _asked.RemoveAll(one => one.Head.Task.IsCompleted) == 0)
            {
                throw new StoreUnavailableException("Too many confirmed reads wait for the database; try again later.");
            }

            _asked.Add((stream, head));
            if (_running < RunningMax)
            {
                _running++;
                _ = RunAsync();
            }
        }

        await using var registration = cancellationToken.Register(() => head.TrySetCanceled(cancellationToken)).ConfigureAwait(false);
        return await head.Task.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        // Off the caller's thread: a grain must not pay for the others.
        await Task.Yield();
        while (true)
        {
            List<(string Stream, TaskCompletionSource<long> Head)> group;
            lock (_gate)
            {
                _asked.RemoveAll(one => one.Head.Task.IsCompleted);
                group = _asked.GetRange(0, Math.Min(GroupMax, _asked.Count));
                _asked.RemoveRange(0, group.Count);
                if (group.Count == 0)
                {
                    _running--;
                    return;
                }
            }

            try
            {
                var heads = await readers.ListAsync(Heads, row => row.GetInt64(0), CancellationToken.None, Query.Texts(group, one => one.Stream)).ConfigureAwait(false);
                for (var i = 0; i < group.Count; i++)
                {
                    group[i].Head.TrySetResult(heads[i]);
                }
            }
            catch (Exception e)
            {
                foreach (var (_, head) in group)
                {
                    head.TrySetException(e);
                }
            }
        }
    }
}
