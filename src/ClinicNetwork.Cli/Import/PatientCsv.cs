using System.Text;
using ClinicNetwork.Cli.Input;
using CsvHelper;

namespace ClinicNetwork.Cli.Import;

/// <summary>Reads and checks a CSV file of patients (RFC 4180, UTF-8, with a heading) as a whole, before anything is sent.</summary>
internal static class PatientCsv
{
    internal const long FileBytesMax = 64 * 1024 * 1024;
    internal const int LineCharsMax = 4096;
    internal const int RecordBytesMax = 64 * 1024;
    internal const int RowsMax = 100_000;
    internal const int ProblemsMax = 1000;

    internal static IReadOnlyList<string> Columns { get; } =
        ["patient", "given_name", "family_name", "birth_date", "sex", "record_number", "enrolled_on"];

    /// <exception cref="InputException">The file as a whole cannot be used: size, encoding, heading.</exception>
    internal static PatientFile Read(string path, char delimiter)
    {
        if (new FileInfo(path).Length > FileBytesMax)
            throw new InputException("file", $"more than {FileBytesMax / 1024 / 1024} MiB; split it");
        var bytes = File.ReadAllBytes(path);
        var text = Text(bytes);
        CheckLines(text);
        using var csv = CsvReader.FromText(text, new CsvReaderOptions
        {
            Separator = delimiter,
            DetectSeparatorHint = false,
            HasHeader = false,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            IncludeValuesInExceptions = false,
            MaxRecordSize = RecordBytesMax,
        });
        try
        {
            return ReadRows(csv);
        }
        catch (CsvFormatException error)
        {
            throw new InputException(
                "file", $"line {error.LineNumber}: a quotation mark in the wrong place, or a row too long; double it inside a value");
        }
    }

    private static PatientFile ReadRows(CsvReader csv)
    {
        if (!csv.Read())
            throw new InputException("file", $"it is empty; the heading is {string.Join(',', Columns)}");
        var heading = Values(csv);
        var order = Columns.Select(column => Array.FindIndex(heading, name => name.Trim() == column)).ToArray();
        if (order.Contains(-1) || heading.Length != Columns.Count)
            throw new InputException("file", $"line 1: the heading must name exactly {string.Join(',', Columns)}; see --delimiter");
        var (rows, problems) = (new List<PatientRow>(), new List<RowProblem>());
        var check = new PatientRowCheck(problems);
        while (problems.Count < ProblemsMax && csv.Read())
        {
            if (rows.Count == RowsMax)
                throw new InputException("file", $"more than {RowsMax} rows; split it");
            if (csv.FieldCount != Columns.Count)
                problems.Add(new(csv.LineNumber, "row", $"has {csv.FieldCount} values; give {Columns.Count}"));
            else if (check.Row(csv.LineNumber, [.. order.Select(csv.GetString)]) is { } row)
                rows.Add(row);
        }
        if (rows.Count == 0 && problems.Count == 0)
            throw new InputException("file", "no row under the heading");
        return new(rows, problems);
    }

    private static string[] Values(CsvReader csv) => [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)];

    private static string Text(byte[] bytes)
    {
        try
        {
            // The strict decoder: a broken name must not be enrolled with replacement characters in it.
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (ArgumentException)
        {
            throw new InputException("file", "is not UTF-8; save it as UTF-8");
        }
    }

    private static void CheckLines(string text)
    {
        var line = 1;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            if (range.End.Value - range.Start.Value > LineCharsMax)
                throw new InputException("file", $"line {line}: more than {LineCharsMax} characters; shorten it");
            line++;
        }
    }
}
