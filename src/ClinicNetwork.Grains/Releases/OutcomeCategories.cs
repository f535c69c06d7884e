using System.Collections.Immutable;
using ClinicNetwork.Domain.Releases;

namespace ClinicNetwork.Grains.Releases;

/// <summary>Counts and shares of the outcome categories among measured rows.</summary>
public static class OutcomeCategories
{
    /// <summary>Rows in coarse bands are left out: two of the categories do not show in them.</summary>
    public static ImmutableArray<CategoryCounts> Count(IEnumerable<(string Milestone, IReadOnlyList<ReleasedOutcome> Outcomes)> outcomes) =>
    [
        .. outcomes.GroupBy(o => o.Milestone, StringComparer.Ordinal).Select(g =>
        {
            var counts = g.SelectMany(o => o.Outcomes).Where(o => o is { Measured: true, IsCoarse: false }).CountBy(o => o.Category!, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
            return new CategoryCounts(
                g.Key, counts.GetValueOrDefault("no_change"), counts.GetValueOrDefault("remission"), counts.GetValueOrDefault("response"), counts.GetValueOrDefault("worsening"));
        }),
    ];

    /// <summary>As a manifest tells them: rounded to 4 decimals, so that who verifies computes with the same numbers. All 0 when nothing was measured.</summary>
    public static IReadOnlyDictionary<string, double> Shares(ImmutableArray<CategoryCounts> counts, string milestone)
    {
        var of = counts.FirstOrDefault(c => c.Milestone == milestone) ?? new(milestone, 0, 0, 0, 0);
        return new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["no_change"] = Share(of.NoChange, of.All),
            ["remission"] = Share(of.Remission, of.All),
            ["response"] = Share(of.Response, of.All),
            ["worsening"] = Share(of.Worsening, of.All),
        };
    }

    private static double Share(long count, long all) => all == 0 ? 0 : Math.Round((double)count / all, 4);
}
