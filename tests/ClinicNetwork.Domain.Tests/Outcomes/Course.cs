using System.Collections.Immutable;
using System.Globalization;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Tests.Outcomes;

/// <summary>
/// A hand-worked course in a line, in days from the first dose: <c>base phq9 20 gad7 12; 33 phq9 10; end 40; missed Week4 Declined; doses 0 3 8</c>.
/// Totals stand in order of time. Six doses on days 0 to 11 unless said otherwise, so the last induction dose is day 11.
/// </summary>
internal static class Course
{
    public const int LastDose = 11;

    public static readonly DateOnly DayZero = new(2025, 2, 3);

    /// <summary>When every window of every definition is over.</summary>
    public static readonly DateOnly Afterwards = DayZero.AddDays(2000);

    public static CourseSeries Of(string line)
    {
        var series = new CourseSeries([.. new[] { 0, 2, 4, 7, 9, LastDose }.Select(Day)], 6, ImmutableDictionary<ScaleKind, int>.Empty, [], null, ImmutableDictionary<Milestone, MissingReason>.Empty);
        foreach (var part in line.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = part.Split(' ');
            series = words[0] switch
            {
                "base" => series with { Baselines = words[1..].Chunk(2).ToImmutableDictionary(pair => Scale(pair[0]), pair => Number(pair[1])) },
                "doses" => series with { DoseDays = [.. words[1..].Select(word => Day(Number(word)))] },
                "planned" => series with { InductionDosesPlanned = Number(words[1]) },
                "end" => series with { EndedOn = Day(Number(words[1])) },
                "missed" => series with { Missed = series.Missed.SetItem(Enum.Parse<Milestone>(words[1]), Enum.Parse<MissingReason>(words[2])) },
                _ => series with { Totals = [.. series.Totals, .. words[1..].Chunk(2).Select(pair => new DatedTotal(Day(Number(words[0])), Scale(pair[0]), Number(pair[1])))] },
            };
        }

        return series;
    }

    public static OutcomeDefinition Definition(string key) => OutcomeCatalogue.All.Single(d => d.Key == key);

    public static OutcomeJudgement Judge(string key, string line, int? today = null) =>
        OutcomeJudging.Judge(Definition(key), Of(line), today is { } day ? Day(day) : Afterwards);

    public static DateOnly Day(int day) => DayZero.AddDays(day);

    private static ScaleKind Scale(string word) => word switch
    {
        "phq9" => ScaleKind.Phq9,
        "gad7" => ScaleKind.Gad7,
        "madrs" => ScaleKind.Madrs,
        "qids" => ScaleKind.QidsSr16,
        _ => throw new ArgumentException(word),
    };

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
