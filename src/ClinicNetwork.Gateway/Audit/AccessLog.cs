using System.Threading.Channels;
using ClinicNetwork.Grains;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Audit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Gateway.Audit;

/// <summary>
/// Accesses on their way into the audit: a bounded queue, written in groups. What is equal but for its time becomes one entry with a count. While the
/// database is away they go into the <see cref="AccessSpool"/>; when that is full too the queue fills, and then reads are refused. A killed process loses what
/// it had not written, half a second's reads.
/// </summary>
public sealed class AccessLog(IAuditLog audit, AccessSpool spool, TimeProvider time, ILogger<AccessLog> log) : BackgroundService
{
    /// <summary>Accesses that wait at most, beside those in the spool.</summary>
    public const int WaitingMax = 20_000;

    private const int GroupMax = 1_000;

    /// <summary>An ordinary read waits for others no longer than this.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    private readonly Channel<Waiting> _waiting =
        Channel.CreateBounded<Waiting>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });

    private readonly SemaphoreSlim _urgent = new(0);

    /// <summary>Completed while the database is away and the spool takes nothing.</summary>
    private volatile TaskCompletionSource _away = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>An ordinary read. False: it must not be answered, since it cannot be kept.</summary>
    public bool TryKeep(AccessRecord access) => _waiting.Writer.TryWrite(new(access, null, false));

    /// <summary>Returns when it is in the database or the spool, or waits for both; false: neither.</summary>
    /// <param name="durable">Only the database will do.</param>
    public async Task<bool> KeepAsync(AccessRecord access, bool durable)
    {
        var kept = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_waiting.Writer.TryWrite(new(access, kept, durable)))
        {
            return false;
        }

        _urgent.Release();
        await Task.WhenAny(kept.Task, _away.Task);
        return kept.Task.IsCompleted ? await kept.Task : !durable;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await WriteAsync(stoppingToken);
        }
        finally
        {
            // Whoever still waits gets its refusal without it.
            _waiting.Writer.TryComplete();
            while (_waiting.Reader.TryRead(out var left))
            {
                left.Kept?.TrySetResult(false);
            }
        }
    }

    /// <summary>To the end of the queue also when the host stops: its last accesses count as well.</summary>
    private async Task WriteAsync(CancellationToken stoppingToken)
    {
        var trouble = new TroubleLine(log, "The audit of reads waits", "The audit of reads goes on");
        while (await WaitAsync(stoppingToken))
        {
            var group = Take();
            string? problem;
            while ((problem = await ProblemAsync(group)) is not null && !IsSpooled(group))
            {
                trouble.Tell(problem);
                _away.TrySetResult();
                if (stoppingToken.IsCancellationRequested)
                {
                    log.LogError("{Count} accesses could not be audited before the end", group.Accesses.Count + _waiting.Reader.Count);
                    return;
                }

                await Task.Delay(RetryPause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            trouble.Tell(problem);
            if (_away.Task.IsCompleted)
            {
                _away = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Waits for the first access, then for others to gather, unless somebody waits. False: none is left, and the host stops.</summary>
    private async Task<bool> WaitAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (!spool.IsEmpty)
            {
                // Whether anybody comes or not: what is spooled goes into the database as soon as that is back.
                await (_waiting.Reader.Count < GroupMax ? Task.Delay(RetryPause, time, stoppingToken) : Task.CompletedTask);
            }
            else if (await _waiting.Reader.WaitToReadAsync(stoppingToken) && _waiting.Reader.Count < GroupMax)
            {
                await _urgent.WaitAsync(Gather, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            return _waiting.Reader.Count > 0;
        }

        return true;
    }

    private Group Take()
    {
        // First: whoever is urgent has put its access into the queue before it said so.
        while (_urgent.Wait(0))
        {
        }

        var taken = new List<Waiting>();
        while (taken.Count < GroupMax && _waiting.Reader.TryRead(out var one))
        {
            taken.Add(one);
        }

        // Ids once: however often the group is written, by this process or the next, an access stands there once.
        return new(taken, [
            .. taken.GroupBy(one => one.Access with { At = new(one.Access.At.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero) })
                .Select(same => same.Key with { At = same.Min(one => one.Access.At), Count = same.Sum(one => one.Access.Count), EntryId = same.Key.EntryId ?? Guid.CreateVersion7() }),
        ]);
    }

    /// <summary>Null: the group is kept, and all that was spooled before it.</summary>
    private async Task<string?> ProblemAsync(Group group)
    {
        try
        {
            for (; !spool.IsEmpty; spool.Drop())
            {
                await audit.RecordAsync(spool.Peek(), CancellationToken.None);
            }

            if (group.Accesses.Count > 0)
            {
                await audit.RecordAsync(group.Accesses, CancellationToken.None);
            }

            group.Taken.ForEach(one => one.Kept?.TrySetResult(true));
            return null;
        }
        catch (StoreUnavailableException)
        {
            return "the database does not answer";
        }
        catch (Exception exception)
        {
            return exception.GetType().Name;
        }
    }

    private bool IsSpooled(Group group)
    {
        if (group.Accesses.Count > 0 && !spool.TryAppend(group.Accesses))
        {
            return false;
        }

        group.Taken.ForEach(one => one.Kept?.TrySetResult(!one.Durable));
        return true;
    }

    /// <param name="Kept">Told what became of it; null: nobody waits.</param>
    /// <param name="Durable">Only the database will do.</param>
    private readonly record struct Waiting(AccessRecord Access, TaskCompletionSource<bool>? Kept, bool Durable);

    /// <param name="Accesses">What was taken, equal ones as one.</param>
    private sealed record Group(List<Waiting> Taken, List<AccessRecord> Accesses);
}
