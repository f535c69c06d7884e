using System.Globalization;
using ClinicNetwork.Faults.Run;

namespace ClinicNetwork.Faults;

/// <summary>What the program was asked for.</summary>
internal sealed record CommandLine
{
    public const string Help = """
        Strikes a network of three servers on PostgreSQL with faults under load, and checks what it then holds.

        dotnet run -c Release --project tests/ClinicNetwork.Faults -- [options]
          --seed S           the plan of faults and the operations; chosen and printed when not given
          --minutes M        rounds of every fault in full until M minutes are over           default: 30
          --short            every fault once, short, in one or more of its forms: about four minutes
          --quarter          a quarter of all forms of the faults: two seeds in a row strike every fault, four every form of each;
                             about two minutes; the test command runs seeds 1 and 2
          --seeds A..B       one run for each seed
          --self-test        a healthy run and one for each planted defect, which the checker must find
          --defect NAME      with --self-test: that one only
          --out DIR          histories, the servers' logs, the self-test's table              default: artifacts/faults
          --list             faults and planted defects
        dotnet run -c Release --project tests/ClinicNetwork.Faults.Checker -- FILE...
          judges histories that were written before
        dotnet run -c Release --project tests/ClinicNetwork.Faults -- releases --help
          withdrawals raced against publications, and kills in them

        Exit codes: 0 every verdict passed, 1 a verdict is broken or proves nothing, a planted defect was not found or its run was aborted, 2 wrong options, 3 the rig failed.
        """;

    public IReadOnlyList<int> Seeds { get; init; } = [];

    public double Minutes { get; init; } = 30;

    public PlanKind Plan { get; init; } = PlanKind.Long;

    public bool SelfTest { get; init; }

    public string? Defect { get; init; }

    public string? Out { get; init; }

    public bool List { get; init; }

    /// <exception cref="FormatException">Names what is wrong.</exception>
    public static CommandLine Parse(string[] args)
    {
        var line = new CommandLine();
        for (var i = 0; i < args.Length; i++)
        {
            line = args[i] switch
            {
                "--short" => line with { Plan = PlanKind.Short },
                "--quarter" => line with { Plan = PlanKind.Part },
                "--self-test" => line with { SelfTest = true },
                "--list" => line with { List = true },
                "--seed" => line with { Seeds = [Number(Next())] },
                "--seeds" => line with { Seeds = Range(Next()) },
                "--minutes" => double.TryParse(Next(), NumberStyles.Float, CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and <= 10_000
                    ? line with { Minutes = minutes }
                    : throw new FormatException("--minutes: give a number above 0."),
                "--defect" => line with { Defect = Next() },
                "--out" => line with { Out = Next() },
                _ => throw new FormatException($"{args[i]}: there is no such option; --help lists them."),
            };

            string Next() => ++i < args.Length ? args[i] : throw new FormatException($"{args[i - 1]}: its value is missing.");
        }

        return line.Seeds.Count > 0 ? line : line with { Seeds = [Random.Shared.Next(1, 1_000_000)] };
    }

    private static IReadOnlyList<int> Range(string text)
    {
        var ends = text.Split("..");
        var (first, last) = ends.Length == 2 ? (Number(ends[0]), Number(ends[1])) : throw new FormatException("--seeds: give A..B.");
        return last >= first && last - first < 10_000 ? [.. Enumerable.Range(first, last - first + 1)] : throw new FormatException("--seeds: give A..B with A at most B.");
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException($"{text}: give a whole number of 0 or more.");
}
