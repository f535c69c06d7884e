using System.CommandLine;
using System.Runtime.InteropServices;
using ClinicNetwork.Benchmarks.Lines;
using ClinicNetwork.Benchmarks.Networks;
using ClinicNetwork.Benchmarks.Rig;
using ClinicNetwork.Benchmarks.Sync;
using ClinicNetwork.Benchmarks.Tables;
using ClinicNetwork.Cli.Cluster;
using Spectre.Console;

namespace ClinicNetwork.Benchmarks;

/// <summary>The options, and what a run is asked to do.</summary>
internal static class CommandLine
{
    private const int RoundsUsual = 3;
    private const int SecondsUsual = 10;
    private const int SecondsShort = 2;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var console = AnsiConsole.Console;
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = 200;
        }

        var root = Build(async (settings, cancellationToken) =>
        {
            try
            {
                return await Run.AllAsync(settings, new Screen(console), cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return Run.Stopped;
            }
            catch (PrivatePostgresException exception)
            {
                await Console.Error.WriteLineAsync(exception.Message);
                return 1;
            }
        });
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        return await root.Parse(arguments).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, stop.Token);

        void Cancel(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <param name="run">Gives the exit code.</param>
    public static RootCommand Build(Func<Settings, CancellationToken, Task<int>> run)
    {
        var shortRun = new Option<bool>("--short") { Description = "About two minutes: one round of 2 s, few patients; to see that it works, not to compare" };
        var only = new Option<string[]>("--only") { Description = "Lines to measure: " + string.Join(", ", Line.All.Select(l => l.Name)), AllowMultipleArgumentsPerToken = true };
        var rounds = new Option<int?>("--rounds") { Description = $"Rounds of each contender, 1 to 99; the median counts (default {RoundsUsual})" };
        var seconds = new Option<int?>("--seconds") { Description = $"Measured seconds of a round, 1 to 600 (default {SecondsUsual})" };
        var json = new Option<string?>("--json") { Description = "Write all figures of all rounds to this file" };
        var markdown = new Option<string?>("--markdown") { Description = "Write the tables to this file, as docs/benchmarks.md has them" };
        var folder = new Option<string?>("--folder") { Description = "Where databases lie while it runs: a disk, not a tmpfs (default: the temporary folder)" };
        var active = new Option<int?>("--active") { Description = "Active patients whose memory is measured, 100 to 1,000,000 (default 100,000)" };
        var many = new Option<int?>("--many") { Description = "Patients of the large network in line scale, 100 to 1,000,000 (default 200,000)" };
        var list = new Option<bool>("--list") { Description = "Name the lines and end" };
        only.Validators.Add(result => Check(result, Unknown(result.GetValue(only) ?? []) is { } name ? $"--only: there is no line {name}; --list names them." : null));
        rounds.Validators.Add(result => Check(result, result.GetValue(rounds) is < 1 or > 99 ? "--rounds: give 1 to 99." : null));
        seconds.Validators.Add(result => Check(result, result.GetValue(seconds) is < 1 or > 600 ? "--seconds: give 1 to 600." : null));
        active.Validators.Add(result => Check(result, result.GetValue(active) is < 100 or > 1_000_000 ? "--active: give 100 to 1,000,000." : null));
        many.Validators.Add(result => Check(result, result.GetValue(many) is < 100 or > 1_000_000 ? "--many: give 100 to 1,000,000." : null));
        var root = new RootCommand("Measures ClinicNetwork beside pgbench, a gRPC echo and a hand-written service, in one run on one machine.")
        {
            shortRun, only, rounds, seconds, json, markdown, folder, active, many, list,
            TablesCommand.Build((settings, cancellationToken) => TablesCommand.RunAsync(settings, Console.Out, cancellationToken)),
            ReleasesCommand.Build((settings, cancellationToken) => ReleasesCommand.RunAsync(settings, Console.Out, cancellationToken)),
            SyncCommand.Build((settings, cancellationToken) => SyncCommand.RunAsync(settings, Console.Out, cancellationToken)),
            PullCommand.Build((settings, cancellationToken) => PullCommand.RunAsync(settings, Console.Out, cancellationToken)),
            NetworksCommand.Build((settings, cancellationToken) => NetworksCommand.RunAsync(settings, Console.Out, cancellationToken)),
        };
        root.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(list))
            {
                foreach (var line in Line.All)
                {
                    Console.WriteLine($"{line.Name,-8} {line.Question}");
                }

                return Task.FromResult(0);
            }

            var isShort = parsed.GetValue(shortRun);
            var names = (parsed.GetValue(only) ?? []).SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries)).ToArray();
            var usual = new Settings(
                [.. Line.All.Select(l => l.Name).Where(name => names.Length == 0 || names.Contains(name))],
                parsed.GetValue(rounds) ?? (isShort ? 1 : RoundsUsual),
                TimeSpan.FromSeconds(parsed.GetValue(seconds) ?? (isShort ? SecondsShort : SecondsUsual)),
                isShort);
            return run(
                usual with
                {
                    PatientsActive = parsed.GetValue(active) ?? usual.PatientsActive,
                    PatientsMany = parsed.GetValue(many) ?? usual.PatientsMany,
                    JsonFile = parsed.GetValue(json),
                    MarkdownFile = parsed.GetValue(markdown),
                    Folder = parsed.GetValue(folder),
                },
                cancellationToken);
        });
        return root;
    }

    private static string? Unknown(string[] only) =>
        only.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault(name => Line.All.All(l => l.Name != name));

    private static void Check(System.CommandLine.Parsing.OptionResult result, string? problem)
    {
        if (problem is not null)
        {
            result.AddError(problem);
        }
    }
}
