using System.Text;

namespace ClinicNetwork.Cli.Tables;

/// <summary>Numbers distinct values from 0, in the order in which they come. What was seen before costs no string.</summary>
internal sealed class CodeBook
{
    private readonly Dictionary<string, int> codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> bySpan;
    private char[] chars = new char[256];

    internal CodeBook() => bySpan = codes.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>In the order of their codes.</summary>
    internal IEnumerable<string> Values => codes.Keys;

    internal int Count => codes.Count;

    internal void Add(string value) => codes.Add(value, codes.Count);

    /// <summary>−1: there is none.</summary>
    internal int Find(ReadOnlySpan<byte> value) => bySpan.TryGetValue(Text(value), out var code) ? code : -1;

    internal int FindOrAdd(ReadOnlySpan<byte> value)
    {
        var text = Text(value);
        if (!bySpan.TryGetValue(text, out var code))
            bySpan[text] = code = codes.Count;
        return code;
    }

    private ReadOnlySpan<char> Text(ReadOnlySpan<byte> value)
    {
        if (value.Length > chars.Length)
            chars = new char[value.Length * 2];
        return chars.AsSpan(0, Encoding.UTF8.GetChars(value, chars));
    }
}
