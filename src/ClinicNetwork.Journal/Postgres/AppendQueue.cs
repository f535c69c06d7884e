namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// Appends that wait for a lane, bounded. Of one stream at most one is under way at a time, the next waits behind it: two of one stream in
/// one group could not be told apart, and in two lanes the second would block its whole group on the first.
/// </summary>
internal sealed class AppendQueue(int queueMax, int lanes)
{
    private readonly Lock _gate = new();
    private readonly Queue<PendingAppend> _ready = new();

    /// <summary>Streams with an append that is ready or under way, and what waits behind it.</summary>
    private readonly Dictionary<string, Queue<PendingAppend>?> _streams = new(StringComparer.Ordinal);

    private readonly SemaphoreSlim _signal = new(0);
    private int _waiting;
    private bool _closed;

    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>
    /// Throws <see cref="JournalBusyException"/> when the queue is full, <see cref="ObjectDisposedException"/> when the store is closed; then
    /// nothing is done.
    /// </summary>
    public Task<AppendVerdict> RunAsync(PendingAppend append, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(PostgresStore));
            if (_waiting >= queueMax)
            {
                throw new JournalBusyException("The journal's queue is full; nothing was written, try again later.");
            }

            _waiting++;
            if (_streams.TryGetValue(append.Stream, out var behind))
            {
                (behind ?? (_streams[append.Stream] = new())).Enqueue(append);
            }
            else
            {
                _streams.Add(append.Stream, null);
                MakeReady(append);
            }
        }

        return append.Result.WaitAsync(cancellationToken);
    }

    /// <summary>Waits for work, then takes what is ready, in order, at most so much; never waits for more to come. Null: closed and empty.</summary>
    public async Task<List<PendingAppend>?> TakeAsync(int max)
    {
        while (true)
        {
            lock (_gate)
            {
                var taken = Take(max);
                if (taken.Count > 0 || _closed)
                {
                    return taken.Count > 0 ? taken : null;
                }
            }

            await _signal.WaitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>These are answered; what waited behind them is ready.</summary>
    public void Done(IReadOnlyList<PendingAppend> taken)
    {
        lock (_gate)
        {
            foreach (var append in taken)
            {
                Advance(append.Stream);
            }
        }
    }

    /// <summary>Takes no more; lanes end when nothing is left.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _signal.Release(lanes);
        }
    }

    private List<PendingAppend> Take(int max)
    {
        var taken = new List<PendingAppend>(Math.Min(max, _ready.Count));
        while (taken.Count < max && _ready.TryDequeue(out var append))
        {
            _waiting--;
            if (append.Result.TryTake())
            {
                taken.Add(append);
            }
            else
            {
                Advance(append.Stream);
            }
        }

        return taken;
    }

    private void Advance(string stream)
    {
        if (_streams[stream] is { Count: > 0 } behind)
        {
            MakeReady(behind.Dequeue());
        }
        else
        {
            _streams.Remove(stream);
        }
    }

    private void MakeReady(PendingAppend append)
    {
        _ready.Enqueue(append);
        if (_signal.CurrentCount < lanes)
        {
            _signal.Release();
        }
    }
}
