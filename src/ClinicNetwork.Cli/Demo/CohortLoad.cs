using System.Diagnostics;
using ClinicNetwork.Client;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Cli.Demo;

/// <summary>What a load did.</summary>
/// <param name="Commands">Commands that the network acknowledged; the clock's moves are not counted.</param>
/// <param name="Seconds">From the first to the last, the clock's moves included.</param>
internal sealed record LoadResult(long Commands, double Seconds);

/// <summary>
/// Drives the network through the half-year: the store's clock moves to the end of the clinics' next working day, then every patient's
/// commands of that day are sent in order, patients concurrently.
/// </summary>
internal sealed class CohortLoad
{
    /// <summary>Patients under way at once.</summary>
    private const int Concurrency = 32;

    private readonly ClinicNetworkClient network;
    private readonly IReadOnlyList<PatientScript> scripts;
    private readonly List<(DateTimeOffset Stop, List<IReadOnlyList<PatientStep>> Patients)> plan;
    private long acknowledged;

    internal CohortLoad(ClinicNetworkClient network, IReadOnlyList<PatientScript> scripts, DateTimeOffset end)
    {
        this.network = network;
        this.scripts = scripts;
        var steps = scripts.Select(script => script.Steps(end)).ToList();
        plan = Plan(steps, DaysOf(steps));
        Total = steps.Sum(s => s.Count);
    }

    /// <summary>Commands to be sent.</summary>
    internal long Total { get; }

    /// <param name="midway">Called once, between two days, with the store's time, when half the stops are behind.</param>
    internal async Task<LoadResult> RunAsync(
        IProgress<(long Done, long Total)> progress,
        Func<DateTimeOffset, Task> midway,
        DateTimeOffset end,
        CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < plan.Count; i++)
        {
            await AdvanceAsync(plan[i].Stop, cancellationToken);
            await Parallel.ForEachAsync(
                plan[i].Patients, new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken },
                async (steps, token) =>
                {
                    foreach (var step in steps)
                    {
                        await step.Send(token);
                        progress.Report((Interlocked.Increment(ref acknowledged), Total));
                    }
                });
            if (i == plan.Count / 2)
            {
                clock.Stop();
                await midway(plan[i].Stop);
                clock.Start();
            }
        }
        await AdvanceAsync(end, cancellationToken);
        return new(acknowledged, clock.Elapsed.TotalSeconds);
    }

    private async Task AdvanceAsync(DateTimeOffset to, CancellationToken cancellationToken) =>
        await network.Network.AdvanceClockAsync(
            new() { RequestId = RequestIds.New(), To = Timestamp.FromDateTimeOffset(to) }, cancellationToken: cancellationToken);

    private IEnumerable<ClinicDay> DaysOf(List<IReadOnlyList<PatientStep>> steps) =>
        from patient in scripts.Zip(steps)
        from step in patient.Second
        let zone = patient.First.Clinic.Zone
        group step by (Clinic: patient.First.Clinic, Day: DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(step.At, zone).DateTime)) into day
        select new ClinicDay(day.Max(step => step.At), day.Key.Clinic.Instant(day.Key.Day.AddDays(1), TimeOnly.MinValue));

    private static List<(DateTimeOffset, List<IReadOnlyList<PatientStep>>)> Plan(
        List<IReadOnlyList<PatientStep>> steps, IEnumerable<ClinicDay> days)
    {
        var stops = ClinicDays.Stops(days);
        var plan = stops.Select(stop => (stop, new List<IReadOnlyList<PatientStep>>())).ToList();
        foreach (var patient in steps)
        {
            var from = 0;
            for (var i = 0; i < stops.Count && from < patient.Count; i++)
            {
                var to = from;
                while (to < patient.Count && patient[to].At <= stops[i])
                    to++;
                if (to > from)
                    plan[i].Item2.Add([.. patient.Skip(from).Take(to - from)]);
                from = to;
            }
        }
        return plan;
    }
}
