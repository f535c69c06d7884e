using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>
/// A bounded number of read-only connections. Each read is one transaction, so that everything it decides on is of one moment. The driver
/// blocks its thread, hence the thread pool: a grain's scheduler must not wait for a disk.
/// </summary>
internal sealed class ReaderPool(string file, int readersMax) : IDisposable
{
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private readonly SemaphoreSlim _free = new(readersMax, readersMax);
    private volatile bool _closed;

    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => InTransaction(read), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for reads that are under way.</summary>
    public void Dispose()
    {
        _closed = true;
        for (var i = 0; i < readersMax; i++)
        {
            _free.Wait();
        }

        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }

        _free.Release(readersMax);
    }

    private T InTransaction<T>(Func<SqliteSession, T> read)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(SqliteStore));
        var session = _idle.TryTake(out var idle) ? idle : Open();
        try
        {
            session.Execute("BEGIN");
            var result = read(session);
            session.Execute("COMMIT");
            _idle.Add(session);
            return result;
        }
        catch (Exception e)
        {
            if (e is SqliteException || !TryEnd(session))
            {
                session.Dispose();
            }
            else
            {
                _idle.Add(session);
            }

            throw;
        }
    }

    /// <summary>Read-only by pragma: a connection that is read-only by its mode cannot make the log files when it happens to be the first.</summary>
    private SqliteSession Open()
    {
        var session = SqliteSession.Open(file, SqliteOpenMode.ReadWrite);
        session.RunScript("PRAGMA query_only = ON");
        return session;
    }

    /// <summary>A read that failed for its own reasons (an unknown event) leaves a sound connection behind.</summary>
    private static bool TryEnd(SqliteSession session)
    {
        try
        {
            session.Execute("ROLLBACK");
            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }
}
