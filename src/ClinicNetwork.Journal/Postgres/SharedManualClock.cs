namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// A clock that stands still until it is advanced. Its time lies in the store's row, which all processes share; each has a copy, read anew
/// before every append, every read of what is due, and now and then. For test stores: an append costs one more read.
/// </summary>
internal sealed class SharedManualClock(long now, ReadConnections connections) : IDatabaseTime
{
    private long _now = now;

    public bool IsManual => true;

    public DateTimeOffset Now => StoredTime.FromStored(Interlocked.Read(ref _now));

    public async Task AdvanceAsync(DateTimeOffset to, CancellationToken cancellationToken) =>
        await ReadAsync("UPDATE store SET manual_now = greatest(manual_now, $1) RETURNING manual_now", cancellationToken, Query.Long(StoredTime.ToStored(to))).ConfigureAwait(false);

    public async ValueTask RefreshAsync(CancellationToken cancellationToken) => await SynchroniseAsync(cancellationToken).ConfigureAwait(false);

    public Task SynchroniseAsync(CancellationToken cancellationToken) => ReadAsync("SELECT manual_now FROM store", cancellationToken);

    private async Task ReadAsync(string sql, CancellationToken cancellationToken, params Npgsql.NpgsqlParameter[] parameters)
    {
        var read = (await connections.ListAsync(sql, row => row.GetInt64(0), cancellationToken, parameters).ConfigureAwait(false))[0];
        var before = Interlocked.Read(ref _now);
        while (read > before)
        {
            var seen = Interlocked.CompareExchange(ref _now, read, before);
            before = seen == before ? read : seen;
        }
    }
}
