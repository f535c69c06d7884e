using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Load;
using ClinicNetwork.Benchmarks.Machine;
using ClinicNetwork.Benchmarks.Patients;
using ClinicNetwork.Benchmarks.Rig;

namespace ClinicNetwork.Benchmarks.Lines;

/// <summary>The durable write with all its projections.</summary>
internal static class RecordLine
{
    public const string PgbenchName = "pgbench insert";

    /// <summary>pgbench is best at about this many clients; with more callers it keeps them.</summary>
    public const int PgbenchClientsMax = 32;

    /// <summary>A full house of callers: where group commit has something to group.</summary>
    private const int CallersMost = 256;

    private static readonly int[] Callers = [1, 32, CallersMost];

    public static async Task<Result> MeasureAsync(Bench bench, CancellationToken cancellationToken)
    {
        var tables = new Dictionary<int, Table>();
        foreach (var callers in Callers)
        {
            tables[callers] = await AtAsync(bench, callers, cancellationToken);
        }

        return new("record", [.. tables.Values], [.. Layouts.All.SelectMany(layout => Goals(tables, Layouts.Name(layout)))],
        [
            $"{bench.InUse.Count} patients in use at the start: {PatientInUse.Composition}; each call adds a scale to one of them.",
            $"A journal row of RecordAssessment has {await bench.RowBytesAsync(cancellationToken)} bytes; pgbench and the hand-written service write rows as wide. Beside it the product writes a feed reference and seals events and answer.",
            $"pgbench runs at most {PgbenchClientsMax} clients, where it is best; -M prepared, one insert a transaction.",
        ]);
    }

    public static async Task<Contender> PgbenchAsync(Bench bench, int callers, CancellationToken cancellationToken)
    {
        var pgbench = await bench.PgbenchAsync(cancellationToken);
        return new(PgbenchName, "", token => pgbench.InsertAsync(Math.Min(callers, PgbenchClientsMax), bench.Window, token));
    }

    private static async Task<Table> AtAsync(Bench bench, int callers, CancellationToken cancellationToken)
    {
        var request = AssessmentCalls.Request(bench.InUse.Name(0)).CalculateSize();
        var echo = await bench.EchoAsync(cancellationToken);
        var handwritten = await bench.HandwrittenAsync(cancellationToken);
        var contenders = new List<Contender>
        {
            await PgbenchAsync(bench, callers, cancellationToken),
            Contender.Loop("echo", PgbenchName, bench, callers, () => new EchoLoad(echo.Door, callers, request, ReplyBytes), c => c.CallAsync, new CpuMeter(echo.Id)),
            Contender.Loop(
                "hand-written", PgbenchName, bench, callers, () => new HandwrittenLoad(handwritten.Door, bench.InUse, callers), c => c.CallAsync,
                new CpuMeter(handwritten.Id, bench.PostgresProcessId)),
        };
        foreach (var layout in Layouts.All)
        {
            var network = await bench.InUseAsync(layout, cancellationToken);
            var turns = new Turns(bench.InUse, callers);
            contenders.Add(Contender.Loop(
                Layouts.Name(layout), PgbenchName, bench, callers, () => new AssessmentCalls(network.Running.Door, turns), c => c.CallAsync, bench.CpuOf(network)));
        }

        return await Contest.RunAsync(bench, $"RecordAssessment, {callers} {(callers == 1 ? "caller" : "callers")}", "calls/s", contenders, cancellationToken);
    }

    /// <summary>A receipt, a total and a word, bytes.</summary>
    private const int ReplyBytes = 32;

    private static IEnumerable<Goal> Goals(IReadOnlyDictionary<int, Table> tables, string layout)
    {
        var (one, most) = (tables[1], tables[CallersMost]);
        yield return Goal.Least($"RecordAssessment, {CallersMost} callers, {layout}", most.Of(layout).Rate / most.Of(PgbenchName).Rate, 0.7, " x pgbench insert, 32 clients");
        yield return Goal.Least($"RecordAssessment, {CallersMost} callers, {layout}", most.Of(layout).Rate / most.Of("hand-written").Rate, 2.5, " x the hand-written service");
        yield return Goal.Most($"one caller, write, p50, {layout}", one.Of(layout).P50Ms / (one.Of(PgbenchName).P50Ms + one.Of("echo").P50Ms), 1.5, " x (pgbench, one client, + echo)");
    }
}
