using System.Text.Json;

namespace ClinicNetwork.Grains.Releases;

/// <summary>A list of pseudonyms that replace others, by docs/release-format.md: published, signed, after a recipient's key leaked.</summary>
public static class RekeyList
{
    /// <summary>Of the exchange's documents.</summary>
    public const string Kind = "rekey";

    /// <summary>Pairs of one list, some 3 MiB: a message of the gateway takes it.</summary>
    public const int PairsMax = 40_000;

    /// <summary>All pairs, in as many lists as they need, at least one.</summary>
    /// <param name="first">Number of the first list, 1..n of the recipient.</param>
    /// <param name="pairs">Old and new pseudonym.</param>
    public static IEnumerable<(int Number, byte[] List)> WriteAll(
        string network, string recipient, int first, IEnumerable<(string Old, string New)> pairs, int pairsMax = PairsMax) =>
        pairs.OrderBy(p => p.Old, StringComparer.Ordinal).Chunk(pairsMax).DefaultIfEmpty([])
            .Select((part, at) => (first + at, Write(network, recipient, first + at, part)));

    private static byte[] Write(string network, string recipient, int number, IEnumerable<(string Old, string New)> pairs)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("format", "clinicnetwork.rekey/1");
            json.WriteString("network", network);
            json.WriteString("recipient", recipient);
            json.WriteNumber("number", number);
            json.WriteStartArray("pairs");
            foreach (var (old, replacement) in pairs)
            {
                json.WriteStartArray();
                json.WriteStringValue(old);
                json.WriteStringValue(replacement);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }
}
