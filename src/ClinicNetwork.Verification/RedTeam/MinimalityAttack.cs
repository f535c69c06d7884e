using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Verification.RedTeam;

/// <summary>The tuples of a grid's regions, by which a fixed mode publishes.</summary>
internal sealed class GridRegions
{
    private readonly HashSet<string> _tuples;

    private GridRegions(HashSet<string> tuples) => _tuples = tuples;

    public static GridRegions Read(AttackedFile file, IReadOnlyList<TableHierarchy> attributes)
    {
        VerifiedColumn[] columns = [.. attributes.Select(a => file.Table.Find(a.Name) ?? throw new AttackInputException(file.Name, $"no column {a.Name}; give a region's label of each"))];
        return new([.. Enumerable.Range(0, file.Table.Rows).Select(row => Key(columns.Select((column, a) => attributes[a].FindLabel(column.ValueAt(row)))))]);
    }

    public bool Has(IEnumerable<int> labels) => _tuples.Contains(Key(labels));

    private static string Key(IEnumerable<int> labels) => string.Join(',', labels);
}

/// <summary>
/// Minimality (Wong, Fu, Wang and Pei, VLDB 2007:543-554). A tight cover is the lowest label that covers its class, so its members lie under two of its parts at least. The attacker
/// knows all members of a class but one, and where they all lie under one part of a published label claims that the last lies outside it: always right of tight covers.
/// In a grid the claim is right as often as the person is outside by chance; bound there: the lower 95 % limit of the right claims at most three in four, and no published tuple
/// outside the grid's regions where they are given. Tight covers are what the tight mode does, so there it is only reported.
/// </summary>
internal static class MinimalityAttack
{
    public const string Name = "minimality";

    private const double RightMax = 0.75;

    public static AttackResult Run(AttackedTables tables, bool fixedRegions, GridRegions? grid)
    {
        var outside = grid is null ? 0 : tables.Releases.Sum(release => Outside(release, tables.Attributes, grid));
        var figures = new Dictionary<string, double>();
        if (grid is not null)
        {
            figures["tuples_outside_grid"] = outside;
        }

        var known = tables.Releases.All(release => release.Known is not null);
        if (!known && grid is null)
        {
            return AttackResult.NotRun(Name, "needs --original or --regions");
        }

        var claims = new Proportion();
        var text = "";
        if (known)
        {
            var (places, tight, right, all) = Claims(tables);
            claims = new(right, all);
            (figures["places"], figures["tight_places"], figures["claims"], figures["right_claims"]) = (places, tight, all, right);
            text = $"{tight} of {places} generalised labels of classes are tight; {right} of {all} claims about the last member are right";
            if (all > 0)
            {
                (figures["right_share"], figures["right_lower"]) = (claims.Estimate, claims.Lower);
                text += $" ({AttackResult.Percent(claims.Estimate)})";
            }
        }

        text += grid is null ? "" : $"{(text.Length > 0 ? "; " : "")}{outside} published tuples are no region of the grid";
        var verdict = !fixedRegions ? AttackVerdict.Reported : outside > 0 || claims.Lower > RightMax ? AttackVerdict.Exceeded : AttackVerdict.Held;
        return new(Name, verdict, text, figures);
    }

    /// <summary>The next lower label above a leaf; the leaf's own when there is none.</summary>
    internal static int PartOf(TableHierarchy attribute, int label, int leaf)
    {
        var part = attribute.LabelAt(0, leaf);
        for (var level = 0; level <= attribute.Height && attribute.LabelAt(level, leaf) != label; level++)
        {
            part = attribute.LabelAt(level, leaf);
        }

        return part;
    }

    private static int Outside(AttackedRelease release, IReadOnlyList<TableHierarchy> attributes, GridRegions grid) =>
        release.Classes(attributes).Count(region => !grid.Has(release.Labels.Select(labels => labels[region])));

    private static (int Places, int Tight, int Right, int Claims) Claims(AttackedTables tables)
    {
        var (places, tight, right, claims) = (0, 0, 0, 0);
        foreach (var release in tables.Releases)
        {
            foreach (var region in release.Classes(tables.Attributes))
            {
                var members = release.Members[region];
                for (var a = 0; a < tables.Attributes.Count; a++)
                {
                    var (attribute, label) = (tables.Attributes[a], release.Labels[a][region]);
                    if (attribute.Covered(label) == 1)
                    {
                        continue;
                    }

                    var leaves = release.Known!.Leaves[a];
                    int[] parts = [.. members.CountBy(place => PartOf(attribute, label, leaves[release.Rows[place]])).Select(part => part.Value).Order()];
                    places++;
                    tight += parts.Length > 1 ? 1 : 0;
                    // Of one part all members but one lie under it, whoever is left out; of two, if one of them is alone.
                    var outside = parts.Length == 2 ? parts.Count(part => part == members.Length - 1) : 0;
                    right += outside;
                    claims += parts.Length == 1 && members.Length > 1 ? members.Length : outside;
                }
            }
        }

        return (places, tight, right, claims);
    }
}
