using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Releases.Statistics;

/// <summary>Response, remission and worsening by treatment, baseline severity and milestone, as they stand in the released rows.</summary>
/// <param name="Treatment">A node of the grid as published, or <see cref="OutcomeTable.All"/>; persons whose cell is coarser are under the coarser node, and nowhere else.</param>
/// <param name="Missing">Persons by reason.</param>
public sealed record OutcomeLine(
    string Milestone,
    string Treatment,
    string BaselineSeverity,
    OutcomeShare Response,
    OutcomeShare Remission,
    OutcomeShare Worsening,
    ImmutableSortedDictionary<string, int> Missing);

/// <summary>Table <c>outcomes</c>, version 1.</summary>
public static class OutcomeTable
{
    public const string Name = "outcomes";

    public const int Version = 1;

    /// <summary>Over all nodes.</summary>
    public const string All = "ALL";

    /// <summary>By milestone: all; by treatment; by baseline severity; by both. A combination in which nobody was released has no line.</summary>
    /// <param name="milestones">In the order of the lines.</param>
    public static IReadOnlyList<OutcomeLine> Of(IEnumerable<StatisticRow> rows, IReadOnlyList<string> milestones)
    {
        var by = rows.ToLookup(r => r.Milestone, StringComparer.Ordinal);
        return [.. milestones.SelectMany(m => Lines(m, [.. by[m]]))];
    }

    private static IEnumerable<OutcomeLine> Lines(string milestone, IReadOnlyList<StatisticRow> rows)
    {
        (Func<StatisticRow, string> Treatment, Func<StatisticRow, string> Severity)[] groupings =
            [(_ => All, _ => All), (r => r.Treatment, _ => All), (_ => All, r => r.BaselineSeverity), (r => r.Treatment, r => r.BaselineSeverity)];
        return groupings.SelectMany(by => rows
            .GroupBy(r => (Treatment: by.Treatment(r), Severity: by.Severity(r)))
            .OrderBy(g => g.Key.Treatment, StringComparer.Ordinal).ThenBy(g => g.Key.Severity, StringComparer.Ordinal)
            .Select(g => Line(milestone, g.Key.Treatment, g.Key.Severity, [.. g])));
    }

    private static OutcomeLine Line(string milestone, string treatment, string severity, IReadOnlyList<StatisticRow> rows) => new(
        milestone,
        treatment,
        severity,
        OutcomeShare.Of(rows, r => r.Response),
        OutcomeShare.Of(rows, r => r.Remission),
        OutcomeShare.Of(rows, r => r.Worsening),
        rows.Where(r => !r.Measured).CountBy(r => r.MissingReason).ToImmutableSortedDictionary(StringComparer.Ordinal));
}
