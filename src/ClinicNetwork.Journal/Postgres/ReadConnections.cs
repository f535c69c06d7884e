using System.Data;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// A bounded number of connections that read. What fails because a connection died is read once more by a new one; what fails then, is
/// cancelled by the server for taking too long, or finds no free connection in time is <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class ReadConnections(NpgsqlDataSource source, int readersMax, Outages outages) : IAsyncDisposable
{
    private const int AttemptsMax = 2;

    /// <summary>Longest wait for one of the connections to be free.</summary>
    private static readonly TimeSpan PlaceWaitMax = TimeSpan.FromSeconds(3);

    /// <summary>One for each connection: the pool's own wait cannot be told from a server that is not there, and must not count as that.</summary>
    private readonly SemaphoreSlim _places = new(readersMax);

    private volatile bool _closed;

    /// <summary>For reads of one statement, or of rows that never change.</summary>
    public async Task<T> ReadAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(PostgresStore));
        if (!await _places.WaitAsync(PlaceWaitMax, cancellationToken).ConfigureAwait(false))
        {
            throw new StoreUnavailableException("The database is busy with other reads; try again later.");
        }

        try
        {
            return await ReadInPlaceAsync(read, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<T> ReadInPlaceAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(PostgresStore));
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
                return await read(connection, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (Failures.IsUnavailable(e))
            {
                if (attempt == AttemptsMax || !Failures.IsOutage(e))
                {
                    throw new StoreUnavailableException($"The database does not answer ({Failures.Brief(e)}); try again later.", e);
                }

                // Other idle connections are likely as dead as this one.
                outages.Report();
                source.Clear();
            }
        }
    }

    /// <summary>Several statements that see one moment.</summary>
    public Task<T> ReadAtOneMomentAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        ReadAsync(
            async (connection, cancel) =>
            {
                await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel).ConfigureAwait(false);
                return await read(connection, cancel).ConfigureAwait(false);
            },
            cancellationToken);

    public Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) =>
        ReadAsync((connection, cancel) => connection.ListAsync(sql, read, cancel, [.. parameters.Select(parameter => parameter.Clone())]), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        await source.DisposeAsync().ConfigureAwait(false);
    }
}
