using Npgsql;

namespace ClinicNetwork.Journal.Tests.Postgres;

/// <summary>A transaction of somebody else that stays open, for example with a lock on a table; ends when it is disposed.</summary>
internal sealed class OpenTransaction : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;

    private OpenTransaction(NpgsqlDataSource source, NpgsqlConnection connection) => (_source, _connection) = (source, connection);

    public static async Task<OpenTransaction> BeginAsync(string connectionString, string sql)
    {
        var source = PostgresInstance.Source(connectionString);
        var connection = await source.OpenConnectionAsync();
        var transaction = new OpenTransaction(source, connection);
        await transaction.RunAsync("BEGIN; " + sql);
        return transaction;
    }

    public Task CommitAsync() => RunAsync("COMMIT");

    public async Task RunAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _source.DisposeAsync();
    }
}

/// <summary>Bounded waits for conditions.</summary>
internal static class Until
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task TrueAsync(string what, Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            Assert.False(patience.IsCancellationRequested, "not in time: " + what);
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Until a session of the store waits for a lock.</summary>
    public static Task BlockedAsync(string connectionString) => TrueAsync(
        "a writer waits for a lock",
        () => PostgresInstance.ScalarAsync<bool>(
            connectionString,
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name LIKE '%-write'"));
}
