namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>A table to anonymise, coded by column: what is not quasi-identifying or sensitive is not here.</summary>
public sealed class Microdata
{
    /// <param name="attributes">The quasi-identifiers' hierarchies, 1 or more.</param>
    /// <param name="leaves">For each attribute the leaf of each row, 0 to its leaf count − 1.</param>
    /// <param name="persons">For each row whose it is, any number; null: every row is another person's.</param>
    /// <param name="sensitive">For each row its sensitive value, 0 or more; null: there is none.</param>
    /// <exception cref="ArgumentException">Columns of different length, or a leaf that the hierarchy has not.</exception>
    public Microdata(IReadOnlyList<LeafHierarchy> attributes, IReadOnlyList<int[]> leaves, int[]? persons = null, int[]? sensitive = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(attributes.Count);
        Rows = leaves.Count == attributes.Count ? leaves[0].Length : throw new ArgumentException("Give one column per attribute.", nameof(leaves));
        foreach (var (attribute, column) in attributes.Zip(leaves))
        {
            if (column.Length != Rows || !AreBelow(column, (uint)attribute.LeafCount))
            {
                throw new ArgumentException($"The column of {attribute.Name} has another length, or a leaf that its hierarchy has not.", nameof(leaves));
            }
        }

        if ((persons ?? leaves[0]).Length != Rows || (sensitive ?? leaves[0]).Length != Rows || !AreBelow(sensitive ?? [], 1U + int.MaxValue))
        {
            throw new ArgumentException("Give a person and a sensitive value, 0 or more, for every row or for none.", nameof(persons));
        }

        (Attributes, Leaves, Persons, Sensitive) = (attributes, leaves, persons, sensitive);
    }

    public IReadOnlyList<LeafHierarchy> Attributes { get; }

    public IReadOnlyList<int[]> Leaves { get; }

    public int[]? Persons { get; }

    public int[]? Sensitive { get; }

    public int Rows { get; }

    /// <summary>The same columns for some of the rows.</summary>
    /// <param name="rows">Indices, 0 to <see cref="Rows"/> − 1.</param>
    public Microdata Of(IReadOnlyList<int> rows) => new(
        Attributes, [.. Leaves.Select(column => Pick(column, rows))], Persons is null ? null : Pick(Persons, rows), Sensitive is null ? null : Pick(Sensitive, rows));

    private static bool AreBelow(int[] column, uint count)
    {
        foreach (var value in column)
        {
            if ((uint)value >= count)
            {
                return false;
            }
        }

        return true;
    }

    private static int[] Pick(int[] column, IReadOnlyList<int> rows)
    {
        var picked = new int[rows.Count];
        for (var i = 0; i < picked.Length; i++)
        {
            picked[i] = column[rows[i]];
        }

        return picked;
    }
}
