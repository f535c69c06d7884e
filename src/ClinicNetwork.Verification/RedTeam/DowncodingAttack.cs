using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Verification.RedTeam;

/// <summary>
/// Downcoding (Cohen 2022, USENIX Security, arXiv:2202.13470): a generalised cell is narrowed, without the original, by what a method that loses as little as it can would have done.
/// Where two published regions differ in one attribute alone, a member of the class with the larger label would have been published in the smaller one if it fitted there, as its class
/// holds more than k persons without it; so the cell is one of the leaves that no smaller such region has. In a grid it follows from the grid alone, for any number of persons.
/// A narrowed cell is right when the original's leaf is left. Beside it stands how often it would be right by chance: by the leaves' shares in the original.
/// </summary>
internal static class DowncodingAttack
{
    public const string Name = "downcoding";

    public static AttackResult Run(AttackedTables tables, int k, bool fixedRegions, CancellationToken cancellationToken)
    {
        var tally = new Tally();
        foreach (var release in tables.Releases)
        {
            int[] classes = [.. release.Classes(tables.Attributes)];
            for (var a = 0; a < tables.Attributes.Count; a++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (attribute, labels) = (tables.Attributes[a], release.Labels[a]);
                tally.Generalised += classes.Sum(region => attribute.Covered(labels[region]) > 1 ? release.Members[region].Length : 0);
                var shares = release.Known is null ? null : LeafCounts(attribute, release.Known.Leaves[a]);
                foreach (var alike in SameBut(release, classes, a).Where(group => group.Count > 1))
                {
                    foreach (var region in alike)
                    {
                        if (fixedRegions || release.Members[region].Select(release.PersonOf).Distinct().Skip(k).Any())
                        {
                            tally.Add(release, region, a, attribute, Narrowed(attribute, labels[region], alike.Select(other => labels[other])), shares);
                        }
                    }
                }
            }
        }

        return Result(tally, tables.Releases.All(release => release.Known is not null));
    }

    private static AttackResult Result(Tally tally, bool judged)
    {
        var figures = new Dictionary<string, double> { ["generalised_cells"] = tally.Generalised, ["narrowed_cells"] = tally.Narrowed, ["to_a_leaf"] = tally.ToLeaf };
        var text = $"{tally.Narrowed} of {tally.Generalised} generalised cells narrowed, {tally.ToLeaf} to one value";
        if (judged && tally.Narrowed > 0)
        {
            (figures["right_cells"], figures["right_share"], figures["right_by_chance"]) = (tally.Right, tally.Right / (double)tally.Narrowed, tally.ByChance / tally.Narrowed);
            figures["downcoded_share"] = (double)tally.Right / tally.Generalised;
            text += $"; {AttackResult.Percent((double)tally.Right / tally.Narrowed)} right, by chance {AttackResult.Percent(tally.ByChance / tally.Narrowed)}";
        }

        return new(Name, AttackVerdict.Reported, text, figures);
    }

    /// <summary>Classes by their labels of all attributes but one.</summary>
    private static Dictionary<string, List<int>>.ValueCollection SameBut(AttackedRelease release, int[] classes, int attribute)
    {
        var groups = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        foreach (var region in classes)
        {
            var key = string.Join(',', release.Labels.Where((_, a) => a != attribute).Select(labels => labels[region]));
            if (!groups.TryGetValue(key, out var group))
            {
                groups[key] = group = [];
            }

            group.Add(region);
        }

        return groups.Values;
    }

    /// <summary>Leaves of the label that no smaller one of the others has; null: all, or none.</summary>
    private static HashSet<int>? Narrowed(TableHierarchy attribute, int label, IEnumerable<int> others)
    {
        int[] smaller = [.. others.Where(other => attribute.Covered(other) < attribute.Covered(label))];
        var left = Enumerable.Range(0, attribute.LeafCount).Where(leaf => attribute.Covers(label, leaf) && !smaller.Any(other => attribute.Covers(other, leaf))).ToHashSet();
        return left.Count > 0 && left.Count < attribute.Covered(label) ? left : null;
    }

    private static int[] LeafCounts(TableHierarchy attribute, int[] leaves)
    {
        var counts = new int[attribute.LeafCount];
        foreach (var leaf in leaves)
        {
            counts[leaf]++;
        }

        return counts;
    }

    private sealed class Tally
    {
        public int Generalised { get; set; }

        public int Narrowed { get; private set; }

        public int ToLeaf { get; private set; }

        public int Right { get; private set; }

        public double ByChance { get; private set; }

        /// <param name="shares">Of the original's rows by leaf of the attribute; null: no original.</param>
        public void Add(AttackedRelease release, int region, int a, TableHierarchy attribute, HashSet<int>? left, int[]? shares)
        {
            if (left is null)
            {
                return;
            }

            var members = release.Members[region];
            Narrowed += members.Length;
            ToLeaf += left.Count == 1 ? members.Length : 0;
            if (shares is not null)
            {
                var leaves = release.Known!.Leaves[a];
                Right += members.Count(place => left.Contains(leaves[release.Rows[place]]));
                var label = release.Labels[a][region];
                ByChance += members.Length * (left.Sum(leaf => (double)shares[leaf]) / Enumerable.Range(0, shares.Length).Where(leaf => attribute.Covers(label, leaf)).Sum(leaf => (double)shares[leaf]));
            }
        }
    }
}
