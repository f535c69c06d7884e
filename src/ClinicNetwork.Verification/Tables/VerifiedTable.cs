using System.Text;
using System.Text.Unicode;

namespace ClinicNetwork.Verification.Tables;

/// <summary>A column: for each row the code of its value.</summary>
public sealed class VerifiedColumn
{
    private readonly ValueCodes _values = new();
    private int[] _codes = new int[256];

    internal VerifiedColumn(string name) => Name = name;

    public string Name { get; }

    public ReadOnlySpan<int> Codes => _codes.AsSpan(0, Rows);

    /// <summary>Distinct values; codes are 0 to this − 1, in the order of their first appearance.</summary>
    public int Distinct => _values.Count;

    public int Rows { get; private set; }

    public string ValueOf(int code) => _values[code];

    public string ValueAt(int row) => _values[_codes[row]];

    /// <summary>−1 when no row has the value.</summary>
    public int FindCode(string value) => _values.Find(Encoding.UTF8.GetBytes(value));

    /// <summary>For each code of another column the code of the same value here, −1 where no row has it.</summary>
    public int[] CodesOf(VerifiedColumn other)
    {
        var codes = new int[other.Distinct];
        for (var code = 0; code < codes.Length; code++)
        {
            codes[code] = _values.Find(other._values.Bytes(code));
        }

        return codes;
    }

    /// <returns>It is the first row with this value.</returns>
    internal bool Add(ReadOnlySpan<byte> value)
    {
        if (Rows == _codes.Length)
        {
            Array.Resize(ref _codes, 2 * Rows);
        }

        _codes[Rows++] = _values.CodeOf(value, out var added);
        return added;
    }

    internal void AddAll(VerifiedColumn other)
    {
        var codes = new int[other.Distinct];
        for (var code = 0; code < codes.Length; code++)
        {
            codes[code] = _values.CodeOf(other._values.Bytes(code), out _);
        }

        Array.Resize(ref _codes, Rows + other.Rows);
        foreach (var code in other.Codes)
        {
            _codes[Rows++] = codes[code];
        }
    }
}

/// <summary>A table by column, read by the verifier's own parser: one header row, RFC 4180 quotes, UTF-8, values as they stand.</summary>
public sealed class VerifiedTable
{
    /// <summary>Most rows, the header not counted.</summary>
    public const int RowsMax = 100_000_000;

    private VerifiedTable(IReadOnlyList<string> header, IReadOnlyList<VerifiedColumn?> columns, int rows) =>
        (Header, Columns, Rows) = (header, [.. columns.OfType<VerifiedColumn>()], rows);

    /// <summary>All names, in the file's order.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>The columns that were wanted, in the file's order.</summary>
    public IReadOnlyList<VerifiedColumn> Columns { get; }

    /// <summary>1 or more.</summary>
    public int Rows { get; }

    /// <summary>Null when there is none of this name, or it was not wanted.</summary>
    public VerifiedColumn? Find(string name) => Columns.FirstOrDefault(column => column.Name == name);

    /// <param name="stream">Read to its end, not closed.</param>
    /// <param name="delimiter">One ASCII character.</param>
    /// <param name="wanted">Which columns to keep; the others are checked alone. Null: all.</param>
    /// <exception cref="TableFormatException">It is no table.</exception>
    public static VerifiedTable Read(Stream stream, char delimiter = ';', Func<string, bool>? wanted = null, CancellationToken cancellationToken = default)
    {
        var records = new RecordReader(stream, delimiter, firstRow: 0);
        var header = ReadHeader(records);
        VerifiedColumn?[] columns = [.. header.Select(name => wanted?.Invoke(name) == false ? null : new VerifiedColumn(name))];
        return new(header, columns, ReadRows(records, columns, cancellationToken, header));
    }

    /// <summary>Rows of a file without a header: columns without names.</summary>
    internal static VerifiedTable ReadPositional(Stream stream, char delimiter, CancellationToken cancellationToken)
    {
        var records = new RecordReader(stream, delimiter, firstRow: 1);
        if (!records.Next())
        {
            throw Empty();
        }

        VerifiedColumn?[] columns = [.. Enumerable.Range(1, records.Fields).Select(level => new VerifiedColumn($"{level}"))];
        AddRow(records, columns, null);
        return new([.. columns.Select(column => column!.Name)], columns, 1 + ReadRows(records, columns, cancellationToken));
    }

    /// <summary>The rows of several tables one after the other.</summary>
    /// <param name="tables">1 or more with one header.</param>
    internal static VerifiedTable Concat(IReadOnlyList<VerifiedTable> tables)
    {
        if (tables.Count == 1)
        {
            return tables[0];
        }

        VerifiedColumn[] columns = [.. tables[0].Columns.Select(column => new VerifiedColumn(column.Name))];
        foreach (var table in tables)
        {
            for (var c = 0; c < columns.Length; c++)
            {
                columns[c].AddAll(table.Columns[c]);
            }
        }

        return new(tables[0].Header, columns, columns[0].Rows);
    }

    private static string[] ReadHeader(RecordReader records)
    {
        if (!records.Next())
        {
            throw Empty();
        }

        var header = new string[records.Fields];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var c = 0; c < header.Length; c++)
        {
            Check(records, c, null);
            header[c] = Encoding.UTF8.GetString(records[c]);
            if (!seen.Add(header[c]))
            {
                throw records.Refuse(c + 1, "the header has this name before; rename one of the two.");
            }
        }

        return header;
    }

    private static int ReadRows(RecordReader records, VerifiedColumn?[] columns, CancellationToken cancellationToken, string[]? header = null)
    {
        var rows = 0;
        for (; records.Next(); rows++)
        {
            if (rows == RowsMax)
            {
                throw records.Refuse(null, $"there are more than {RowsMax} rows; split the file.");
            }

            if ((rows & 0x3FFF) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            AddRow(records, columns, header);
        }

        return header is null || rows > 0 ? rows : throw new TableFormatException(null, null, null, "there is a header and no row; give at least one.");
    }

    private static void AddRow(RecordReader records, VerifiedColumn?[] columns, string[]? header)
    {
        if (records.Fields != columns.Length)
        {
            throw records.Refuse(null, $"has {records.Fields} values, the first row {columns.Length}; give every row the same number, and see the delimiter.");
        }

        for (var c = 0; c < columns.Length; c++)
        {
            try
            {
                // What is known was checked before.
                if (columns[c]?.Add(records[c]) != false)
                {
                    Check(records, c, header?[c]);
                }
            }
            catch (InvalidDataException exception)
            {
                throw records.Refuse(c + 1, exception.Message, header?[c]);
            }
        }
    }

    private static void Check(RecordReader records, int column, string? name)
    {
        if (records[column].Contains((byte)0))
        {
            throw records.Refuse(column + 1, "a NUL byte; remove it.", name);
        }

        if (!Utf8.IsValid(records[column]))
        {
            throw records.Refuse(column + 1, "not UTF-8; save the file in this encoding.", name);
        }
    }

    private static TableFormatException Empty() => new(null, null, null, "the file is empty; give its rows.");
}
