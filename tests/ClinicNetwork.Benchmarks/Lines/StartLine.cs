using System.Diagnostics;
using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Load;
using ClinicNetwork.Benchmarks.Patients;
using ClinicNetwork.Benchmarks.Rig;

namespace ClinicNetwork.Benchmarks.Lines;

/// <summary>From the start of the process to the first answer it gives.</summary>
internal static class StartLine
{
    private const int Patients = 100;
    private const string Echo = "echo service";

    public static async Task<Result> MeasureAsync(Bench bench, CancellationToken cancellationToken)
    {
        var population = new Population("start", Patients, RowPerCommand: true);
        var network = await bench.NewNetworkAsync("bench_start", cancellationToken);
        await bench.PopulateAsync(network, population, cancellationToken);
        var table = await Contest.RunAsync(bench, "process start to first answer", "",
        [
            new(Echo, "", token => StartEchoAsync(bench, token)),
            .. Layouts.All.Select(layout => new Contender(Layouts.Name(layout), Echo, token => StartAsync(network, layout, population, token))),
        ], cancellationToken, Compared.P50);
        return new("start", [table], [],
        [
            "The answer is a GetPlan of a patient that must be activated. With a separate gateway the silo is started first and waited for; the time is that of both.",
            "The database is up, its schema is the newest, no other silo is there; the one before it stopped in order.",
        ]);
    }

    private static async Task<Sample> StartAsync(Network network, Layout layout, Population population, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        var servers = await network.StartAsync(layout, cancellationToken);
        try
        {
            await PlanCalls.ReadOnceAsync(servers.Door, population, ..1, 1, Unheard.Instance, cancellationToken);
            return Took(begin);
        }
        finally
        {
            await network.StopAsync();
        }
    }

    private static async Task<Sample> StartEchoAsync(Bench bench, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        await using var echo = await bench.NewEchoAsync(cancellationToken);
        using var load = new EchoLoad(echo.Door, 1, 0, 0);
        await load.CallAsync(0, cancellationToken);
        return Took(begin);
    }

    private static Sample Took(long begin) => new(double.NaN, Stopwatch.GetElapsedTime(begin).TotalMilliseconds, double.NaN, double.NaN);
}
