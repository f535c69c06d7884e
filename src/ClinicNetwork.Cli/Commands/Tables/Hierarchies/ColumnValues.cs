using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Tables;

namespace ClinicNetwork.Cli.Commands.Tables.Hierarchies;

/// <summary>One column of a table, as text.</summary>
internal static class ColumnValues
{
    /// <summary>The column's value in each row, in order.</summary>
    /// <exception cref="InputException">No table, or it lacks the column.</exception>
    internal static List<string> Read(string path, string column, char delimiter, CancellationToken cancellationToken)
    {
        using var file = InputFile.Open(path);
        using var rows = new DelimitedRows(path, file, delimiter, first: 0);
        var at = TableColumns.Find(path, TableColumns.HeaderOf(path, rows), "--column", column);
        var values = new List<string>();
        while (rows.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            values.Add(rows.Text(at));
        }
        return values.Count > 0 ? values : throw new InputException(path, "no row under the header; give at least one");
    }

    /// <param name="row">0: of the whole column.</param>
    internal static InputException Refusal(string path, int row, string column, string rule) => new(path, row == 0 ? $"column {column}: {rule}" : $"row {row}, column {column}: {rule}");
}
