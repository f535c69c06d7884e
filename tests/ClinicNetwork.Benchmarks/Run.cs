using System.Diagnostics;
using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Lines;
using ClinicNetwork.Benchmarks.Machine;
using ClinicNetwork.Benchmarks.Reports;
using ClinicNetwork.Benchmarks.Rig;
using ClinicNetwork.Cli.Cluster;

namespace ClinicNetwork.Benchmarks;

/// <summary>One run: machine, database, lines, tables. What it starts it ends, also when a line fails or the run is stopped.</summary>
internal static class Run
{
    /// <summary>Settings of PostgreSQL beside full durability, which <see cref="PrivatePostgres"/> sets: room for several networks and pgbench.</summary>
    private static readonly string[] PostgresSettings = ["max_connections=500", "shared_buffers=1GB", "max_wal_size=8GB", "checkpoint_timeout=15min"];

    /// <summary>As a shell tells that somebody pressed Ctrl-C.</summary>
    public const int Stopped = 130;

    /// <returns>0; <see cref="Stopped"/>, with the report of what was measured until then; 1 when a line could not be measured. A goal missed is a result, not a failure.</returns>
    public static async Task<int> AllAsync(Settings settings, Screen screen, CancellationToken cancellationToken)
    {
        using var folder = WorkFolder.Create(settings.Folder);
        var machine = await MachineFacts.ReadAsync(folder.Path, cancellationToken);
        foreach (var line in machine.Lines)
        {
            screen.Step(line);
        }

        foreach (var warning in machine.Warnings)
        {
            screen.Warn(warning);
        }

        screen.Step($"PostgreSQL from {PrivatePostgres.FindBinaries()}: {string.Join(", ", PostgresSettings)}, full durability; {settings.Rounds} rounds of {settings.Window.TotalSeconds:0} s, median");
        await using var postgres = await PrivatePostgres.CreateAsync(folder.Sub("postgres"), cancellationToken, PostgresSettings);
        var results = new List<Result>();
        var broken = new List<string>();
        await using (var bench = new Bench(settings, folder, postgres, screen))
        {
            foreach (var line in Line.All.Where(l => settings.Lines.Contains(l.Name)))
            {
                screen.Step($"== {line.Name}: {line.Question}");
                var begin = Stopwatch.GetTimestamp();
                try
                {
                    results.Add(await line.MeasureAsync(bench, cancellationToken) with { Seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds });
                }
                catch (Exception) when (cancellationToken.IsCancellationRequested)
                {
                    broken.Add($"stopped while {line.Name} was measured");
                    break;
                }
                catch (Exception exception)
                {
                    // The other lines still tell something; the exit code tells that this one did not.
                    screen.Warn($"{line.Name} could not be measured: {exception.Message}");
                    broken.Add($"{line.Name} could not be measured: {exception.Message}");
                }
            }
        }

        var report = new Report(settings, machine, results, broken);
        ScreenReport.Write(screen.Console, report);
        if (settings.MarkdownFile is { } markdown)
        {
            await File.WriteAllTextAsync(markdown, MarkdownReport.Of(report), CancellationToken.None);
        }

        if (settings.JsonFile is { } json)
        {
            await File.WriteAllTextAsync(json, JsonReport.Of(report), CancellationToken.None);
        }

        return cancellationToken.IsCancellationRequested ? Stopped : broken.Count == 0 ? 0 : 1;
    }
}
