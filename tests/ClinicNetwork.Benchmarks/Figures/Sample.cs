namespace ClinicNetwork.Benchmarks.Figures;

/// <summary>One round of one contender; NaN where the contender has no such figure.</summary>
/// <param name="Rate">Operations (or rows) a second that succeeded in the window.</param>
/// <param name="CpuMicros">CPU of servers and database, load generator left out, for each operation, µs.</param>
/// <param name="Failed">Operations that failed in the window; they count nowhere else.</param>
internal sealed record Sample(double Rate, double P50Ms, double P99Ms, double CpuMicros, long Failed = 0)
{
    /// <param name="latenciesMs">Of the operations that succeeded in the window; sorted here.</param>
    public static Sample Of(float[] latenciesMs, TimeSpan window, TimeSpan cpu, long failed)
    {
        Array.Sort(latenciesMs);
        return new(
            latenciesMs.Length / window.TotalSeconds,
            Statistics.Percentile(latenciesMs, 0.5),
            Statistics.Percentile(latenciesMs, 0.99),
            latenciesMs.Length == 0 ? double.NaN : cpu.TotalMicroseconds / latenciesMs.Length,
            failed);
    }

    /// <summary>Each figure's median over the rounds; failures are added up.</summary>
    public static Sample Median(IReadOnlyCollection<Sample> rounds) => new(
        Statistics.Median(rounds.Select(r => r.Rate)),
        Statistics.Median(rounds.Select(r => r.P50Ms)),
        Statistics.Median(rounds.Select(r => r.P99Ms)),
        Statistics.Median(rounds.Select(r => r.CpuMicros)),
        rounds.Sum(r => r.Failed));
}
