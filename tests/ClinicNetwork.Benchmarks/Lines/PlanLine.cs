using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Load;
using ClinicNetwork.Benchmarks.Machine;
using ClinicNetwork.Benchmarks.Patients;
using ClinicNetwork.Benchmarks.Rig;

namespace ClinicNetwork.Benchmarks.Lines;

/// <summary>The read of a plan: from memory, and checked against the database.</summary>
internal static class PlanLine
{
    private const int Callers = 32;
    private const string Select = "pgbench -S";
    private const string Echo = "echo";

    public static async Task<Result> MeasureAsync(Bench bench, CancellationToken cancellationToken)
    {
        var (requestBytes, replyBytes) = (0, 0);
        foreach (var layout in Layouts.All)
        {
            var network = await bench.InUseAsync(layout, cancellationToken);
            using var calls = new PlanCalls(network.Running.Door, bench.InUse, 1, confirmed: false);
            (requestBytes, replyBytes) = (calls.Request(0).CalculateSize(), (await calls.ReadAsync(0, 0, cancellationToken)).CalculateSize());
        }

        var echo = await bench.EchoAsync(cancellationToken);
        var pgbench = await bench.PgbenchAsync(cancellationToken);
        var contenders = new List<Contender>
        {
            Contender.Loop(Echo, "", bench, Callers, () => new EchoLoad(echo.Door, Callers, requestBytes, replyBytes), c => c.CallAsync, new CpuMeter(echo.Id)),
            new(Select, Echo, token => pgbench.SelectAsync(Callers, bench.Window, token)),
        };
        foreach (var layout in Layouts.All)
        {
            var network = await bench.InUseAsync(layout, cancellationToken);
            foreach (var confirmed in (bool[])[false, true])
            {
                contenders.Add(Contender.Loop(
                    Name(layout, confirmed), Echo, bench, Callers, () => new PlanCalls(network.Running.Door, bench.InUse, Callers, confirmed), c => c.CallAsync, bench.CpuOf(network)));
            }
        }

        var table = await Contest.RunAsync(bench, $"GetPlan, {Callers} callers", "calls/s", contenders, cancellationToken);
        return new("plan", [table], [.. Layouts.All.SelectMany(layout => Goals(table, layout))],
        [
            $"A request has {requestBytes} bytes, a reply {replyBytes}; the echo's are as long. The echo's reply is made once; the product's is written for each call.",
            $"{bench.InUse.Count} active patients ({PatientInUse.Composition}). Cached reads touch no database; confirmed ones read the head version of the patient's stream from it.",
        ]);
    }

    private static string Name(Layout layout, bool confirmed) => $"{Layouts.Name(layout)}, {(confirmed ? "confirmed" : "cached")}";

    private static IEnumerable<Goal> Goals(Table table, Layout layout)
    {
        var echo = table.Of(Echo).Rate;
        yield return Goal.Least($"GetPlan, cached, {Layouts.Name(layout)}", table.Of(Name(layout, false)).Rate / echo, 0.75, " x echo of the same size");

        // The lower of the two limits is the goal.
        var (what, confirmed, select) = ($"GetPlan, confirmed, {Layouts.Name(layout)}", table.Of(Name(layout, true)).Rate, table.Of(Select).Rate);
        yield return 0.6 * select < 0.4 * echo
            ? Goal.Least(what, confirmed / select, 0.6, " x pgbench -S, 32 clients")
            : Goal.Least(what, confirmed / echo, 0.4, " x echo");
    }
}
