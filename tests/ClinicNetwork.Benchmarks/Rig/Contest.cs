using System.Globalization;
using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Load;
using ClinicNetwork.Benchmarks.Machine;

namespace ClinicNetwork.Benchmarks.Rig;

/// <summary>One of those measured side by side.</summary>
/// <param name="Reference">Whose rate the ratio is taken to; empty: none.</param>
internal sealed record Contender(string Name, string Reference, Func<CancellationToken, Task<Sample>> Round)
{
    /// <summary>Callers in a closed loop, on connections that are opened anew for each round.</summary>
    public static Contender Loop<TCalls>(
        string name, string reference, Bench bench, int callers, Func<TCalls> open, Func<TCalls, Func<int, CancellationToken, Task>> call, CpuMeter cpu)
        where TCalls : IDisposable =>
        new(name, reference, async cancellationToken =>
        {
            using var calls = open();
            return await new ClosedLoop(callers, bench.NewWindow()).RunAsync(call(calls), cpu, cancellationToken);
        });
}

/// <summary>Alternates the contenders, every second round in the opposite order, so that a drift of the machine hits all alike.</summary>
internal static class Contest
{
    public static async Task<Table> RunAsync(
        Bench bench, string title, string rateUnit, IReadOnlyList<Contender> contenders, CancellationToken cancellationToken, Compared compared = Compared.Rate)
    {
        var rounds = contenders.ToDictionary(c => c, _ => new List<Sample>());
        // A single round is a try: it needs no rehearsal.
        for (var round = bench.Settings.Rounds > 1 ? 0 : 1; round <= bench.Settings.Rounds; round++)
        {
            bench.IsRehearsing = round == 0;
            foreach (var contender in Order(contenders, round))
            {
                var sample = await contender.Round(cancellationToken);
                if (!bench.IsRehearsing)
                {
                    rounds[contender].Add(sample);
                }

                var which = bench.IsRehearsing ? "rehearsal" : string.Create(CultureInfo.InvariantCulture, $"round {round}/{bench.Settings.Rounds}");
                bench.Screen.Step($"{title}, {which}, {contender.Name}: {Words(sample, rateUnit)}");
            }
        }

        return new(title, rateUnit, [.. contenders.Select(c => new Row(c.Name, c.Reference, rounds[c]))], compared);
    }

    private static string Words(Sample sample, string rateUnit) => string.Join(", ", new[]
    {
        double.IsFinite(sample.Rate) ? string.Create(CultureInfo.InvariantCulture, $"{sample.Rate:N0} {rateUnit}") : "",
        double.IsFinite(sample.P50Ms) ? string.Create(CultureInfo.InvariantCulture, $"p50 {sample.P50Ms:0.00} ms") : "",
        double.IsFinite(sample.P99Ms) ? string.Create(CultureInfo.InvariantCulture, $"p99 {sample.P99Ms:0.00} ms") : "",
        sample.Failed > 0 ? $"{sample.Failed} FAILED" : "",
    }.Where(word => word.Length > 0));

    /// <param name="round">From 0, the rehearsal.</param>
    public static IEnumerable<T> Order<T>(IReadOnlyList<T> contenders, int round) => round % 2 == 1 ? contenders : contenders.Reverse();
}
