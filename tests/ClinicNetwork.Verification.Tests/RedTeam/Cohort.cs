using System.Text;
using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Verification.Tests.RedTeam;

/// <summary>Made-up persons: 64 ages, 32 areas, two sexes, ten sites and an outcome that age and chance decide; published by simple anonymisers of its own.</summary>
/// <param name="Rows">For each person the leaves of the attributes, then the outcome.</param>
/// <param name="First">Number of the first person.</param>
internal sealed record Cohort(int[][] Rows, int First)
{
    private static readonly int[][] Widths = [[1, 4, 16], [1, 8], [1], [1, 5]];
    private static readonly int[] Leaves = [64, 32, 2, 10];
    private static readonly string[] Names = ["age", "area", "sex", "site"];

    public static readonly TableHierarchy[] Hierarchies =
        [.. Names.Select((name, a) => AttackedText.Hierarchy(name, Enumerable.Range(0, Leaves[a]).Select(leaf => string.Join(';', Enumerable.Range(0, Height(a) + 1).Select(level => Label(a, level, leaf))))))];

    public static Cohort Draw(int persons, int seed, int first = 0)
    {
        var random = new Random(seed);
        return new(
            [.. Enumerable.Range(0, persons).Select(_ =>
            {
                var age = (random.Next(64) + random.Next(64)) / 2;
                return (int[])[age, random.Next(4) == 0 ? random.Next(32) : random.Next(6), random.Next(2), random.Next(10) * random.Next(10) / 10, random.Next(3) == 0 ? age / 16 : random.Next(6)];
            })], first);
    }

    public Cohort Part(int from, int count) => new(Rows[from..(from + count)], First + from);

    public string Text() => Table(true, (row, a) => Label(a, 0, Rows[row][a]));

    /// <param name="levels">For each row the level of each attribute.</param>
    public string Published(int[][] levels, bool persons = false) => Table(persons, (row, a) => Label(a, levels[row][a], Rows[row][a]));

    /// <summary>Rows in the order of their leaves, cut into classes of k, each under the lowest labels that cover it.</summary>
    /// <param name="first">Attribute that rows are ordered by before the others.</param>
    public int[][] TightCovers(int k, int first = 0)
    {
        int[] order = [.. Enumerable.Range(0, Rows.Length).OrderBy(row => Rows[row][first]).ThenBy(row => Rows[row][0]).ThenBy(row => Rows[row][1]).ThenBy(row => Rows[row][3])];
        var levels = new int[Rows.Length][];
        for (var start = 0; start < order.Length; start += k)
        {
            // The tail goes into the last class.
            var size = order.Length - start < 2 * k ? order.Length - start : k;
            var members = order[start..(start + size)];
            foreach (var row in members)
            {
                levels[row] = [.. Enumerable.Range(0, Names.Length).Select(a => Common(a, members))];
            }

            if (size > k)
            {
                break;
            }
        }

        return levels;
    }

    /// <summary>One level for every row: a grid.</summary>
    public int[][] Grid(params int[] levels) => [.. Rows.Select(_ => levels)];

    /// <summary>Classes of a grid under the lowest labels that cover them, as a mistaken fixed mode would publish.</summary>
    public int[][] TightCoversOf(int[][] grid)
    {
        var classes = Enumerable.Range(0, Rows.Length).GroupBy(row => string.Join(',', Enumerable.Range(0, Names.Length).Select(a => Label(a, grid[row][a], Rows[row][a]))));
        var levels = new int[Rows.Length][];
        foreach (var members in classes.Select(group => group.ToArray()))
        {
            foreach (var row in members)
            {
                levels[row] = [.. Enumerable.Range(0, Names.Length).Select(a => Common(a, members))];
            }
        }

        return levels;
    }

    /// <summary>The labels of a grid's regions, with a header.</summary>
    public static string Regions(params int[] levels)
    {
        IEnumerable<string> tuples = [""];
        for (var a = 0; a < Names.Length; a++)
        {
            var labels = Enumerable.Range(0, Leaves[a]).Select(leaf => Label(a, levels[a], leaf)).Distinct().ToArray();
            tuples = [.. tuples.SelectMany(tuple => labels.Select(label => $"{tuple};{label}"))];
        }

        return $"{string.Join(';', Names)}\n{string.Join('\n', tuples.Select(tuple => tuple[1..]))}\n";
    }

    private int Common(int attribute, int[] members) =>
        Enumerable.Range(0, Height(attribute) + 1).First(level => members.Select(row => Label(attribute, level, Rows[row][attribute])).Distinct().Count() == 1);

    private string Table(bool persons, Func<int, int, string> value)
    {
        var text = new StringBuilder(persons ? "p;" : "").Append(string.Join(';', Names)).Append(";outcome\n");
        for (var row = 0; row < Rows.Length; row++)
        {
            text.Append(persons ? $"{First + row};" : "");
            for (var a = 0; a < Names.Length; a++)
            {
                text.Append(value(row, a)).Append(';');
            }

            text.Append(Rows[row][^1]).Append('\n');
        }

        return text.ToString();
    }

    private static int Height(int attribute) => Widths[attribute].Length;

    private static string Label(int attribute, int level, int leaf) => level == Height(attribute) ? "*" : level == 0 ? $"{leaf}" : $"{Widths[attribute][level]}x{leaf / Widths[attribute][level]}";
}
