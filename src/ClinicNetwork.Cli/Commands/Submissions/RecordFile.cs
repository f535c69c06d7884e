using System.Text.Json;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Tables;
using ClinicNetwork.Protocol.Exchange.V1;

namespace ClinicNetwork.Cli.Commands.Submissions;

/// <summary>
/// A file of outcome records: CSV with a heading, or one JSON object a line (<c>.ndjson</c>). Its columns are <c>record</c> and the profile's, in any order. Read anew for
/// each enumeration, one record at a time. A refusal names row and column, never what stands there.
/// </summary>
internal sealed class RecordFile(string path)
{
    private const string Id = "record";
    private const int IdLengthMax = 64;

    internal IEnumerable<OutcomeRecord> Read(IReadOnlyList<string> columns) =>
        path.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase) ? ReadLines(columns) : ReadRows(columns);

    private IEnumerable<OutcomeRecord> ReadRows(IReadOnlyList<string> columns)
    {
        using var content = File.OpenRead(path);
        using var rows = new DelimitedRows(path, content, ',', 0);
        if (!rows.Read())
            throw new InputException(path, $"it is empty; the heading is {Heading(columns)}");
        var names = Enumerable.Range(0, rows.Width).Select(rows.Text).ToArray();
        var order = columns.Prepend(Id).Select(column => Array.IndexOf(names, column)).ToArray();
        if (order.Contains(-1) || names.Length != order.Length)
            throw new InputException(path, $"the heading must name exactly {Heading(columns)}");
        rows.Names = names;
        while (rows.Read())
            yield return Of(rows.Row, rows.Text(order[0]), order.Skip(1).Select(rows.Text));
    }

    private IEnumerable<OutcomeRecord> ReadLines(IReadOnlyList<string> columns)
    {
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            var values = Values(line, number);
            if (values.Count != columns.Count + 1 || values.ContainsValue(null!) || !values.ContainsKey(Id) || columns.FirstOrDefault(column => !values.ContainsKey(column)) is not null)
                throw new InputException(path, $"line {number}: an object must have exactly {Heading(columns)}, all text");
            yield return Of(number, values[Id], columns.Select(column => values[column]));
        }
    }

    private Dictionary<string, string> Values(string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(line) ?? [];
        }
        catch (JsonException)
        {
            throw new InputException(path, $"line {number}: no JSON object of texts; write one object a line");
        }
    }

    private OutcomeRecord Of(int row, string id, IEnumerable<string> values) =>
        id.Length is > 0 and <= IdLengthMax && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? new() { Record = id, Values = { values } }
            : throw new InputException(path, $"row {row}, column {Id}: give 1 to {IdLengthMax} of A-Z, a-z, 0-9, dash and underscore");

    private static string Heading(IReadOnlyList<string> columns) => string.Join(',', columns.Prepend(Id));
}
