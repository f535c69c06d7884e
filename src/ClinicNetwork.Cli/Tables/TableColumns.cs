using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Tables;

/// <summary>Which columns of a file are what, by number from 0.</summary>
/// <param name="Quasi">In the order of <c>--qi</c>.</param>
/// <param name="Person">−1: every row is another person's.</param>
/// <param name="Sensitive">−1: none.</param>
/// <param name="Written">What is published, in the file's order.</param>
internal sealed record TableColumns(IReadOnlyList<string> Names, int[] Quasi, int Person, int Sensitive, int[] Written)
{
    /// <summary>Reads the header.</summary>
    /// <exception cref="InputException">It is none, or lacks a column.</exception>
    internal static TableColumns Of(string path, DelimitedRows rows, ColumnNames wanted)
    {
        var names = HeaderOf(path, rows);
        int Find(string option, string name) => TableColumns.Find(path, names, option, name);
        var quasi = wanted.Quasi.Select(name => Find("--qi", name)).ToArray();
        var person = wanted.Person is { } p ? Find("--person", p) : -1;
        var sensitive = wanted.Sensitive is { } s && (!wanted.SensitiveMayLack || names.Contains(s, StringComparer.Ordinal)) ? Find("--sensitive", s) : -1;
        int[] shown = [.. quasi, .. sensitive < 0 ? (int[])[] : [sensitive], .. wanted.Kept.Select(name => Find("--keep", name))];
        return new(names, quasi, person, sensitive, [.. shown.Order()]);
    }

    /// <exception cref="InputException">There is no column of the name.</exception>
    internal static int Find(string path, string[] names, string option, string name) => Array.IndexOf(names, name) is >= 0 and var column
        ? column
        : throw new InputException(option, $"{path} has no column {name}; see its header, and --delimiter");

    /// <summary>Reads the header: each column's name, each once.</summary>
    internal static string[] HeaderOf(string path, DelimitedRows rows)
    {
        if (!rows.Read())
            throw new InputException(path, "it is empty; give a header row and the rows under it");
        var names = new string[rows.Width];
        for (var column = 0; column < names.Length; column++)
        {
            names[column] = rows.Text(column);
            if (names[column].Length == 0)
                throw rows.Refusal(0, column, "has no name; name every column");
            if (Array.IndexOf(names, names[column], 0, column) is >= 0 and var before)
                throw rows.Refusal(0, column, $"has the name of column {before + 1}; rename one of them");
        }
        rows.Names = names;
        return names;
    }
}

/// <summary>What the user named, each name once.</summary>
/// <param name="SensitiveMayLack">Of a prior: it is asked for its sensitive values when it has them.</param>
internal sealed record ColumnNames(IReadOnlyList<string> Quasi, string? Person, string? Sensitive, IReadOnlyList<string> Kept, bool SensitiveMayLack = false)
{
    /// <exception cref="InputException">A column is named twice, for purposes that exclude each other.</exception>
    internal void Check()
    {
        foreach (var (option, names) in new[] { ("--qi", Quasi), ("--keep", Kept) })
        {
            if (names.Distinct(StringComparer.Ordinal).Count() < names.Count)
                throw new InputException(option, "names a column twice; name it once");
        }
        if (Sensitive is not null && Quasi.Contains(Sensitive, StringComparer.Ordinal))
            throw new InputException("--sensitive", "is a quasi-identifier of --qi too; a column is one of the two");
        if (Person is not null && (Quasi.Contains(Person, StringComparer.Ordinal) || Person == Sensitive))
            throw new InputException("--person", "is named by --qi or --sensitive too; a person's column is neither");
        if (Kept.Any(name => Quasi.Contains(name, StringComparer.Ordinal) || name == Sensitive))
            throw new InputException("--keep", "names a column of --qi or --sensitive, which is written anyway; leave it out");
    }
}
