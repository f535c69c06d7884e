using System.Threading.Channels;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>
/// The one way to write: a bounded queue before one thread. The thread takes whatever waits, up to the batch bound, and commits it as one
/// group; it never waits for more to come, so an idle store answers at once and a busy one fills its groups by itself.
/// </summary>
internal sealed class WriteQueue : IAsyncDisposable
{
    private readonly Channel<WriteJob> _queue;
    private readonly GroupCommit _commit;
    private readonly int _batchMax;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _closing;

    public WriteQueue(GroupCommit commit, int queueMax, int batchMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(queueMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchMax);
        _commit = commit;
        _batchMax = batchMax;
        _queue = Channel.CreateBounded<WriteJob>(new BoundedChannelOptions(queueMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        _thread = new Thread(Run) { IsBackground = true, Name = "journal writer" };
        _thread.Start();
    }

    public int Waiting => _queue.Reader.Count;

    /// <summary>
    /// Throws <see cref="JournalBusyException"/> when the queue is full, <see cref="ObjectDisposedException"/> when the store is closed; then
    /// nothing is done.
    /// </summary>
    public Task<TResult> RunAsync<TResult>(WriteJob<TResult> job, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_queue.Writer.TryWrite(job))
        {
            return job.WaitAsync(cancellationToken);
        }

        ObjectDisposedException.ThrowIf(_queue.Reader.Completion.IsCompleted || _closing, typeof(SqliteStore));
        throw new JournalBusyException("The journal's queue is full; nothing was written, try again later.");
    }

    /// <summary>Takes no more, writes what waits, ends the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        _closing = true;
        _queue.Writer.TryComplete();
        await _ended.Task.ConfigureAwait(false);
    }

    private void Run()
    {
        try
        {
            var group = new List<WriteJob>(_batchMax);
            while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (group.Count < _batchMax && _queue.Reader.TryRead(out var job))
                {
                    if (job.TryTake())
                    {
                        group.Add(job);
                    }
                }

                if (group.Count > 0)
                {
                    Commit(group);
                    group.Clear();
                }
            }
        }
        finally
        {
            _commit.Dispose();
            _ended.TrySetResult();
        }
    }

    /// <summary>Whatever happens, every caller is answered and the thread goes on.</summary>
    private void Commit(List<WriteJob> group)
    {
        try
        {
            _commit.Run(group);
        }
        catch (Exception e)
        {
            foreach (var job in group)
            {
                job.Failed(new OutcomeUnknownException("The journal's writer failed; whether the command took effect shows under the same request id.", e));
            }
        }
    }
}
