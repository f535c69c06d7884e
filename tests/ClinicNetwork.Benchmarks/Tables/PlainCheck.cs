using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Benchmarks.Tables;

/// <summary>Whether what a contender published is what the model asks for: a contender that cheats is no yardstick.</summary>
internal static class PlainCheck
{
    /// <summary>Null when every class may be one, every published value covers its row's leaf and no more rows are suppressed than the model permits; else what is wrong, without a value.</summary>
    public static string? FirstFault(Published published, PrivacyModel model)
    {
        var data = published.Data;
        var released = Enumerable.Range(0, data.Rows).Where(row => published.RegionOf[row] >= 0).ToList();
        if (data.Rows - released.Count > Math.Floor(model.SuppressionLimit * data.Rows))
        {
            return $"{data.Rows - released.Count} rows are suppressed, more than permitted";
        }

        var covers = data.Attributes.Select(Covers).ToArray();
        if (released.Any(row => published.Regions[published.RegionOf[row]].Where((label, a) => !covers[a].Contains((label, data.Leaves[a][row]))).Any()))
        {
            return "a published value does not cover its row";
        }

        var rule = new PlainRule(data, model, released);
        return released.GroupBy(row => published.RegionOf[row]).All(region => rule.Holds([.. region])) ? null : "a class does not hold what the model asks for";
    }

    private static HashSet<(int Label, int Leaf)> Covers(LeafHierarchy hierarchy) =>
        [.. from level in Enumerable.Range(0, hierarchy.Height + 1) from leaf in Enumerable.Range(0, hierarchy.LeafCount) select (hierarchy.LabelsAt(level)[leaf], leaf)];
}
