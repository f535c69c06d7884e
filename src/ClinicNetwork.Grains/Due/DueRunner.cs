using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Grains.Due;

/// <summary>
/// Runs what is due: reads due rows in pages and calls the grain that owns each, with a request id made of kind, stream and time, so that
/// a double run does nothing. The row goes in the same transaction as what was due.
/// </summary>
public sealed class DueRunner(IProjections projections, IGrainFactory grains, ILogger<DueRunner> log)
{
    /// <summary>Rows read and run at a time.</summary>
    public const int PageRows = 256;

    /// <summary>Failures after which a run gives up; the next one begins again.</summary>
    private const int FailuresMax = 16 * PageRows;

    /// <summary>Grain calls under way at once.</summary>
    private const int Parallel = 16;

    /// <summary>Runs everything due until a time, in order of time by pages. Returns how many were run and how many failed (they stay due).</summary>
    /// <param name="lease">See <see cref="IProjections.ReadDueAsync"/>.</param>
    public async Task<(int Run, int Failed)> RunAsync(DateTimeOffset until, TimeSpan lease, CancellationToken cancellationToken)
    {
        var run = 0;
        var failed = new ConcurrentDictionary<DueRow, bool>();
        while (true)
        {
            var rows = (await projections.ReadDueAsync(until, PageRows + failed.Count, lease, cancellationToken)).Where(row => !failed.ContainsKey(row)).ToArray();
            if (rows.Length == 0 || failed.Count > FailuresMax)
            {
                return (run, failed.Count);
            }

            await System.Threading.Tasks.Parallel.ForEachAsync(
                rows,
                new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
                async (row, token) => _ = await RunOneAsync(row, token) ? Interlocked.Increment(ref run) > 0 : failed.TryAdd(row, true));
        }
    }

    /// <summary>The request id of a due thing: the same for every attempt.</summary>
    public static CommandOrigin OriginOf(DueRow row)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{row.Kind}|{row.Stream}|{row.At.ToUnixTimeMilliseconds()}")));
        return new("due-" + Convert.ToHexStringLower(hash.AsSpan(0, 16)), hash, "due-loop", null);
    }

    private async Task<bool> RunOneAsync(DueRow row, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await CallAsync(row, OriginOf(row), cancellationToken);
            if (reply.Refusal is { } refusal && !IsPassing(refusal))
            {
                log.LogError("What was due could not be done ({Kind}): {Reason}", row.Kind, refusal.Reason);
            }

            return reply.Refusal is null;
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            // A silo went: it stays due, as after any refusal that passes.
            return false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogError(exception, "What was due could not be done ({Kind}); it stays due", row.Kind);
            return false;
        }
    }

    /// <summary>What the same request id cures by itself; the loop tells once how much waits.</summary>
    private static bool IsPassing(Refusal refusal) => refusal.Reason is "NOT_EXECUTED" or "OUTCOME_UNKNOWN";

    private Task<Reply<Accepted>> CallAsync(DueRow row, CommandOrigin origin, CancellationToken cancellationToken) =>
        Streams.IsPatient(row.Stream) && DueKinds.MilestoneOf(row.Kind) is { } milestone
            ? grains.GetGrain<IPatientGrain>(row.Stream).CloseMilestone(new CloseMilestone(milestone), origin, cancellationToken)
            : Streams.IsRelease(row.Stream) && row.Kind == DueKinds.Publish
                ? grains.GetGrain<IReleaseGrain>(row.Stream).Publish(origin, cancellationToken)
                : throw new InvalidOperationException($"Nothing is known about the due kind {row.Kind}.");
}
