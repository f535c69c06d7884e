using System.Data;
using System.Diagnostics;
using System.Security.Cryptography;
using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// One connection that writes what waits, group after group, and tells each caller what became of its command: appended, refused, definitely
/// not written, or unknown. A broken connection is replaced at the next group.
/// </summary>
internal sealed class AppendLane(
    NpgsqlDataSource source, AppendQueue queue, int batchMax, LaneParts parts, Outages outages, WriterCounts counts)
{
    /// <summary>Attempts at one command that met a deadlock or a newer head time.</summary>
    private const int AttemptsMax = 4;

    /// <summary>
    /// No command of a group is begun later than this after the group was taken: with a statement's own patience (a lock's 2 s) a caller is
    /// answered before it stops waiting (10 s).
    /// </summary>
    private static readonly TimeSpan GroupBudget = TimeSpan.FromSeconds(6);

    private NpgsqlConnection? _connection;
    private int _openedIn;
    private long _takenAt;

    private bool IsInTime => Stopwatch.GetElapsedTime(_takenAt) < GroupBudget;

    /// <summary>Runs until the queue is closed and empty.</summary>
    public async Task RunAsync()
    {
        while (await queue.TakeAsync(batchMax).ConfigureAwait(false) is { } taken)
        {
            _takenAt = Stopwatch.GetTimestamp();
            try
            {
                await WriteAsync(taken, attempt: 1).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // A bug here must not end the lane; who has an answer keeps it.
                await DropAsync().ConfigureAwait(false);
                Fail(taken, Failures.Unknown(e));
            }
            finally
            {
                queue.Done(taken);
            }
        }

        await DropAsync().ConfigureAwait(false);
    }

    /// <summary>Answers each of the group; false when there was no connection to write by.</summary>
    private async Task<bool> WriteAsync(IReadOnlyList<PendingAppend> group, int attempt)
    {
        var connection = await TryOpenAsync(group).ConfigureAwait(false);
        if (connection is null)
        {
            return false;
        }

        HashSet<string> inserted;
        try
        {
            inserted = await WriteAsync(connection, group).ConfigureAwait(false);
        }
        catch (PostgresException e) when (Failures.IsRolledBack(e))
        {
            return await WriteAgainAsync(group, attempt, e).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            outages.Report();
            await DropAsync().ConfigureAwait(false);
            Fail(group, Failures.Unknown(e));
            return true;
        }

        var left = new List<PendingAppend>();
        foreach (var append in group)
        {
            if (inserted.Contains(append.Stream))
            {
                Appended(append);
            }
            else if (!append.IsDecided)
            {
                left.Add(append);
            }
        }

        counts.Committed(inserted.Count);
        return left.Count == 0 || await DecideAsync(connection, left, attempt).ConfigureAwait(false);
    }

    private async Task<HashSet<string>> WriteAsync(NpgsqlConnection connection, IReadOnlyList<PendingAppend> group) =>
#if FAULTS
        PlantedDefects.SplitsCommit && !group[0].IsPublication ? await PlantedDefects.WriteAsync(parts.Groups, connection, group).ConfigureAwait(false) :
#endif
        group is [{ IsPublication: true } publication]
            ? await parts.Publications.WriteAsync(connection, publication).ConfigureAwait(false)
            : await parts.Groups.WriteAsync(connection, group).ConfigureAwait(false);

    private void Appended(PendingAppend append)
    {
        if (append.Version == 1)
        {
            parts.Keys.Add(append.Key);
        }

        foreach (var projection in append.Append.Projections)
        {
            if (projection is Projection.FeedReference reference)
            {
                parts.Hints.Written(reference.Site);
            }
            else if (projection is Projection.Erased)
            {
                parts.Keys.Lose(append.Stream, KeyLoss.Erased);
            }
            else if (projection is Projection.HolderDestroyed destroyed)
            {
                parts.Keys.Lose(destroyed.Holder, KeyLoss.Holder);
            }
        }

        append.Decide(new AppendOutcome.Appended(StoredTime.FromStored(append.RecordedAt), append.RowHash));
    }

    /// <summary>The transaction was rolled back: command by command, so that none fails its neighbours.</summary>
    private async Task<bool> WriteAgainAsync(IReadOnlyList<PendingAppend> group, int attempt, PostgresException reason)
    {
        if (group is not [var alone])
        {
            return await EachAloneAsync(group, attempt: 1).ConfigureAwait(false);
        }

        if (Failures.KeyTaken(reason) is { } key)
        {
            alone.Decide(new AppendOutcome.KeyTaken(key));
        }
        else if (Failures.IsStaleHolder(reason))
        {
            alone.Result.Succeed(new AppendVerdict.StaleHolder());
        }
        else if (Failures.MayPass(reason) && attempt < AttemptsMax && IsInTime)
        {
            return await WriteAsync(group, attempt + 1).ConfigureAwait(false);
        }
        else
        {
            alone.Result.Fail(Failures.IsOfTheServer(reason) ? Failures.Busy(reason) : Failures.Failed(reason));
        }

        return true;
    }

    /// <summary>Those for which no time is left are definitely not executed, rather than unknown to callers that no longer wait.</summary>
    private async Task<bool> EachAloneAsync(IReadOnlyList<PendingAppend> appends, int attempt)
    {
        for (var i = 0; i < appends.Count; i++)
        {
            if (!IsInTime)
            {
                Fail(appends.Skip(i), Failures.OutOfTime);
                return true;
            }

            if (!await WriteAsync([appends[i]], attempt).ConfigureAwait(false))
            {
                Fail(appends.Skip(i + 1), Failures.Busy(null));
                return false;
            }
        }

        return true;
    }

    /// <summary>What was not inserted: accepted before, a conflict, or only stamped before its predecessor by a clock that is behind.</summary>
    private async Task<bool> DecideAsync(NpgsqlConnection connection, List<PendingAppend> left, int attempt)
    {
        List<Rival> rivals;
        try
        {
            rivals = await parts.Rivals.FindAsync(connection, left).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Unknown, not "not executed": it may have been accepted under the same request id before.
            outages.Report();
            await DropAsync().ConfigureAwait(false);
            Fail(left, Failures.Unknown(e));
            return true;
        }

        var again = new List<PendingAppend>();
        for (var i = 0; i < left.Count; i++)
        {
            var (append, rival) = (left[i], rivals[i]);
            if (rival.Loss is { } loss)
            {
                parts.Keys.Lose(append.Stream, loss);
                append.Result.Succeed(new AppendVerdict.Lost(loss));
            }
            else if (rival.Earlier is { } earlier)
            {
                append.Result.Succeed(rival.Key is { } key ? new AppendVerdict.Earlier(earlier, key) : new AppendVerdict.Lost(parts.Keys.LossOf(append.Stream) ?? KeyLoss.Erased));
            }
            else if (append.Version != rival.Head + 1 || !CryptographicOperations.FixedTimeEquals(append.Append.BaseHash, rival.HeadHash))
            {
                append.Decide(new AppendOutcome.VersionConflict(rival.Head));
            }
            else if (attempt == AttemptsMax)
            {
                append.Result.Fail(Failures.Busy(null));
            }
            else
            {
                // A clock that is behind another process's must not make a record look older than the one before it.
                append.Stamp(Math.Max(append.RecordedAt, rival.HeadRecordedAt));
                again.Add(append);
            }
        }

        return await EachAloneAsync(again, attempt + 1).ConfigureAwait(false);
    }

    /// <summary>Opens when there is no connection, or one from before an outage that somebody else has met.</summary>
    private async Task<NpgsqlConnection?> TryOpenAsync(IReadOnlyList<PendingAppend> group)
    {
        if (_connection is not null && (_openedIn != outages.Count || _connection.State != ConnectionState.Open))
        {
            await DropAsync().ConfigureAwait(false);
        }

        try
        {
            _openedIn = outages.Count;
            return _connection ??= await source.OpenConnectionAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(group, Failures.Busy(e));
            return null;
        }
    }

    private async Task DropAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static void Fail(IEnumerable<PendingAppend> appends, Exception reason)
    {
        foreach (var append in appends)
        {
            append.Result.Fail(reason);
        }
    }
}

/// <summary>What every lane works with.</summary>
internal sealed record LaneParts(GroupWriter Groups, PublicationWriter Publications, Rivals Rivals, KeyCache Keys, FeedHints Hints);

/// <summary>
/// Counts broken connections of this process: one that was opened before the last of them is likely dead too, and is replaced before a
/// command is sent by it, which is definite, rather than after, which is not.
/// </summary>
internal sealed class Outages
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Report() => Interlocked.Increment(ref _count);
}

/// <summary>Transactions that wrote something.</summary>
internal sealed class WriterCounts
{
    private long _commits;

    public long Commits => Interlocked.Read(ref _commits);

    public void Committed(int commands)
    {
        if (commands > 0)
        {
            Interlocked.Increment(ref _commits);
        }
    }
}
