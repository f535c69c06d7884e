using ClinicNetwork.Anonymisation.Tables;
using CsCheck;

namespace ClinicNetwork.Anonymisation.Tests.Tables;

/// <summary>Groups by keys and columns are the groups by labels. CsCheck prints the seed of a failure.</summary>
public sealed class ImageGroupsTests
{
    [Fact]
    public void Groups_are_those_of_equal_labels_with_the_classes_within_whatever_was_taken_out_before() => Gen.Int.Sample(seed =>
    {
        var random = new Random(seed);
        var attributes = SkewedTables.AnyAttributes(random);
        var tuples = new TupleTable(SkewedTables.Make(random, attributes, random.Next(1, 600), false, false));
        var classes = new Classes(tuples);
        for (var (tuple, share) = (0, random.Next(5)); tuple < tuples.Count; tuple++)
        {
            if (random.Next(4) < share)
            {
                classes.Add([.. attributes.Select(a => random.Next(3) == 0 ? random.Next(a.Height + 1) : 0)], [tuple]);
            }
        }

        var (isIn, expected) = (new bool[tuples.Count], Enumerable.Range(0, tuples.Count).Select(_ => random.NextDouble()).ToArray());
        Array.Fill(isIn, true);
        var groups = new ImageGroups(classes, true);
        for (var visit = 0; visit < 40; visit++)
        {
            AssertGroups(groups, classes, [.. attributes.Select(a => random.Next(a.Height + 1))], random.Next(1, 12), visit % 3 == 0 ? null : expected, isIn);
            for (var place = random.Next(6); place < groups.Count; place += 1 + random.Next(20))
            {
                isIn[groups.Members[place]] = false;
                groups.Take(place);
            }

            Assert.Equal(isIn.Where((whether, t) => whether && classes.OfTuple[t] < 0).Count(), groups.Left);
        }
    }, iter: 200, threads: 2);

    /// <summary>14 attributes of 7 levels, two to a block: 343 columns of 40,000 places are more bytes than are kept.</summary>
    [Fact]
    public void Columns_that_do_not_fit_are_summed_anew()
    {
        var random = new Random(14);
        var hierarchy = new LeafHierarchy("q", [.. Enumerable.Range(0, 64).Select(leaf => (string[])[.. Enumerable.Range(0, 6).Select(level => $"{level}:{leaf >> level}"), "*"])]);
        var tuples = new TupleTable(new([.. Enumerable.Repeat(hierarchy, 14)], [.. Enumerable.Range(0, 14).Select(_ => Enumerable.Range(0, 40_000).Select(_ => random.Next(64)).ToArray())]));
        var (classes, isIn) = (new Classes(tuples), new bool[tuples.Count]);
        Array.Fill(isIn, true);
        var groups = new ImageGroups(classes, false);
        for (var pair = 0; pair < 49; pair++)
        {
            int[] vector = [.. Enumerable.Range(0, 14).Select(a => a % 2 == 0 ? pair / 7 : pair % 7)];
            if (pair is 0 or 39 or > 46)
            {
                AssertGroups(groups, classes, vector, 2, null, isIn);
            }
            else
            {
                groups.Group(vector, 2, null, []);
            }
        }
    }

    [Fact]
    public void Tuples_of_other_labels_are_not_alike()
    {
        LeafHierarchy[] attributes = [SkewedTables.Deep("age", 12), SkewedTables.Flat("sex", 2)];
        var tuples = new TupleTable(new(attributes, [[0, 1, 3, 1], [0, 0, 0, 1]]));
        var groups = new ImageGroups(new(tuples), false);

        Assert.True(groups.AreAlike([0, 1], [1, 0]));
        Assert.False(groups.AreAlike([0, 1], [0, 0]));
        Assert.False(groups.AreAlike([0, 1, 2], [1, 0]));
        Assert.False(groups.AreAlike([0, 1, 3], [1, 0]));
        Assert.True(groups.AreAlike([0, 1, 2, 3], [2, 1]));
    }

    private static void AssertGroups(ImageGroups groups, Classes classes, int[] vector, int rowsMin, double[]? expected, bool[] isIn)
    {
        var (tuples, found) = (classes.Tuples, new List<ImageGroup>());
        groups.Group(vector, rowsMin, expected, found);
        var members = new List<int>[found.Count];
        for (var i = 0; i < groups.Grouped.Length; i++)
        {
            var tuple = groups.Members[groups.Grouped[i]];
            (members[groups.GroupOf[i]] ??= []).Add(tuple);
            Assert.Equal(classes.OfTuple[tuple], groups.ClassAt(groups.Grouped[i]));
        }

        int[][] plain =
        [
            .. Enumerable.Range(0, tuples.Count)
                .Where(t => isIn[t] && (classes.OfTuple[t] < 0 || classes.All[classes.OfTuple[t]].Levels.Zip(vector).All(l => l.First <= l.Second)))
                .GroupBy(t => string.Join(',', vector.Select((level, a) => tuples.Data.Attributes[a].LabelsAt(level)[tuples.Leaves[a][t]])))
                .Select(g => g.ToArray()),
        ];
        var alikeOf = plain.SelectMany(alike => alike.Select(t => (t, alike))).ToDictionary(p => p.t, p => p.alike);
        for (var g = 0; g < found.Count; g++)
        {
            var alike = alikeOf[found[g].First];
            Assert.Equal(alike, members[g].Order());
            Assert.Equal(RowsOf(alike), found[g].Rows);
            Assert.Equal(alike.Any(t => classes.OfTuple[t] >= 0), found[g].HasClasses);
            Assert.Equal(expected is null ? 0 : alike.Sum(t => classes.OfTuple[t] < 0 ? tuples.Sizes[t] * expected[t] : 0), found[g].Expected, 9);
        }

        Assert.Equal(found.Count, found.Select(g => alikeOf[g.First]).Distinct().Count());
        var isFound = members.SelectMany(m => m).ToHashSet();
        Assert.DoesNotContain(plain, alike => RowsOf(alike) is > 0 and var rows && (rows >= rowsMin || alike.Any(t => classes.OfTuple[t] >= 0)) && !isFound.Contains(alike[0]));

        int RowsOf(int[] alike) => alike.Sum(t => classes.OfTuple[t] < 0 ? tuples.Sizes[t] : 0);
    }
}
