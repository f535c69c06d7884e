using System.CommandLine;
using System.Globalization;
using ClinicNetwork.Benchmarks.Rig;

namespace ClinicNetwork.Benchmarks.Networks;

/// <param name="PatientsAYear">Sizes of networks.</param>
/// <param name="Seeds">1, 2, … so many of each.</param>
/// <param name="CoalitionDays">Publication days that coalitions attack.</param>
internal sealed record NetworksSettings(IReadOnlyList<int> PatientsAYear, int Years, int Seeds, int CoalitionDays, string? MarkdownFile, string? Folder);

/// <summary><c>network</c>: what a network of some size gets out of the release engine over some years, and what coalitions of three get out of it. No database, no server.</summary>
internal static class NetworksCommand
{
    private static readonly int[] SizesUsual = [20, 100, 1_000];

    private const int YearsUsual = 3;
    private const int SeedsUsual = 5;
    private const int CoalitionDaysUsual = 20;
    private const int CoalitionPatients = 600;
    private const int CoalitionPatientsShort = 150;

    /// <param name="run">Gives the exit code.</param>
    public static Command Build(Func<NetworksSettings, CancellationToken, Task<int>> run)
    {
        var shortRun = new Option<bool>("--short") { Description = "One seed, one year, 20 and 100 patients, eight days: to see that it works, not to compare" };
        var sizes = new Option<int[]>("--patients") { Description = "New patients a year, 1 to 20,000 (default 20 100 1000)", AllowMultipleArgumentsPerToken = true };
        var years = new Option<int?>("--years") { Description = $"1 to 5 (default {YearsUsual})" };
        var seeds = new Option<int?>("--seeds") { Description = $"Networks of each size, 1 to 99 (default {SeedsUsual}); figures are medians" };
        var markdown = new Option<string?>("--markdown") { Description = "Write the tables to this file too" };
        var folder = new Option<string?>("--folder") { Description = "Where release folders lie while it runs (default: the temporary folder)" };
        sizes.Validators.Add(result => Check(result, (result.GetValue(sizes) ?? []).Any(s => s is < 1 or > 20_000) ? "--patients: give 1 to 20,000." : null));
        years.Validators.Add(result => Check(result, result.GetValue(years) is < 1 or > 5 ? "--years: give 1 to 5." : null));
        seeds.Validators.Add(result => Check(result, result.GetValue(seeds) is < 1 or > 99 ? "--seeds: give 1 to 99." : null));
        var command = new Command("network", "Simulates what networks of some sizes get out of the release engine, and what three recipients together do.") { shortRun, sizes, years, seeds, markdown, folder };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (isShort, given) = (parsed.GetValue(shortRun), parsed.GetValue(sizes) ?? []);
            return run(
                new(
                    given.Length > 0 ? given : isShort ? SizesUsual[..2] : SizesUsual,
                    parsed.GetValue(years) ?? (isShort ? 1 : YearsUsual),
                    parsed.GetValue(seeds) ?? (isShort ? 1 : SeedsUsual),
                    isShort ? 8 : CoalitionDaysUsual,
                    parsed.GetValue(markdown),
                    parsed.GetValue(folder)),
                cancellationToken);
        });
        return command;
    }

    /// <returns>0; 1 when anything was found that must not be.</returns>
    public static async Task<int> RunAsync(NetworksSettings settings, TextWriter screen, CancellationToken cancellationToken)
    {
        using var folder = WorkFolder.Create(settings.Folder);
        await using var report = new BenchmarkReport(screen, settings.MarkdownFile, cancellationToken);
        await report.SayAsync(NetworksReport.Head);
        var plot = new List<(string Name, double Released, double Ncp)>();
        foreach (var (size, form) in settings.PatientsAYear.SelectMany(s => new[] { (s, ConsentForm.One), (s, ConsentForm.Three) }))
        {
            var runs = new NetworkFigures[settings.Seeds];
            for (var seed = 1; seed <= settings.Seeds; seed++)
            {
                runs[seed - 1] = SimulatedNetwork.Run(new(size, settings.Years, form, seed), cancellationToken);
            }

            await report.SayAsync(NetworksReport.Line(size, form, runs));
            plot.Add((string.Create(CultureInfo.InvariantCulture, $"{size:N0}, {form.Name}"), NetworksReport.Middle(runs, r => r.FirstReleased), NetworksReport.Middle(runs, r => r.Ncp)));
        }

        await report.SayAsync("");
        await report.SayAsync(NetworksReport.Plot(plot));
        var clean = true;
        for (var seed = 1; seed <= settings.Seeds; seed++)
        {
            var about = new NetworkCase(settings.CoalitionDays < CoalitionDaysUsual ? CoalitionPatientsShort : CoalitionPatients, 2, ConsentForm.Three, seed);
            var figures = Coalitions.Run(about, settings.CoalitionDays, folder.Sub($"coalitions-{seed}"), cancellationToken);
            clean &= figures.UnderK == 0 && figures.Findings.Count == 0;
            await report.SayAsync(NetworksReport.Line(about, figures));
        }

        return clean ? 0 : 1;
    }

    private static void Check(System.CommandLine.Parsing.OptionResult result, string? problem)
    {
        if (problem is not null)
        {
            result.AddError(problem);
        }
    }
}
