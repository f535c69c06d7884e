using System.Globalization;
using System.Text;

namespace ClinicNetwork.Simulation;

/// <summary>A comma-separated file of plain values under a fixed header, read line by line within bounds. Lines end in LF or CR LF.</summary>
internal sealed class BaselineFile
{
    internal const int LineCharsMax = 200;
    internal const long RowsMax = 5_000_000;

    private readonly TextReader reader;
    private readonly string[] columns;
    private readonly StringBuilder buffer = new();
    private string[] values = [];

    internal BaselineFile(TextReader reader, params string[] columns)
    {
        this.reader = reader;
        this.columns = columns;
        var header = ReadLine() ?? throw new BaselineFileException(1, "header", $"the file is empty; expected {Expected}");
        if (header != Expected)
            throw new BaselineFileException(1, "header", $"expected {Expected}");
    }

    /// <summary>The line last read, from 1.</summary>
    internal long Line { get; private set; }

    internal long Rows { get; private set; }

    private string Expected => string.Join(',', columns);

    internal bool NextRow()
    {
        if (ReadLine() is not { } line)
            return false;
        if (++Rows > RowsMax)
            throw new BaselineFileException(Line, "file", $"more than {RowsMax.ToString(CultureInfo.InvariantCulture)} rows");
        values = line.Split(',');
        if (values.Length != columns.Length)
            throw new BaselineFileException(Line, "row", $"expected {columns.Length.ToString(CultureInfo.InvariantCulture)} values");
        return true;
    }

    internal int Number(int column, int low, int high) =>
        int.TryParse(values[column], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high
            ? number
            : throw new BaselineFileException(
                Line, columns[column], string.Create(CultureInfo.InvariantCulture, $"expected a whole number from {low} to {high}"));

    internal VirtualSex Sex(int column) => values[column] switch
    {
        "female" => VirtualSex.Female,
        "male" => VirtualSex.Male,
        _ => throw new BaselineFileException(Line, columns[column], "expected female or male"),
    };

    /// <summary>Not TextReader.ReadLine, which would take in a line of any length.</summary>
    private string? ReadLine()
    {
        var next = reader.Read();
        if (next < 0)
            return null;
        Line++;
        buffer.Clear();
        for (; next is >= 0 and not '\n'; next = reader.Read())
        {
            if (buffer.Length == LineCharsMax)
                throw new BaselineFileException(
                    Line, "row", string.Create(CultureInfo.InvariantCulture, $"more than {LineCharsMax} characters"));
            buffer.Append((char)next);
        }
        if (next == '\n' && buffer.Length > 0 && buffer[^1] == '\r')
            buffer.Length--;
        return buffer.ToString();
    }
}
