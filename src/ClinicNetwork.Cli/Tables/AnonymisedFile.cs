using System.Globalization;
using ClinicNetwork.Anonymisation.Tables;
using CsvHelper;

namespace ClinicNetwork.Cli.Tables;

/// <summary>What becomes of a table's rows.</summary>
/// <param name="ValueAt">The published value of a row and an attribute.</param>
/// <param name="BatchOf">For each row its batch, from 1; 0: withheld. Null: there are no batches.</param>
/// <param name="Regions">All tuples of a grid, in the attributes' order; null: there is no grid.</param>
internal sealed record AnonymisedTable(Func<int, int, string> ValueAt, int[]? BatchOf, IReadOnlyList<string[]>? Regions, TableMeasures Measures);

/// <summary>The published table: in the rows' order, quasi-identifiers anonymised, the sensitive and the kept columns as they were.</summary>
internal static class AnonymisedFile
{
    /// <summary>The first column of a stream's output.</summary>
    internal const string BatchColumn = "batch";

    /// <param name="progress">Share of the rows, 0 to 1.</param>
    internal static void Write(Stream output, char delimiter, LoadedTable table, AnonymisedTable anonymised, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var columns = table.Columns;
        var attributes = columns.Written.Select(column => Array.IndexOf(columns.Quasi, column)).ToArray();
        using var csv = Writer(output, delimiter);
        csv.WriteRecord([.. anonymised.BatchOf is null ? (string[])[] : [BatchColumn], .. columns.Written.Select(column => columns.Names[column])]);
        table.Again(
            (row, values) =>
            {
                var withheld = anonymised.BatchOf?[row] == 0;
                if (anonymised.BatchOf is { } batches)
                    csv.WriteField(withheld ? "" : batches[row].ToString(CultureInfo.InvariantCulture));
                for (var i = 0; i < attributes.Length; i++)
                {
                    if (attributes[i] >= 0)
                        csv.WriteField(anonymised.ValueAt(row, attributes[i]));
                    else
                        csv.WriteField(withheld ? [] : values[columns.Written[i]]);
                }
                csv.EndRecord();
                if (row % 65_536 == 0)
                    progress?.Report((double)row / table.Data.Rows);
            },
            cancellationToken);
        csv.Flush();
    }

    internal static void WriteRegions(Stream output, char delimiter, IEnumerable<string> names, IEnumerable<string[]> regions)
    {
        using var csv = Writer(output, delimiter);
        csv.WriteRecord(names.ToArray());
        foreach (var region in regions)
            csv.WriteRecord(region);
        csv.Flush();
    }

    private static CsvWriter Writer(Stream output, char delimiter) => CsvWriter.Create(output, new CsvWriterOptions { Separator = delimiter, NewLine = "\n" }, leaveOpen: true);
}
