using System.Text.Encodings.Web;
using System.Text.Json;

namespace ClinicNetwork.Client.Pull;

/// <summary>One line of <c>rows.ndjson</c>.</summary>
internal static class RowLine
{
    /// <summary>Values such as <c>9+</c> stay readable; nothing here is ever put into HTML.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static void Write(Stream stream, BatchRow row)
    {
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("row", row.Row);
            if (row.Withdrawn)
            {
                writer.WriteString("leaf", Convert.ToHexStringLower(row.Leaf.Span));
            }
            else
            {
                writer.WriteString("salt", Convert.ToHexStringLower(row.Salt.Span));
                writer.WriteStartArray("values");
                foreach (var value in row.Values)
                    writer.WriteStringValue(value);
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    /// <summary>The leaf of a line that was written before.</summary>
    /// <exception cref="FormatException">Another row's line, or no row's.</exception>
    /// <exception cref="JsonException">No JSON.</exception>
    internal static byte[] Leaf(ReadOnlySpan<byte> line, long expectedRow)
    {
        var reader = new Utf8JsonReader(line);
        using var document = JsonDocument.ParseValue(ref reader);
        var row = document.RootElement;
        if (row.GetProperty("row").GetInt64() != expectedRow)
            throw new FormatException("another row");
        return row.TryGetProperty("leaf", out var leaf)
            ? Convert.FromHexString(Text(leaf))
            : MerkleAccumulator.Leaf(Convert.FromHexString(Text(row.GetProperty("salt"))), row.GetProperty("values").EnumerateArray().Select(Text));
    }

    private static string Text(JsonElement value) => value.GetString() ?? throw new FormatException("null");
}
