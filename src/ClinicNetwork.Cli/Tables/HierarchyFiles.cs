using ClinicNetwork.Anonymisation.Tables;
using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Tables;

/// <summary>A folder of hierarchies: <c>NAME.csv</c> for the column NAME, without a header, one row per value, most specific first, the last level <c>*</c>.</summary>
internal static class HierarchyFiles
{
    /// <exception cref="InputException">One is missing, or is no hierarchy.</exception>
    internal static LeafHierarchy[] Read(string folder, IReadOnlyList<string> columns, char delimiter) =>
        [.. columns.Select(column => Read(Require(folder, column), column, delimiter))];

    internal static string PathOf(string folder, string column) => Path.Combine(folder, column + ".csv");

    /// <summary>The file of a column's hierarchy.</summary>
    /// <exception cref="InputException">There is none.</exception>
    internal static string Require(string folder, string column)
    {
        if (!Directory.Exists(folder))
            throw new InputException("--hierarchies", $"{folder} is no folder; give one with a file NAME.csv for each column of --qi");
        var path = PathOf(folder, column);
        return Path.GetFileName(column) == column && File.Exists(path)
            ? path
            : throw new InputException(path, $"there is no hierarchy for {column}; {(column == column.Trim() ? "make one ('clinicnet hierarchy --help')" : "names are exact, so give them without spaces around the comma")}");
    }

    private static LeafHierarchy Read(string path, string column, char delimiter)
    {
        var lines = Rows(path, delimiter);
        if (HierarchyCheck.FirstFault(lines) is { } fault)
            throw new InputException(path, $"{fault}");
        return new LeafHierarchy(column, lines);
    }

    /// <summary>The rows of a file without a header, all of one length.</summary>
    /// <exception cref="InputException">A row is none.</exception>
    internal static List<string[]> Rows(string path, char delimiter)
    {
        using var file = InputFile.Open(path);
        using var rows = new DelimitedRows(path, file, delimiter, first: 1);
        var lines = new List<string[]>();
        while (rows.Read())
        {
            var line = new string[rows.Width];
            for (var level = 0; level < line.Length; level++)
                line[level] = rows.Text(level);
            lines.Add(line);
        }
        return lines;
    }
}
