using System.Diagnostics;
using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Load;
using ClinicNetwork.Benchmarks.Machine;
using ClinicNetwork.Benchmarks.Patients;
using ClinicNetwork.Benchmarks.Rig;
using ClinicNetwork.Protocol.Sync.V1;

namespace ClinicNetwork.Benchmarks.Lines;

/// <summary>A site that begins at the start of its feed.</summary>
internal static class FeedLine
{
    /// <summary>A round ends here when the feed is longer.</summary>
    private const int RowsMax = 200_000;

    private const string Select = "SELECT of the same rows";

    public static async Task<Result> MeasureAsync(Bench bench, CancellationToken cancellationToken)
    {
        var contenders = new List<Contender>();
        foreach (var layout in Layouts.All)
        {
            var network = await bench.InUseAsync(layout, cancellationToken);
            if (layout == Layout.CoHosted)
            {
                contenders.Add(new(Select, "", token => SelectAsync(network, new CpuMeter(bench.PostgresProcessId), token)));
            }

            contenders.Add(new(Layouts.Name(layout), Select, token => WatchAsync(network.Running.Door, bench.CpuOf(network), token)));
        }

        var table = await Contest.RunAsync(bench, "feed of one site from the start", "rows/s", contenders, cancellationToken);
        return new("feed", [table], [], [$"One reader, at most {RowsMax:N0} rows a round; the feed's rows are references. The SELECT is one statement in the feed's order, read by Npgsql in this process."]);
    }

    private static async Task<Sample> WatchAsync(Door door, CpuMeter cpu, CancellationToken cancellationToken)
    {
        using var channel = Clients.Open(door);
        var (before, begin, rows) = (cpu.Read(), Stopwatch.GetTimestamp(), 0);
        using var call = new PlanFeedService.PlanFeedServiceClient(channel).WatchPlans(
            new() { Site = Population.ClinicName, UntilCaughtUp = true }, cancellationToken: cancellationToken);
        while (rows < RowsMax && await call.ResponseStream.MoveNext(cancellationToken))
        {
            rows += call.ResponseStream.Current.ItemCase == WatchPlansResponse.ItemOneofCase.Change ? 1 : 0;
        }

        return Of(rows, begin, cpu.Read() - before);
    }

    private static async Task<Sample> SelectAsync(Network network, CpuMeter cpu, CancellationToken cancellationToken)
    {
        await using var source = network.Source();
        await using var command = source.CreateCommand(
            $"SELECT stream, version, kind, plan_changed, command, recorded_at, tx::text, position FROM feed WHERE site = '{Population.ClinicName}' ORDER BY tx, position LIMIT {RowsMax}");
        var (before, begin, rows) = (cpu.Read(), Stopwatch.GetTimestamp(), 0);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows++;
        }

        return Of(rows, begin, cpu.Read() - before);
    }

    private static Sample Of(int rows, long begin, TimeSpan cpu) => rows == 0
        ? throw new InvalidOperationException("the feed is empty")
        : new(rows / Stopwatch.GetElapsedTime(begin).TotalSeconds, double.NaN, double.NaN, cpu.TotalMicroseconds / rows);
}
