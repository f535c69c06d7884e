using System.Globalization;

namespace ClinicNetwork.Faults.Releases;

/// <summary>The part <c>releases</c> of the program.</summary>
internal static class ReleasesCommand
{
    private const string Help = """
        Races withdrawals against publications on a real server and PostgreSQL, kills the server in them, and reads everything that three recipients then get.

        dotnet run -c Release --project tests/ClinicNetwork.Faults -- releases [options]
          --races N          withdrawals during publications, at least                        default: 1000
          --kills N          SIGKILLs of the server during publications, at least             default: 0
          --per-day N        withdrawals in flight during each                                default: 50
          --days N           publication days, at least; at most 110                          default: 20
          --seed S           whom and when; chosen and printed when not given
          --self-test        a healthy run and one with each planted defect, which must be found
          --out DIR          the recipients' folders, the server's log, the table             default: artifacts/faults/releases

        Exit codes: 0 nothing was found, 1 a leak, a withdrawal overlooked, a cell under k, a blocked publication, a finding of verifier or red team, or a defect not found; 2 wrong options, 3 the rig failed.
        """;

    /// <summary>Mistakes of the store's step that prepares rows.</summary>
    private static readonly string[] Defects = ["ConsentFromMemory", "ConsentWithoutLock"];

    private const int TriesMax = 3;

    public static async Task<int> RunAsync(string[] args, CancellationToken cancel)
    {
        if (args.Any(a => a is "--help" or "-h"))
        {
            Console.WriteLine(Help);
            return 0;
        }

        var (settings, selfTest) = Parse(args);
        Console.WriteLine($"seed {settings.Seed}");
        if (selfTest)
        {
            return await SelfTestAsync(settings with { Kills = 0 }, cancel) ? 0 : 1;
        }

        var result = await OneAsync(settings, cancel);
        return result.IsClean ? 0 : 1;
    }

    /// <summary>A planted defect is found by a leak or an overlooked withdrawal; a run that only was blocked or refused proves as little as one without.</summary>
    private static async Task<bool> SelfTestAsync(RaceSettings settings, CancellationToken cancel)
    {
        var good = (await OneAsync(settings with { Out = Path.Combine(settings.Out, "healthy") }, cancel)).IsClean;
        foreach (var defect in Defects)
        {
            var (found, tries) = (0, 0);
            var says = "NOT FOUND";
            for (; tries < TriesMax && found == 0; tries++)
            {
                var result = await OneAsync(settings with { Seed = settings.Seed + tries, Defect = defect, Out = Path.Combine(settings.Out, defect) }, cancel);
                found = result.Leaks.Count + result.Overlooked;
                says = found > 0 ? $"found by {result.Leaks.Count} leaks and {result.Overlooked} withdrawals overlooked, blocked {result.Blocked}" : says;
            }

            Console.WriteLine($"  {defect,-26} {says} at try {tries}");
            good &= found > 0;
        }

        return good;
    }

    private static async Task<RaceResult> OneAsync(RaceSettings settings, CancellationToken cancel)
    {
        var began = TimeProvider.System.GetTimestamp();
        var result = await new ReleaseRaces(settings, Console.WriteLine).RunAsync(cancel);
        string[] lines =
        [
            $"{(settings.Defect.Length > 0 ? $"planted {settings.Defect}, " : "")}seed {settings.Seed}, {TimeProvider.System.GetElapsedTime(began).TotalMinutes.ToString("0.0", CultureInfo.InvariantCulture)} min",
            result.ToString(),
            "red team on the three folders together",
            .. result.RedTeam,
        ];
        Console.WriteLine(string.Join('\n', lines));
        await File.WriteAllLinesAsync(Path.Combine(settings.Out, "table.txt"), lines, cancel);
        return result;
    }

    private static (RaceSettings Settings, bool SelfTest) Parse(string[] args)
    {
        var settings = new RaceSettings(Random.Shared.Next(1, 1_000_000), 1_000, 0, 50, 20, Path.GetFullPath(Path.Combine("artifacts", "faults", "releases")));
        var selfTest = false;
        for (var i = 0; i < args.Length; i++)
        {
            settings = args[i] switch
            {
                "--races" => settings with { Races = Number(1_000_000) },
                "--kills" => settings with { Kills = Number(1_000) },
                "--per-day" => settings with { PerDay = Number(400) },
                "--days" => settings with { DaysMin = Number(RaceSettings.DaysMax) },
                "--seed" => settings with { Seed = Number(int.MaxValue) },
                "--out" => settings with { Out = Path.GetFullPath(Next()) },
                "--self-test" => settings,
                _ => throw new FormatException($"{args[i]}: there is no such option; releases --help lists them."),
            };
            selfTest |= args[i] == "--self-test";

            string Next() => ++i < args.Length ? args[i] : throw new FormatException($"{args[i - 1]}: its value is missing.");

            int Number(int max) => int.TryParse(Next(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max
                ? number
                : throw new FormatException($"{args[i - 1]}: give a whole number of 0 to {max}.");
        }

        return (settings, selfTest);
    }
}
