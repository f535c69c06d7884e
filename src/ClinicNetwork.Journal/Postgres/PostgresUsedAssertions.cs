using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <inheritdoc cref="IUsedAssertions"/>
internal sealed class PostgresUsedAssertions(NpgsqlDataSource source) : IUsedAssertions
{
    /// <summary>The primary key arbitrates between gateways. The database's own clock says what may be forgotten: no gateway's does.</summary>
    private const string Use =
        """
        WITH forgotten AS (
            DELETE FROM used_assertion WHERE id IN (
                SELECT id FROM used_assertion WHERE until < (extract(epoch FROM clock_timestamp()) * 1000)::bigint ORDER BY until LIMIT $3 FOR UPDATE SKIP LOCKED))
        INSERT INTO used_assertion (id, until) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT used_assertion_pkey DO NOTHING
        """;

    public async Task<bool> TryUseAsync(byte[] id, DateTimeOffset until, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            return await connection.ExecuteAsync(
                Use, cancellationToken, Query.Bytes(id), Query.Long(StoredTime.ToStored(until)), Query.Int(IUsedAssertions.ForgottenMax)).ConfigureAwait(false) == 1;
        }
        catch (Exception e) when (Failures.IsUnavailable(e))
        {
            if (Failures.IsOutage(e))
            {
                source.Clear();
            }

            throw new StoreUnavailableException($"The database does not answer ({Failures.Brief(e)}); try again later.", e);
        }
    }
}
