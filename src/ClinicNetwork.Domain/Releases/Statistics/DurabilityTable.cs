namespace ClinicNetwork.Domain.Releases.Statistics;

/// <summary>How long a response lasts, on the grid of milestones.</summary>
/// <param name="Milestone">The first line is the end of induction: everybody who responded.</param>
/// <param name="AtRisk">Responders whose response was still there, and known, at every milestone before, and who are known here.</param>
/// <param name="Lost">Of them, not responding here.</param>
/// <param name="Censored">Responders known to the milestone before and no further: missing here, or not released yet.</param>
/// <param name="Lasting">Product-limit estimate of the share of responders whose response lasts to here (Kaplan, Meier 1958, JASA 53:457), 0 to 1; null when nobody is at risk.</param>
public sealed record DurabilityLine(string Milestone, string Treatment, int AtRisk, int Lost, int Censored, double? Lasting);

/// <summary>
/// Table <c>durability-of-response</c>, version 1. A response that was lost once is not counted as lasting again. Who is missing once is censored from there on, which holds when being missing tells
/// nothing of the response; the table of outcomes has the bounds for when it does.
/// </summary>
public static class DurabilityTable
{
    public const string Name = "durability-of-response";

    public const int Version = 1;

    /// <summary>Over all treatments, then by each.</summary>
    /// <param name="milestones">In the order of time, the end of induction first.</param>
    /// <exception cref="ArgumentException">A person has two rows of one milestone.</exception>
    public static IReadOnlyList<DurabilityLine> Of(IEnumerable<StatisticRow> rows, IReadOnlyList<string> milestones)
    {
        var persons = rows.GroupBy(r => r.Pseudonym, StringComparer.Ordinal)
            .Select(g => (g.First().Treatment, At: g.ToDictionary(r => r.Milestone, r => r.Response, StringComparer.Ordinal)))
            .Where(p => p.At.GetValueOrDefault(milestones[0]) == true)
            .ToList();
        return
        [
            .. Lines(OutcomeTable.All, [.. persons.Select(p => p.At)], milestones),
            .. persons.GroupBy(p => p.Treatment, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
                .SelectMany(g => Lines(g.Key, [.. g.Select(p => p.At)], milestones)),
        ];
    }

    private static IEnumerable<DurabilityLine> Lines(string treatment, IReadOnlyList<Dictionary<string, bool?>> responders, IReadOnlyList<string> milestones)
    {
        var (left, lasting) = (responders, (double?)1.0);
        if (left.Count == 0)
        {
            yield break;
        }

        yield return new(milestones[0], treatment, left.Count, 0, 0, 1);
        foreach (var milestone in milestones.Skip(1))
        {
            var known = left.Where(p => p.GetValueOrDefault(milestone) is not null).ToArray();
            var still = known.Where(p => p[milestone] == true).ToArray();
            lasting = known.Length == 0 ? null : lasting * still.Length / known.Length;
            yield return new(milestone, treatment, known.Length, known.Length - still.Length, left.Count - known.Length, lasting);
            left = still;
        }
    }
}
