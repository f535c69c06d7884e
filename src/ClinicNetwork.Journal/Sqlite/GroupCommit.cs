using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>
/// Writes a group of jobs in one transaction and one commit, each in a savepoint, so that one that fails undoes only itself. A group that
/// was definitely rolled back is tried once more, job by job, so that no job can fail its neighbours; but not when somebody else holds the
/// file, which each of them would wait for again, and not for longer than callers wait. Runs on the writer thread only.
/// </summary>
internal sealed class GroupCommit(SqliteSession session, Func<SqliteSession> reopen, WriterHooks? hooks) : IDisposable
{
    /// <summary>No job of a group is begun later than this after the group was: a caller is answered before it stops waiting (10 s).</summary>
    private static readonly TimeSpan GroupBudget = TimeSpan.FromSeconds(6);

    private SqliteSession? _session = session;
    private long _commits;
    private bool _logHoldsErased;

    /// <summary>Transactions committed so far, each with one flush to the disk if it wrote anything.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    private enum Fate
    {
        Committed,

        /// <summary>Definitely nothing was written.</summary>
        RolledBack,

        Unknown,
    }

    public void Run(IReadOnlyList<WriteJob> jobs)
    {
        var begun = Stopwatch.GetTimestamp();
        var fate = Try(jobs, out var failed, out var reason);
        if (fate == Fate.RolledBack && !IsLock(reason))
        {
            var first = reason;
            foreach (var job in jobs)
            {
                IReadOnlyList<WriteJob> alone = [job];
                if (IsLock(reason) || Stopwatch.GetElapsedTime(begun) >= GroupBudget)
                {
                    Answer(alone, Fate.RolledBack, failed, reason ?? first);
                    continue;
                }

                Answer(alone, Try(alone, out failed, out reason), failed, reason);
            }

            return;
        }

        Answer(jobs, fate, failed, reason);
    }

    public void Dispose() => _session?.Dispose();

    private static void Answer(IReadOnlyList<WriteJob> jobs, Fate fate, Dictionary<WriteJob, Exception> failed, Exception? reason)
    {
        foreach (var job in jobs)
        {
            if (fate == Fate.Unknown)
            {
                job.Failed(new OutcomeUnknownException("The commit failed; whether it took effect shows under the same request id.", reason));
            }
            else if (fate == Fate.RolledBack)
            {
                job.Failed(new JournalBusyException($"The journal could not be written ({reason?.Message}); nothing was written, try again later."));
            }
            else if (failed.TryGetValue(job, out var error))
            {
                job.Failed(new AppendFailedException($"The journal refused a command ({error.GetType().Name}); nothing was written.", error));
            }
            else
            {
                job.Committed();
            }
        }
    }

    private Fate Try(IReadOnlyList<WriteJob> jobs, out Dictionary<WriteJob, Exception> failed, out Exception? reason)
    {
        failed = [];
        reason = null;
        var committing = false;
        try
        {
            _session ??= reopen();
            _session.Execute("BEGIN IMMEDIATE");
            foreach (var job in jobs)
            {
                WriteOne(_session, job, failed);
            }

            hooks?.BeforeCommit?.Invoke();
            committing = true;
            _session.Execute("COMMIT");
            Interlocked.Increment(ref _commits);
            hooks?.AfterCommit?.Invoke();
            _logHoldsErased |= jobs.Any(job => job.Erases);
            EmptyLog(_session);
            return Fate.Committed;
        }
        catch (Exception e)
        {
            reason = e;
            var undone = TryUndo(e, committing);
            if (!undone)
            {
                Drop();
            }

            return undone || !committing ? Fate.RolledBack : Fate.Unknown;
        }
    }

    /// <summary>Into the database, whose deleted content is overwritten, and off the log. When a reader is in the way the next commit tries again.</summary>
    private void EmptyLog(SqliteSession session)
    {
        if (!_logHoldsErased)
        {
            return;
        }

        try
        {
            _logHoldsErased = session.Number("PRAGMA wal_checkpoint(TRUNCATE)") != 0;
        }
        catch (SqliteException)
        {
            // Committed all the same.
        }
    }

    private static void WriteOne(SqliteSession session, WriteJob job, Dictionary<WriteJob, Exception> failed)
    {
        session.Execute("SAVEPOINT job");
        try
        {
            job.Write(session);
            if (!job.IsRefusal)
            {
                session.Execute("RELEASE job");
                return;
            }
        }
        catch (Exception e)
        {
            if (session.IsAutocommit || IsOfTheStore(e))
            {
                // SQLite undid the whole transaction, or the next job would meet the same: nobody's command is to blame.
                throw;
            }

            failed.Add(job, e);
        }

        session.Execute("ROLLBACK TO job");
        session.Execute("RELEASE job");
    }

    /// <summary>Another process holds the file; the session has waited for it.</summary>
    private static bool IsLock(Exception? e) => e is SqliteException { SqliteErrorCode: raw.SQLITE_BUSY };

    /// <summary>Full, unreadable or locked: a state of the disk and not of a command.</summary>
    private static bool IsOfTheStore(Exception e) =>
        e is SqliteException { SqliteErrorCode: raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_BUSY or raw.SQLITE_NOMEM };

    /// <summary>
    /// True when nothing of the transaction can come back: it was rolled back before COMMIT, or COMMIT failed by a full disk or a lock, which
    /// SQLite reports before the commit mark is in the log. After any other failed COMMIT (a flush above all) the mark may be on the disk.
    /// </summary>
    private bool TryUndo(Exception e, bool committing)
    {
        if (_session is null)
        {
            return true;
        }

        if (committing && e is not SqliteException { SqliteErrorCode: raw.SQLITE_FULL or raw.SQLITE_BUSY })
        {
            return false;
        }

        try
        {
            if (!_session.IsAutocommit)
            {
                _session.Execute("ROLLBACK");
            }

            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    /// <summary>A connection in doubt is closed; the next group opens another, which reads what is really there.</summary>
    private void Drop()
    {
        _session?.Dispose();
        _session = null;
    }
}
