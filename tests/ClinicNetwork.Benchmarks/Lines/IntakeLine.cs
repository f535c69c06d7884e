using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Load;
using ClinicNetwork.Benchmarks.Rig;

namespace ClinicNetwork.Benchmarks.Lines;

/// <summary>Facts in bulk: a site's catch-up, an import.</summary>
internal static class IntakeLine
{
    private const double Limit = 1.5;

    public static async Task<Result> MeasureAsync(Bench bench, CancellationToken cancellationToken)
    {
        var streams = bench.Settings.Streams;
        var contenders = new List<Contender> { await RecordLine.PgbenchAsync(bench, RecordLine.PgbenchClientsMax, cancellationToken) };
        foreach (var layout in Layouts.All)
        {
            var network = await bench.InUseAsync(layout, cancellationToken);
            contenders.Add(new(Layouts.Name(layout), RecordLine.PgbenchName, token =>
                new IntakeLoad(network.Running.Door, bench.InUse, streams, bench.NewWindow()).RunAsync(bench.CpuOf(network), token)));
        }

        var table = await Contest.RunAsync(bench, $"IngestFacts, {streams} streams", "facts/s", contenders, cancellationToken);
        var pgbench = table.Of(RecordLine.PgbenchName).Rate;
        return new("intake", [table], [.. Layouts.All.Select(layout => Goal.Least($"streamed intake, {Layouts.Name(layout)}", table.Of(Layouts.Name(layout)).Rate / pgbench, Limit, " x pgbench insert, 32 clients"))],
        [
            $"Each fact is an assessment of one of {bench.InUse.Count} patients in use; {IntakeLoad.UnderWay} items are under way on each stream. A latency is from sending an item to its result.",
        ]);
    }
}
