using System.Globalization;
using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Anonymisation.Tests.Tables;

/// <summary>Hierarchies of any legal shape, as the rows of a file.</summary>
internal static class AnyHierarchy
{
    public static readonly string[] Shapes = ["one leaf", "flat", "even", "uneven", "padded", "early root", "crossed", "all below the root"];

    /// <param name="heightMax">1 to 6.</param>
    public static (string Shape, string[][] Rows) Of(Random random, int heightMax)
    {
        var shape = Shapes[random.Next(Shapes.Length)];
        var height = 1 + random.Next(heightMax);
        var leaves = random.Next(12) == 0 ? 60 + random.Next(240) : 2 + random.Next(shape == "even" ? 30 : 14);
        var rows = shape switch
        {
            "one leaf" => [random.Next(2) == 0 ? ["*"] : [.. Enumerable.Range(0, height).Select(level => Label(level, 0)), "*"]],
            "flat" => [.. Enumerable.Range(0, leaves).Select(leaf => (string[])[Label(0, leaf), "*"])],
            "even" => Even(leaves, height, 2 + random.Next(3)),
            "crossed" => Crossed(random, leaves, height),
            "all below the root" => [.. Uneven(random, leaves, height).Select(row => (string[])[.. row[..^1], "all", "*"])],
            "padded" => Padded(random, Uneven(random, leaves, height)),
            "early root" => EarlyRoot(random, Uneven(random, leaves, height)),
            _ => Uneven(random, leaves, height),
        };
        if (random.Next(10) == 0)
        {
            // Whatever a label holds, it is that label.
            rows = [.. rows.Select(row => (string[])[.. row.Select(label => label == "*" ? label : $" {label};\"é\n")])];
        }

        Assert.Null(HierarchyCheck.FirstFault(rows));
        return (shape, rows);
    }

    private static string Label(int level, int group) => string.Create(CultureInfo.InvariantCulture, $"{(char)('a' + level)}{group}");

    private static string[][] Even(int leaves, int height, int parts) => Rows(leaves, height, (level, leaf) => leaf / (int)Math.Pow(parts, level));

    /// <summary>Each level joins some neighbours of the one below.</summary>
    private static string[][] Uneven(Random random, int leaves, int height)
    {
        var groups = new int[height][];
        groups[0] = [.. Enumerable.Range(0, leaves)];
        for (var level = 1; level < height; level++)
        {
            var (below, joins) = (groups[level - 1], random.NextDouble());
            var of = new int[below[^1] + 1];
            for (var group = 1; group < of.Length; group++)
            {
                of[group] = of[group - 1] + (random.NextDouble() < joins ? 0 : 1);
            }

            groups[level] = [.. below.Select(g => of[g])];
        }

        return Rows(leaves, height, (level, leaf) => groups[level][leaf]);
    }

    /// <summary>No level refines another: each is a partition of its own.</summary>
    private static string[][] Crossed(Random random, int leaves, int height)
    {
        var groups = Enumerable.Range(0, height).Select(level => Enumerable.Range(0, leaves).Select(leaf => level == 0 ? leaf : random.Next(2 + (leaves / (level + 1)))).ToArray()).ToArray();
        return Rows(leaves, height, (level, leaf) => groups[level][leaf]);
    }

    /// <summary>A group bears the name of its first member below: a label stands at several levels, alone at one and for more above.</summary>
    private static string[][] Padded(Random random, string[][] rows)
    {
        for (var level = 1; level < rows[0].Length - 1; level++)
        {
            foreach (var group in rows.GroupBy(row => row[level]).ToArray())
            {
                if (random.Next(3) > 0)
                {
                    var (name, members) = (group.First()[level - 1], group.ToArray());
                    foreach (var row in members)
                    {
                        row[level] = name;
                    }
                }
            }
        }

        return rows;
    }

    /// <summary>Some groups are the root before its time.</summary>
    private static string[][] EarlyRoot(Random random, string[][] rows)
    {
        var level = random.Next(rows[0].Length);
        var group = rows[random.Next(rows.Length)][level];
        foreach (var row in rows.Where(row => row[level] == group))
        {
            row.AsSpan(level).Fill("*");
        }

        return rows;
    }

    private static string[][] Rows(int leaves, int height, Func<int, int, int> group) =>
        [.. Enumerable.Range(0, leaves).Select(leaf => (string[])[.. Enumerable.Range(0, height).Select(level => Label(level, group(level, leaf))), "*"])];
}
