using ClinicNetwork.Anonymisation.Tables;
using ClinicNetwork.Anonymisation.Tests.Support;
using CsCheck;
using Xunit.Abstractions;

namespace ClinicNetwork.Anonymisation.Tests.Tables;

public sealed class HierarchyCheckTests(ITestOutputHelper output)
{
    /// <summary>Nested, of 2 to 24 leaves and 3 to 7 levels; a label covers up to three below, and some repeat the one below.</summary>
    private static readonly Gen<string[][]> GenRows = Gen.Select(Gen.Int[2, 24], Gen.Int[1, 3].Array[1, 5], Gen.Int[0, 3]).Select((leaves, fans, repeats) =>
        Enumerable.Range(0, leaves).Select(leaf =>
        {
            var (row, at) = (new List<string> { $"v{leaf}" }, leaf);
            for (var level = 0; level < fans.Length; level++)
            {
                row.Add(repeats == level && fans[level] == 1 ? row[^1] : $"l{level}-{at / fans[level]}");
                at /= fans[level];
            }

            return (string[])[.. row, "*"];
        }).ToArray());

    /// <summary>What is done to a row of a hierarchy, with another row to take from; null: it cannot be done there.</summary>
    private static readonly Dictionary<string, Func<string[][], int, int, string[]?>> Plants = new()
    {
        ["levels, the first row"] = (rows, at, _) => at == 0 ? null : [.. rows[at].Skip(1)],
        ["levels, the first row "] = (rows, at, _) => at == 0 ? null : ["more", .. rows[at]],
        ["the last level is not '*'"] = (rows, at, _) => [.. rows[at].SkipLast(1), "all"],
        ["the value stands in row"] = (rows, at, other) => at == other ? null : [rows[other][0], .. rows[at].Skip(1)],
        ["a cycle"] = (rows, at, _) => rows[at].Length < 4 ? null : [rows[at][0], rows[at][2], rows[at][1], .. rows[at].Skip(3)],
        ["a cycle "] = (rows, at, _) => rows[at][0] == rows[at][^2] || rows[at].Length < 4 ? null : [.. rows[at].SkipLast(2), rows[at][0], "*"],
    };

    [Fact]
    public void Every_planted_fault_is_found_in_its_row_and_none_where_nothing_was_planted()
    {
        var found = Plants.Keys.ToDictionary(kind => kind, _ => 0);
        Gen.Select(GenRows, Gen.Int[0, 23], Gen.Int[0, 23], Gen.Int[0, 5]).Sample(
            (rows, row, from, chosen) =>
            {
                Assert.Empty(HierarchyCheck.Faults(rows));
                Assert.Empty(HierarchyCheck.Doubts(rows));
                var (at, other) = (row % rows.Length, from % rows.Length);
                var (kind, plant) = Plants.ElementAt(chosen);
                if (plant(rows, at, other) is not { } planted || (kind.StartsWith("a cycle", StringComparison.Ordinal) && !IsCycle(rows, at, planted)))
                    return;
                string[][] changed = [.. rows.Take(at), planted, .. rows.Skip(at + 1)];
                var faults = HierarchyCheck.Faults(changed).ToArray();
                Assert.Contains(faults, fault => fault.Rule.Contains(kind.Trim(), StringComparison.Ordinal));
                if (!kind.StartsWith("a cycle", StringComparison.Ordinal))
                    Assert.Equal(kind.StartsWith("the value", StringComparison.Ordinal) ? Math.Max(at, other) + 1 : at + 1, Assert.Single(faults).Row);
                Assert.Throws<ArgumentException>(() => new LeafHierarchy("x", changed));
                lock (found)
                    found[kind]++;
            },
            iter: Rounds.Of(3_000),
            threads: 2);
        output.WriteLine(string.Join(", ", found.Select(kind => $"{kind.Value} x {kind.Key.Trim()}")));

        Assert.All(found, kind => Assert.True(kind.Value > 50, $"{kind.Key}: too few."));
    }

    [Fact]
    public void A_level_that_does_not_refine_the_next_is_a_doubt_in_its_row_and_no_fault()
    {
        var doubted = 0;
        Gen.Select(GenRows, Gen.Int[0, 23], Gen.Int[0, 23]).Sample(
            (rows, row, from) =>
            {
                var (at, other) = (row % rows.Length, from % rows.Length);
                var level = rows[at].Length - 3;
                // Another row's parent above the own label, which has a second row.
                if (level < 1 || rows[at][level + 1] == rows[other][level + 1] || rows[other].Contains(rows[at][level]) || rows.Count(r => r[level] == rows[at][level]) < 2)
                    return;
                string[][] changed = [.. rows];
                changed[at] = [.. rows[at].Take(level + 1), rows[other][level + 1], "*"];
                Assert.Empty(HierarchyCheck.Faults(changed));
                Assert.NotEmpty(HierarchyCheck.Doubts(changed));
                Assert.All(HierarchyCheck.Doubts(changed), doubt => Assert.Equal(level + 1, doubt.Column));
                Assert.False(new LeafHierarchy("x", changed).IsNested);
                Interlocked.Increment(ref doubted);
            },
            iter: Rounds.Of(2_000),
            threads: 2);

        Assert.True(doubted > 50, $"{doubted} cases only.");
    }

    [Fact]
    public void Random_rows_have_a_cycle_exactly_if_a_label_reaches_itself_by_its_parents()
    {
        var (with, without) = (0, 0);
        Gen.Char["abcdefghij"].Select(c => $"{c}").Array[2, 4].Array[1, 6].Sample(
            drawn =>
            {
                string[][] rows = [.. drawn.Select(row => (string[])[.. row, "*"])];
                var expected = ReachesItself(rows);
                Assert.Equal(expected, HierarchyCheck.Faults(rows).Any(fault => fault.Rule.Contains("a cycle", StringComparison.Ordinal)));
                Interlocked.Add(ref with, expected ? 1 : 0);
                Interlocked.Add(ref without, expected ? 0 : 1);
            },
            iter: Rounds.Of(3_000),
            threads: 2);
        output.WriteLine($"{with} with, {without} without");

        Assert.True(with > 200 && without > 200, "The cases reach too little.");
    }

    [Fact]
    public void Each_cycle_is_found_and_named_by_row_and_column()
    {
        string[][] rows = [["a", "x", "y", "*"], ["b", "y", "x", "*"], ["c", "p", "q", "*"], ["d", "q", "p", "*"], ["e", "e", "f", "e"]];

        var cycles = HierarchyCheck.Faults(rows).Where(fault => fault.Rule.Contains("a cycle", StringComparison.Ordinal)).Select(fault => (fault.Row, fault.Column));

        Assert.Equal([(2, 3), (4, 3), (5, 4)], cycles);
    }

    [Fact]
    public void A_chain_of_200_000_labels_is_walked_once()
    {
        var rows = Enumerable.Range(0, 200_000).Select(i => (string[])[$"{i}", $"{i + 1}", "*"]).ToArray();

        Assert.Empty(HierarchyCheck.Faults(rows));
        rows[^1][1] = "0";
        Assert.Single(HierarchyCheck.Faults(rows));
    }

    [Fact]
    public void What_is_empty_or_too_high_is_refused_without_a_value()
    {
        Assert.Equal("hierarchy age: it is empty; give one row per value (Parameter 'rows')", Assert.Throws<ArgumentException>(() => new LeafHierarchy("age", [])).Message);
        string[] high = [.. Enumerable.Range(0, HierarchyCheck.LevelsMax).Select(level => $"MARKED{level}"), "*"];
        var refused = Assert.Throws<ArgumentException>(() => new LeafHierarchy("age", [high]));
        Assert.StartsWith("hierarchy age: row 1: has 65 levels, more than 64", refused.Message, StringComparison.Ordinal);
        Assert.Null(HierarchyCheck.FirstFault([[.. high.Skip(1)]]));
    }

    [Fact]
    public void No_fault_and_no_doubt_names_a_value()
    {
        string[][] rows = [["MARKED", "MARKEDx", "*"], ["MARKED", "MARKEDy", "*"], ["MARKEDx", "MARKED", "MARKEDz"], ["MARKED"]];

        Assert.All(HierarchyCheck.Faults(rows).Concat(HierarchyCheck.Doubts(rows)), fault => Assert.DoesNotContain("MARKED", fault.ToString(), StringComparison.Ordinal));
        Assert.Equal(4, HierarchyCheck.Faults(rows).Count());
    }

    private static bool IsCycle(string[][] rows, int at, string[] planted) => ReachesItself([.. rows.Take(at), planted, .. rows.Skip(at + 1)]);

    private static bool ReachesItself(string[][] rows)
    {
        var pairs = rows.SelectMany(row => row.Zip(row.Skip(1))).Where(pair => pair.First != pair.Second).ToHashSet();
        // Transitive closure.
        for (var size = 0; size < pairs.Count;)
        {
            size = pairs.Count;
            pairs.UnionWith(pairs.SelectMany(one => pairs.Where(two => two.First == one.Second).Select(two => (one.First, two.Second))).ToArray());
        }

        return pairs.Any(pair => pair.First == pair.Second);
    }
}
