using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ClinicNetwork.Benchmarks.Machine;
using ClinicNetwork.Benchmarks.Rig;

namespace ClinicNetwork.Benchmarks.Tables;

/// <param name="Groups">Of <see cref="TableCases.Groups"/>, in their order.</param>
/// <param name="Rounds">Measured, after one that is left out.</param>
/// <param name="Limit">For one contender in one round.</param>
internal sealed record TablesSettings(IReadOnlyList<string> Groups, bool IsShort, int Rounds, TimeSpan Limit, string? Nhanes, string? MarkdownFile, string? Folder);

/// <summary><c>tables</c>: the anonymiser of tables beside Mondrian and CASTLE. No database, no network.</summary>
internal static class TablesCommand
{
    private const int RoundsUsual = 3;
    private const int LimitSecondsUsual = 300;
    private const int VerifiedRows = 1_000_000;
    private const int VerifiedRowsShort = 30_000;

    /// <param name="run">Gives the exit code.</param>
    public static Command Build(Func<TablesSettings, CancellationToken, Task<int>> run)
    {
        var shortRun = new Option<bool>("--short") { Description = "Small tables, one round: to see that it works, not to compare" };
        var only = new Option<string[]>("--only") { Description = "Groups to measure: " + string.Join(", ", TableCases.Groups), AllowMultipleArgumentsPerToken = true };
        var rounds = new Option<int?>("--rounds") { Description = $"Rounds of each contender after one that is left out, 1 to 99; the fastest counts (default {RoundsUsual})" };
        var limit = new Option<int?>("--limit") { Description = $"Seconds after which a contender is stopped, 1 to 3,600 (default {LimitSecondsUsual})" };
        var nhanes = new Option<string?>("--nhanes") { Description = "NHANES file (respondent,sex,age_years,phq9_total); without it that group is left out" };
        var markdown = new Option<string?>("--markdown") { Description = "Write the tables to this file too" };
        var folder = new Option<string?>("--folder") { Description = "Where the verifier's files lie while it runs (default: the temporary folder)" };
        only.Validators.Add(result => Check(result, Names(result.GetValue(only)).FirstOrDefault(name => !TableCases.Groups.Contains(name)) is { } name ? $"--only: there is no group {name}." : null));
        rounds.Validators.Add(result => Check(result, result.GetValue(rounds) is < 1 or > 99 ? "--rounds: give 1 to 99." : null));
        limit.Validators.Add(result => Check(result, result.GetValue(limit) is < 1 or > 3_600 ? "--limit: give 1 to 3,600." : null));
        nhanes.Validators.Add(result => Check(result, result.GetValue(nhanes) is { } file && !File.Exists(file) ? "--nhanes: there is no such file." : null));
        var command = new Command("tables", "Measures the anonymiser of tables beside Mondrian and CASTLE, on one core.") { shortRun, only, rounds, limit, nhanes, markdown, folder };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (isShort, names) = (parsed.GetValue(shortRun), Names(parsed.GetValue(only)).ToArray());
            return run(
                new(
                    [.. TableCases.Groups.Where(group => names.Length == 0 || names.Contains(group))],
                    isShort,
                    parsed.GetValue(rounds) ?? (isShort ? 1 : RoundsUsual),
                    TimeSpan.FromSeconds(parsed.GetValue(limit) ?? LimitSecondsUsual),
                    parsed.GetValue(nhanes),
                    parsed.GetValue(markdown),
                    parsed.GetValue(folder)),
                cancellationToken);
        });
        return command;
    }

    /// <returns>0; 1 when a contender published what it must not.</returns>
    public static async Task<int> RunAsync(TablesSettings settings, TextWriter screen, CancellationToken cancellationToken)
    {
        using var folder = WorkFolder.Create(settings.Folder);
        var machine = await MachineFacts.ReadAsync(folder.Path, cancellationToken);
        using var file = settings.MarkdownFile is { } path ? new StreamWriter(path) : TextWriter.Null;
        void Say(string text)
        {
            screen.WriteLine(text);
            file.WriteLine(text);
            file.Flush();
        }

        Pin();
        Say($"- {machine.Lines.First()}");
        Say(string.Create(CultureInfo.InvariantCulture, $"- One core. {settings.Rounds} rounds after one that is left out, contenders in turns; the fastest round counts. What each published was checked against the definitions by code of the benchmark's own."));
        foreach (var warning in machine.Warnings)
        {
            Say($"- **{warning}**");
        }

        Say("");
        Say(TablesReport.Head);
        var (bench, rows) = (new TableBench(settings.Rounds, settings.Limit), new List<TableRow>());
        foreach (var about in TableCases.All(settings.Nhanes, settings.IsShort).Where(c => settings.Groups.Contains(c.Group)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var measured = bench.Measure(about, cancellationToken);
            rows.AddRange(measured);
            foreach (var row in measured)
            {
                Say(TablesReport.Line(row.Cells));
            }
        }

        Say("");
        Say(TablesReport.Plots(rows));
        if (settings.Groups.Contains("verify"))
        {
            Say(VerifierBench.Measure(folder.Path, settings.IsShort ? VerifiedRowsShort : VerifiedRows, settings.Rounds, cancellationToken));
        }

        return rows.Any(row => row is { Measures: not null, Problem: not null }) ? 1 : 0;
    }

    /// <summary>To the last core, so that no contender gains by threads.</summary>
    private static void Pin()
    {
        if (OperatingSystem.IsLinux())
        {
            using var self = Process.GetCurrentProcess();
            self.ProcessorAffinity = 1 << (Environment.ProcessorCount - 1);
        }
    }

    private static IEnumerable<string> Names(string[]? only) => (only ?? []).SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries));

    private static void Check(System.CommandLine.Parsing.OptionResult result, string? problem)
    {
        if (problem is not null)
        {
            result.AddError(problem);
        }
    }
}
