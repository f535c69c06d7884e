using System.Text.Json;
using ClinicNetwork.Simulation;

namespace ClinicNetwork.Cli.Demo;

/// <summary>A share with its 95 % interval, beside a published figure.</summary>
/// <param name="Count">Persons with the outcome.</param>
/// <param name="Of">Persons measured.</param>
internal sealed record ShareBeside(string Outcome, int Count, int Of, PublishedFigure Published)
{
    internal double Share => Of == 0 ? 0 : (double)Count / Of;

    internal WilsonInterval Interval => Of == 0 ? new(0, 1) : WilsonInterval.Of95(Count, Of);

    internal bool HoldsPublished => Interval.Contains(Published.Value);
}

/// <summary>
/// Outcomes as a registry computes them: from the pulled files alone, rows linked by pseudonym. Shares are of those measured; the
/// denominators say who is not.
/// </summary>
internal sealed class ReleasedOutcomes
{
    private readonly Dictionary<(string Pseudonym, string Milestone), Row> rows = [];

    private readonly record struct Row(bool Measured, string MissingReason, bool Response, bool Remission, bool Worsening);

    private ReleasedOutcomes()
    {
    }

    /// <summary>Persons with a row for the end of induction: treated, consenting, in a cell.</summary>
    internal int Released => Rows("END_OF_INDUCTION").Count();

    internal int Measured => Rows("END_OF_INDUCTION").Count(row => row.Measured);

    /// <summary>Not measured at the end of induction, by reason, the most frequent first.</summary>
    internal IReadOnlyList<(string Reason, int Count)> Missing =>
    [
        .. from row in Rows("END_OF_INDUCTION")
           where !row.Measured
           group row by row.MissingReason into reason
           orderby reason.Count() descending
           select (reason.Key, reason.Count()),
    ];

    internal ShareBeside Response => AtEnd("response", row => row.Response, PublishedFigures.Response);

    internal ShareBeside Remission => AtEnd("remission", row => row.Remission, PublishedFigures.Remission);

    internal ShareBeside Worsening => AtEnd("any worsening", row => row.Worsening, PublishedFigures.Worsening);

    internal ShareBeside SustainedWeek4 => Sustained("response kept, week 4", "WEEK_4", PublishedFigures.SustainedWeek4);

    internal ShareBeside SustainedWeek8 => Sustained("response kept, week 8", "WEEK_8", PublishedFigures.SustainedWeek8);

    /// <summary>Reads <c>batches/*</c> of a pulled release.</summary>
    internal static ReleasedOutcomes Read(string folder)
    {
        var outcomes = new ReleasedOutcomes();
        foreach (var batch in Directory.EnumerateDirectories(Path.Combine(folder, "batches")).Order(StringComparer.Ordinal))
        {
            using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(batch, "manifest.json")));
            var columns = manifest.RootElement.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!).ToList();
            foreach (var line in File.ReadLines(Path.Combine(batch, "rows.ndjson")))
            {
                using var row = JsonDocument.Parse(line);
                if (row.RootElement.TryGetProperty("values", out var values))
                    outcomes.Add(columns, [.. values.EnumerateArray().Select(v => v.GetString()!)]);
            }
        }
        return outcomes;
    }

    private void Add(List<string> columns, string[] values)
    {
        string Of(string column) => values[columns.IndexOf(column)];
        rows[(Of("pseudonym"), Of("milestone"))] = new(
            Of("status") == "MEASURED", Of("missing_reason"), Of("response") == "yes", Of("remission") == "yes", Of("worsening") == "yes");
    }

    private IEnumerable<Row> Rows(string milestone) => rows.Where(row => row.Key.Milestone == milestone).Select(row => row.Value);

    private ShareBeside AtEnd(string outcome, Func<Row, bool> has, PublishedFigure published) =>
        new(outcome, Rows("END_OF_INDUCTION").Count(row => row.Measured && has(row)), Measured, published);

    private ShareBeside Sustained(string outcome, string milestone, PublishedFigure published)
    {
        var later = rows.Where(row => row.Key.Milestone == milestone && row.Value.Measured
            && rows.TryGetValue((row.Key.Pseudonym, "END_OF_INDUCTION"), out var end)
                && end is { Measured: true, Response: true }).ToList();
        return new(outcome, later.Count(row => row.Value.Response), later.Count, published);
    }
}
