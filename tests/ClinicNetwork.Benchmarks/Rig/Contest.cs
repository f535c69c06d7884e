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
        for (var round = 1; round <= bench.Settings.Rounds; round++)
        {
            foreach (var contender in Order(contenders, round))
            {
                var sample = await contender.Round(cancellationToken);
                rounds[contender].Add(sample);
                var rate = rateUnit.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{sample.Rate:N0} {rateUnit}, ");
                var failed = sample.Failed == 0 ? "" : $", {sample.Failed} FAILED";
                bench.Screen.Step(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{title}, round {round}/{bench.Settings.Rounds}, {contender.Name}: {rate}p50 {sample.P50Ms:0.00} ms, p99 {sample.P99Ms:0.00} ms{failed}"));
            }
        }

        return new(title, rateUnit, [.. contenders.Select(c => new Row(c.Name, c.Reference, rounds[c]))], compared);
    }

    /// <param name="round">From 1.</param>
    public static IEnumerable<T> Order<T>(IReadOnlyList<T> contenders, int round) => round % 2 == 1 ? contenders : contenders.Reverse();
}
