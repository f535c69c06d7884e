using System.Globalization;
using ClinicNetwork.Faults.History;

namespace ClinicNetwork.Faults.Run;

/// <summary>Handles, memory and connections of everything that runs.</summary>
internal static class Measurements
{
    private const double BytesPerMiB = 1 << 20;

    public static async Task<IReadOnlyList<Sampled>> TakeAsync(RigNetwork network, string when, CancellationToken cancellationToken)
    {
        var samples = new List<Sampled>();
        foreach (var station in network.A.Where(s => s.Server.IsRunning))
        {
            samples.Add(OfProcess(station.Server.Name, when, station.Server.ProcessId));
        }

        await using var connection = await network.ConnectAsync(cancellationToken);
        await using var command = new Npgsql.NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> 'rig'", connection);
        samples.Add(new("postgres", when, 0, 0, (int)(long)(await command.ExecuteScalarAsync(cancellationToken))!));
        return samples;
    }

    private static Sampled OfProcess(string name, string when, int processId)
    {
        var proc = "/proc/" + processId.ToString(CultureInfo.InvariantCulture);
        var pages = long.Parse(File.ReadAllText(proc + "/statm").Split(' ')[1], CultureInfo.InvariantCulture);
        return new(name, when, Directory.GetFiles(proc + "/fd").Length, Math.Round(pages * Environment.SystemPageSize / BytesPerMiB, 1), 0);
    }
}
