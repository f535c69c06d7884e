using ClinicNetwork.Anonymisation.Tables;
using ClinicNetwork.Verification.RedTeam;
using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Anonymisation.Tests.Tables;

/// <summary>Mistakes that an engine could make, each made here on purpose: the verifier or the red team finds it, and finds nothing where it was not made.</summary>
public sealed class PlantedTableMistakeTests
{
    private static readonly LeafHierarchy[] Attributes = [.. new[] { 4, 3, 1 }.Select((height, a) => new LeafHierarchy("q" + a, Rows(height)))];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void K_counted_in_records_is_found(int seed)
    {
        var (data, model) = (Data(seed, rowsPerPerson: 3), new PrivacyModel(4));
        var honest = TableAnonymiser.Tight(data, model);
        var planted = TableAnonymiser.Tight(new(data.Attributes, data.Leaves), model);

        Assert.Empty(Found(Plain(honest), model));
        Assert.Equal([TableRules.K], Found(Plain(planted) with { Persons = data.Persons }, model));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Leftovers_that_are_a_class_without_asking_for_l_are_found(int seed)
    {
        var (data, model) = (Data(seed, skewed: true), new PrivacyModel(3, DistinctL: 3, SuppressionLimit: 0.9));
        var honest = Plain(TableAnonymiser.Tight(data, model));
        // Under the same labels as a class they would be that class; so rows of one value leave theirs, for a region where nobody else is.
        var planted = honest with { Cells = [.. honest.Cells] };
        int[] alike = [.. Enumerable.Range(0, data.Rows).Where(row => data.Sensitive![row] == 0 && data.Leaves[0][row] < 4).Take(3)];
        Assert.DoesNotContain(honest.Cells, cells => cells.SequenceEqual(["d0", "*", "*"]));
        foreach (var row in alike)
        {
            planted.Cells[row] = ["b0", "*", "*"];
        }

        Assert.Empty(Found(honest, model));
        Assert.Contains(TableRules.DistinctL, Found(planted, model));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Leftovers_attached_to_a_class_without_asking_for_t_are_found(int seed)
    {
        var (data, model) = (Data(seed, skewed: true), new PrivacyModel(3, T: 0.35));
        var honest = Plain(TableAnonymiser.Tight(data, model));
        var planted = Plain(TableAnonymiser.Tight(data, model with { T = 1 }));

        Assert.Empty(Found(honest, model));
        Assert.Equal([TableRules.T], Found(planted, model));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_class_published_twice_under_one_label_is_found(int seed)
    {
        var (data, model) = (Data(seed), new PrivacyModel(4));
        var honest = Plain(TableAnonymiser.Tight(data, model));
        var small = Enumerable.Range(0, data.Rows).GroupBy(row => string.Join(';', honest.Cells[row])).First(g => g.Count() < 8).Skip(2).ToHashSet();
        var planted = honest with { Batch = [.. Enumerable.Range(0, data.Rows).Select(row => small.Contains(row) ? 2 : 1)] };

        Assert.Empty(Found(honest, model, withBatches: true));
        Assert.Equal([TableRules.K], Found(planted, model, withBatches: true));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Tight_covers_in_regions_of_a_grid_are_found(int seed)
    {
        // Of every second leaf nobody is there, which the grid does not know.
        var (data, model) = (Data(seed), new PrivacyModel(4));
        data = new(data.Attributes, [[.. data.Leaves[0].Select(leaf => leaf & ~1)], .. data.Leaves.Skip(1)]);
        var honest = Plain(TableAnonymiser.Fixed(data, Data(seed + 1_000), model));
        var planted = honest with { Cells = TightCovers(honest) };
        string[][] grid = [.. honest.Cells.DistinctBy(cells => string.Join(';', cells))];

        Assert.Empty(Found(planted, model));
        Assert.Empty(Found(honest, model, regions: grid));
        Assert.Equal([TableRules.Region], Found(planted, model, regions: grid));
        Assert.Equal(AttackVerdict.Held, Minimality(honest));
        Assert.Equal(AttackVerdict.Exceeded, Minimality(planted));

        AttackVerdict Minimality(PlainTable table) => TableFiles.Attack(table, model.K, grid).Results.Single(r => r.Attack == "minimality").Verdict;
    }

    /// <summary>240 rows over three attributes of 16, 8 and 2 leaves, halved by each level. A person's rows are alike in them.</summary>
    private static Microdata Data(int seed, int rowsPerPerson = 1, bool skewed = false)
    {
        var random = new Random(seed);
        int[][] ofPersons = [.. Attributes.Select(a => Enumerable.Range(0, 240 / rowsPerPerson).Select(_ => random.Next(a.LeafCount)).ToArray())];
        int[][] columns = [.. ofPersons.Select(column => Enumerable.Range(0, 240).Select(row => column[row / rowsPerPerson]).ToArray())];
        return new(
            Attributes,
            columns,
            rowsPerPerson == 1 ? null : [.. Enumerable.Range(0, 240).Select(row => row / rowsPerPerson)],
            [.. Enumerable.Range(0, 240).Select(_ => (int)(5 * Math.Pow(random.NextDouble(), skewed ? 2 : 1)))]);
    }

    private static string[][] Rows(int height) =>
        [.. Enumerable.Range(0, 1 << height).Select(leaf => (string[])[.. Enumerable.Range(0, height).Select(level => $"{(char)('a' + level)}{leaf >> level}"), "*"])];

    private static PlainTable Plain(Published published) => new(
        [.. published.Data.Attributes.Select(a => Rows(a.Height))],
        Cells(published, (row, a) => published.Data.Attributes[a].Labels[published.Data.Attributes[a].LabelsAt(0)[published.Data.Leaves[a][row]]]),
        Cells(published, published.ValueAt),
        [.. Enumerable.Repeat(1, published.Data.Rows)],
        published.Data.Persons,
        published.Data.Sensitive);

    private static string[][] Cells(Published published, Func<int, int, string> valueAt) =>
        [.. Enumerable.Range(0, published.Data.Rows).Select(row => Enumerable.Range(0, published.Data.Attributes.Count).Select(a => valueAt(row, a)).ToArray())];

    /// <summary>For each class the lowest labels that all its rows have.</summary>
    private static string[][] TightCovers(PlainTable table)
    {
        string[][] covers = [.. table.Cells.Select(cells => cells.ToArray())];
        foreach (var rows in Enumerable.Range(0, covers.Length).GroupBy(row => string.Join(';', table.Cells[row])).Select(g => g.ToArray()))
        {
            for (var a = 0; a < table.Hierarchies.Count; a++)
            {
                var paths = rows.Select(row => table.Hierarchies[a].Single(path => path[0] == table.Original[row][a])).ToArray();
                var label = paths[0].First(l => paths.All(path => path.Contains(l)));
                foreach (var row in rows)
                {
                    covers[row][a] = label;
                }
            }
        }

        return covers;
    }

    private static IEnumerable<string> Found(PlainTable table, PrivacyModel model, bool withBatches = false, string[][]? regions = null) =>
        TableFiles.Verify(table, model, model.SuppressionLimit, null, withBatches, regions).Counts.Keys.Order(StringComparer.Ordinal);
}
