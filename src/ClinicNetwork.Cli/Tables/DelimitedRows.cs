using System.Text.Unicode;
using ClinicNetwork.Cli.Input;
using CsvHelper;

namespace ClinicNetwork.Cli.Tables;

/// <summary>
/// The rows of a delimited text file, one at a time, as UTF-8 bytes: quotes by RFC 4180, every row as wide as the first, an optional byte-order mark. Nothing is trimmed.
/// A refusal names row and column, never what stands there.
/// </summary>
internal sealed class DelimitedRows : IDisposable
{
    /// <summary>Of a row, with its quotes and line breaks.</summary>
    internal const int RowBytesMax = 1024 * 1024;

    private readonly string path;
    private readonly CsvReader csv;
    private readonly int first;

    /// <param name="path">As the user wrote it.</param>
    /// <param name="content">Stays open.</param>
    /// <param name="first">Number of the first row: 0 when it is a header.</param>
    internal DelimitedRows(string path, Stream content, char delimiter, int first)
    {
        (this.path, this.first, Row) = (path, first, first - 1);
        csv = CsvReader.Create(
            content,
            new CsvReaderOptions
            {
                Separator = delimiter,
                DetectSeparatorHint = false,
                HasHeader = false,
                SkipEmptyLines = false,
                PoolStrings = true,
                IncludeValuesInExceptions = false,
                MaxRecordSize = RowBytesMax,
                OnMalformedRecord = record => throw Refusal((int)record.RecordNumber - 1 + first, null, record.Reason switch
                {
                    CsvMalformedReason.UnterminatedQuote => "a quotation mark is never closed; close it, or double it inside a quoted value",
                    _ => "a quotation mark in the wrong place; quote the whole value, and double the mark inside it",
                }),
            },
            leaveOpen: true);
    }

    /// <summary>Of the current row.</summary>
    internal int Row { get; private set; }

    /// <summary>Columns of every row; 0 before the first.</summary>
    internal int Width { get; private set; }

    /// <summary>What columns are called in refusals; null: by number.</summary>
    internal IReadOnlyList<string>? Names { get; set; }

    /// <summary>The value of a column of the current row, unquoted; valid until the next read.</summary>
    internal ReadOnlySpan<byte> this[int column] => csv.GetSpan(column);

    internal string Text(int column) => csv.GetString(column);

    /// <summary>False at the end.</summary>
    /// <exception cref="InputException">The next row is none.</exception>
    internal bool Read()
    {
        try
        {
            if (!csv.Read())
                return false;
        }
        catch (CsvFormatException)
        {
            throw Refusal(Row + 1, null, TooLong);
        }
        Row++;
        if (csv.RawRecord.Length > RowBytesMax)
            throw Refusal(Row, null, TooLong);
        if (csv.RawRecord.Contains((byte)0))
            throw Refusal(Row, ColumnWhere(value => value.Contains((byte)0)), "a NUL byte; save the file as UTF-8 text");
        if (!Utf8.IsValid(csv.RawRecord))
            throw Refusal(Row, ColumnWhere(value => !Utf8.IsValid(value)), "is not UTF-8; save the file as UTF-8");
        if (Row > first && Width > 1 && csv.RawRecord.IsEmpty)
            throw Refusal(Row, null, "is an empty line; remove it");
        if (Row > first && csv.FieldCount != Width)
            throw Refusal(Row, null, $"has {csv.FieldCount} values, row {first} has {Width}; give every row the same number, and see --delimiter");
        Width = csv.FieldCount;
        return true;
    }

    /// <param name="column">From 0; null: the whole row.</param>
    internal InputException Refusal(int row, int? column, string rule) =>
        new(path, column is { } c ? $"row {row}, column {Names?[c] ?? $"{c + 1}"}: {rule}" : $"row {row}: {rule}");

    public void Dispose() => csv.Dispose();

    private static string TooLong => $"is longer than {RowBytesMax / 1024 / 1024} MiB; shorten it, or close its quotation mark";

    private int ColumnWhere(Func<ReadOnlySpan<byte>, bool> isWrong)
    {
        var column = 0;
        while (column < Math.Min(csv.FieldCount, Names?.Count ?? csv.FieldCount) - 1 && !isWrong(csv.GetRawSpan(column)))
            column++;
        return column;
    }
}
