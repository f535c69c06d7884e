using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Verification.RedTeam;

/// <summary>A table as it was before it was anonymised: what an attacker may know of persons, and what the attacks are judged by.</summary>
/// <param name="Leaves">For each quasi-identifier the leaf of each row.</param>
/// <param name="Persons">For each row whose it is.</param>
/// <param name="Sensitive">For each row its sensitive value, coded alike in all tables; null: there is none.</param>
internal sealed record KnownRows(int[][] Leaves, int[] Persons, int[]? Sensitive)
{
    public int Rows => Persons.Length;

    /// <summary>The rows of several tables; a person who is in several is one. Sensitive values where all have them.</summary>
    /// <param name="tables">1 or more.</param>
    public static KnownRows Of(IReadOnlyList<KnownRows> tables) => tables.Count == 1 ? tables[0] : new(
        [.. tables[0].Leaves.Select((_, a) => tables.SelectMany(table => table.Leaves[a]).ToArray())],
        [.. tables.SelectMany(table => table.Persons)],
        tables.Any(table => table.Sensitive is null) ? null : [.. tables.SelectMany(table => table.Sensitive!)]);

    /// <summary>The first row of each person, in a random order.</summary>
    public int[] FirstRows(Random random)
    {
        var seen = new HashSet<int>();
        int[] rows = [.. Enumerable.Range(0, Rows).Where(row => seen.Add(Persons[row]))];
        random.Shuffle(rows);
        return rows;
    }
}

/// <summary>One released batch, or a file without batches.</summary>
/// <param name="File">Of the released files, from 0.</param>
/// <param name="Known">The table that it was made from, row by row; null: not given.</param>
/// <param name="Rows">Which rows of the file it has.</param>
/// <param name="Labels">For each quasi-identifier the label of each region; regions are the distinct published tuples.</param>
/// <param name="RegionOf">For each of its rows the region.</param>
/// <param name="Links">For each of its rows what it shares with the same person's rows of other releases: the person, or all values that are published beside the quasi-identifiers.</param>
/// <param name="Sensitive">For each of its rows, coded as in <see cref="KnownRows"/>; null: there is none.</param>
internal sealed record AttackedRelease(int File, KnownRows? Known, int[] Rows, int[][] Labels, int[] RegionOf, int[] Links, int[]? Sensitive)
{
    private int[][]? _members;

    public int Regions => Labels[0].Length;

    /// <summary>For each region its rows, as places in <see cref="Rows"/>.</summary>
    public int[][] Members => _members ??= Group(RegionOf, Regions);

    public bool IsSuppressed(int region, IReadOnlyList<TableHierarchy> attributes)
    {
        for (var a = 0; a < attributes.Count; a++)
        {
            if (Labels[a][region] != attributes[a].LabelAt(attributes[a].Height, 0))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Regions that are classes, not the suppressed rows.</summary>
    public IEnumerable<int> Classes(IReadOnlyList<TableHierarchy> attributes) => Enumerable.Range(0, Regions).Where(region => !IsSuppressed(region, attributes));

    /// <summary>Whose a row is, as far as it is known; else the row.</summary>
    public int PersonOf(int place) => Known is null ? place : Known.Persons[Rows[place]];

    private static int[][] Group(int[] groupOf, int groups)
    {
        var sizes = new int[groups];
        foreach (var group in groupOf)
        {
            sizes[group]++;
        }

        int[][] members = [.. sizes.Select(size => new int[size])];
        for (var place = groupOf.Length - 1; place >= 0; place--)
        {
            members[groupOf[place]][--sizes[groupOf[place]]] = place;
        }

        return members;
    }
}
