using System.Data;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// A bounded number of connections that read. What fails because a connection died is read once more by a new one; what fails then is
/// <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class ReadConnections(NpgsqlDataSource source, Outages outages) : IAsyncDisposable
{
    private const int AttemptsMax = 2;

    private volatile bool _closed;

    /// <summary>For reads of one statement, or of rows that never change.</summary>
    public async Task<T> ReadAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
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
                if (attempt == AttemptsMax)
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
