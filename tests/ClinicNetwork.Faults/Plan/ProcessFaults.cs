using ClinicNetwork.Faults.Processes;

namespace ClinicNetwork.Faults.Plan;

/// <summary>F1 to F4 and F11: what happens to server processes.</summary>
internal static class ProcessFaults
{
    private static readonly TimeSpan CrashMax = TimeSpan.FromSeconds(20);

    /// <param name="which">Places in cluster a.</param>
    public static Fault Kill(string name, TimeSpan hold, params int[] which) => new(
        $"F1 kill -9 {name}",
        Names(which),
        hold,
        (network, _) => Task.WhenAll(which.Select(i => network.A[i].Server.KillAsync())),
        (network, stop) => Task.WhenAll(which.Select(i => network.StartAsync(network.A[i], stop))));

    /// <summary>Each in turn: SIGTERM, its end, start, ready; then the next.</summary>
    public static Fault RollingRestart() => new(
        "F2 rolling restart",
        "a1 a2 a3",
        TimeSpan.Zero,
        async (network, stop) =>
        {
            foreach (var station in network.A)
            {
                await station.Server.StopAsync();
                await network.StartAsync(station, stop);
            }
        },
        (_, _) => Task.CompletedTask);

    public static Fault Freeze(int which, TimeSpan hold) => new(
        $"F3 pause {hold.TotalSeconds:0} s",
        Names(which),
        hold,
        (network, _) =>
        {
            network.A[which].Server.Pause();
            return Task.CompletedTask;
        },
        async (network, stop) =>
        {
            var station = network.A[which];
            station.Server.Continue();

            // A silo that was declared dead ends itself when it notices; the supervisor starts it again.
            await Pause.ForAsync(TimeSpan.FromSeconds(1), stop);
        });

    /// <summary>A server that ends itself by SIGKILL when it reaches a named point; one that does not get there is killed, and the history says so.</summary>
    public static Fault CrashAt(string name, int which, int after)
    {
        var point = new AwaitedPoint(name);
        return new(
            $"F4 crash {name}",
            $"{Names(which)} after {after} passes",
            TimeSpan.Zero,
            async (network, stop) =>
            {
                var station = network.A[which];
                await station.Server.StopAsync();
                try
                {
                    await network.StartAsync(station, name, after, stop);
                    point.IsServing = true;
                }
                catch (RigException) when (!station.Server.IsRunning)
                {
                    // It reached the point while it was starting.
                }

                point.IsReached = await station.Server.EndedAsync(CrashMax) && station.Server.EndedBySigKill;
                if (station.Server.IsRunning)
                {
                    await station.Server.KillAsync();
                }
            },
            (network, stop) => network.StartAsync(network.A[which], stop)) { Point = point };
    }

    /// <summary>A migration of another database dies in the middle and is run again.</summary>
    public static Fault CrashInMigration(string point, int after) => new(
        "F4 crash in a migration",
        $"{point} after {after} passes",
        TimeSpan.Zero,
        async (network, stop) =>
        {
            await using (var connection = await network.ConnectAsync(stop))
            await using (var command = new Npgsql.NpgsqlCommand("DROP DATABASE IF EXISTS rig_migration", connection))
            {
                await command.ExecuteNonQueryAsync(stop);
                command.CommandText = "CREATE DATABASE rig_migration";
                await command.ExecuteNonQueryAsync(stop);
            }

            var crash = new Dictionary<string, string> { ["CLINICNETWORK_FAULT_POINT"] = point, ["CLINICNETWORK_FAULT_AFTER"] = $"{after}" };
            if (await network.MigrateAsync("rig_migration", crash, stop) == 0)
            {
                throw new RigException($"the migration never reached the point {point}");
            }

            if (await network.MigrateAsync("rig_migration", new Dictionary<string, string>(), stop) != 0)
            {
                throw new RigException("a migration that had crashed could not be run again");
            }
        },
        (_, _) => Task.CompletedTask);

    /// <summary>The second cluster works on the same database, with a cluster id of its own.</summary>
    public static Fault SecondCluster(TimeSpan hold) => new(
        "F11 two clusters",
        "b1",
        hold,
        async (network, stop) =>
        {
            await network.StartAsync(network.B, stop);
            network.B.Gateway.Open = true;
        },
        async (network, _) =>
        {
            network.B.Gateway.Open = false;
            await network.B.Server.StopAsync();
        });

    private static string Names(params int[] which) => string.Join(' ', which.Select(i => $"a{i + 1}"));
}
