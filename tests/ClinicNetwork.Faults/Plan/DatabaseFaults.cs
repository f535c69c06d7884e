using ClinicNetwork.Faults.Run;
using Npgsql;

namespace ClinicNetwork.Faults.Plan;

/// <summary>F5, F9 and F12: what happens to the database.</summary>
internal static class DatabaseFaults
{
    public const string DiskFullName = "F9 disk full";

    public static Fault Kill(TimeSpan hold) => new("F5 PostgreSQL kill -9", "", hold, (n, _) => n.Postgres.KillAsync(), (n, stop) => n.StartPostgresAsync(stop));

    public static Fault Immediate(TimeSpan hold) => new("F5 PostgreSQL immediate stop", "", hold, (n, _) => n.Postgres.StopImmediatelyAsync(), (n, stop) => n.StartPostgresAsync(stop));

    public static Fault Fast(TimeSpan hold) => new("F5 PostgreSQL fast stop", "", hold, (n, _) => n.Postgres.StopAsync(), (n, stop) => n.StartPostgresAsync(stop));

    public static Fault Freeze(TimeSpan hold) => new(
        "F5 PostgreSQL pause",
        $"{hold.TotalSeconds:0} s",
        hold,
        (n, stop) => Task.Run(n.Postgres.Pause, stop),
        (n, _) => Task.Run(n.Postgres.Resume, CancellationToken.None));

    /// <summary>Ends half of the servers' sessions, again and again.</summary>
    public static Fault EndSessions(int rounds) => new(
        "F5 backends terminated",
        $"{rounds} times half of them",
        TimeSpan.Zero,
        async (network, stop) =>
        {
            for (var round = 0; round < rounds; round++)
            {
                await using var connection = await network.ConnectAsync(stop);
                await using var command = new NpgsqlCommand(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE 'clinicnetwork%' AND pid % 2 = @half AND pid <> pg_backend_pid()", connection);
                command.Parameters.AddWithValue("half", round % 2);
                await command.ExecuteScalarAsync(stop);
                await Pause.ForAsync(TimeSpan.FromMilliseconds(300), stop);
            }
        },
        (_, _) => Task.CompletedTask);

    /// <summary>Nothing more fits on the database's disk.</summary>
    public static Fault DiskFull(TimeSpan hold) => new(
        DiskFullName,
        "",
        hold,
        (network, stop) => Task.Run(() => network.Disk?.Fill(), stop),
        async (network, stop) =>
        {
            network.Disk?.Empty();
            if (await Pause.UntilAsync(() => AnswersAsync(network, stop), TimeSpan.FromSeconds(5), stop))
            {
                return;
            }

            // It gives up when it cannot write its log; whoever runs it starts it again.
            await network.Postgres.StopImmediatelyAsync();
            await network.StartPostgresAsync(stop);
        });

    /// <summary>A transaction of somebody else is held open while others commit.</summary>
    public static Fault HeldTransaction(TimeSpan hold)
    {
        NpgsqlConnection? held = null;
        return new(
            "F12 transaction held open",
            $"{hold.TotalSeconds:0} s",
            hold,
            async (network, stop) =>
            {
                held = await network.ConnectAsync(stop);
                await using var command = new NpgsqlCommand("SET idle_in_transaction_session_timeout = 0; BEGIN; SELECT pg_current_xact_id()", held);
                await command.ExecuteScalarAsync(stop);
            },
            async (_, _) =>
            {
                if (held is not null)
                {
                    await held.DisposeAsync();
                }
            });
    }

    private static async Task<bool> AnswersAsync(RigNetwork network, CancellationToken stop)
    {
        try
        {
            await using var connection = await network.ConnectAsync(stop);
            await using var command = new NpgsqlCommand("CREATE TEMPORARY TABLE rig_probe AS SELECT 1", connection);
            await command.ExecuteNonQueryAsync(stop);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
