using System.Threading.Channels;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Audit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Gateway.Audit;

/// <summary>
/// Accesses on their way into the audit: a bounded queue, written in groups. What is equal but for its time becomes one entry with a count. While the
/// database is away the queue fills and then reads are refused; a killed process loses what it had not written, half a second's reads when the database answers.
/// </summary>
public sealed class AccessLog(IAuditLog audit, TimeProvider time, ILogger<AccessLog> log) : BackgroundService
{
    /// <summary>Accesses that wait at most.</summary>
    public const int WaitingMax = 20_000;

    private const int GroupMax = 1_000;

    /// <summary>An ordinary read waits for others no longer than this.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    private readonly Channel<(AccessRecord Access, TaskCompletionSource<bool>? Kept)> _waiting =
        Channel.CreateBounded<(AccessRecord, TaskCompletionSource<bool>?)>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });

    private readonly SemaphoreSlim _urgent = new(0);

    /// <summary>Completed while the database is away.</summary>
    private volatile TaskCompletionSource _away = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>An ordinary read. False: it must not be answered, since it cannot be kept.</summary>
    public bool TryKeep(AccessRecord access) => _waiting.Writer.TryWrite((access, null));

    /// <summary>Returns when it is durable or waits for a database that is away; false: neither.</summary>
    /// <param name="durable">It is not enough that it waits.</param>
    public async Task<bool> KeepAsync(AccessRecord access, bool durable)
    {
        var kept = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_waiting.Writer.TryWrite((access, kept)))
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
        var failing = false;
        while (await WaitAsync(stoppingToken))
        {
            var group = Take();
            while (await ProblemAsync(group) is { } problem)
            {
                if (!failing)
                {
                    log.LogWarning("The audit of reads waits: {Problem}", problem);
                }

                failing = true;
                _away.TrySetResult();
                if (stoppingToken.IsCancellationRequested)
                {
                    log.LogError("{Count} accesses could not be audited before the end", group.Count + _waiting.Reader.Count);
                    return;
                }

                await Task.Delay(RetryPause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (failing)
            {
                log.LogInformation("The audit of reads goes on");
                _away = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            failing = false;
        }
    }

    /// <summary>Waits for the first access, then for others to gather, unless somebody waits. False: none is left, and the host stops.</summary>
    private async Task<bool> WaitAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (await _waiting.Reader.WaitToReadAsync(stoppingToken) && _waiting.Reader.Count < GroupMax)
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

    private List<(AccessRecord Access, TaskCompletionSource<bool>? Kept)> Take()
    {
        // First: whoever is urgent has put its access into the queue before it said so.
        while (_urgent.Wait(0))
        {
        }

        var group = new List<(AccessRecord, TaskCompletionSource<bool>?)>();
        while (group.Count < GroupMax && _waiting.Reader.TryRead(out var one))
        {
            group.Add(one);
        }

        return group;
    }

    /// <summary>Null: the group is kept.</summary>
    private async Task<string?> ProblemAsync(List<(AccessRecord Access, TaskCompletionSource<bool>? Kept)> group)
    {
        try
        {
            var accesses = group.GroupBy(one => one.Access with { At = new(one.Access.At.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero) })
                .Select(same => same.Key with { At = same.Min(one => one.Access.At), Count = same.Sum(one => one.Access.Count) }).ToList();
            if (accesses.Count > 0)
            {
                await audit.RecordAsync(accesses, CancellationToken.None);
            }

            foreach (var (_, kept) in group)
            {
                kept?.TrySetResult(true);
            }

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
}
