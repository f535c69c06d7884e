using System.Text;
using System.Text.Json.Nodes;

namespace ClinicNetwork.Tests.Fuzz;

/// <summary>Changed copies of what is valid: its bytes, its lines and values, its JSON. Test projects share this file.</summary>
internal static class Mutant
{
    /// <summary>Longest text that is put in, characters.</summary>
    private const int LongText = 5_000;

    /// <summary>Deeper than any reader goes.</summary>
    private const int Deep = 200;

    private static readonly byte[][] Pieces =
    [
        .. ((string[])
        [
            "\"", "\"\"", ",", ";", "\n", "\r", "\r\n", "\0", "\ufeff", "ä", "🧠", "=cmd()", "\t", ".", "=", "+", new string('x', LongText), "1980-02-30", "-1", "99999999999999999999", "0x1", "NaN",
            "-----BEGIN CERTIFICATE-----", "-----END PRIVATE KEY-----", "AAAA", "null", "{", "[", "\\ud800", "\\u0000", "../../etc/passwd",
        ]).Select(Encoding.UTF8.GetBytes),
        // Byte order marks of UTF-16, half a character of UTF-8.
        [0xFF, 0xFE], [0xFE, 0xFF], [0xC3],
    ];

    /// <summary>One to four changes.</summary>
    public static byte[] Bytes(byte[] valid, Random random)
    {
        byte[] bytes = [.. valid];
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            bytes = Changed(bytes, random);
        }

        return bytes;
    }

    public static string Text(string valid, Random random) => Encoding.UTF8.GetString(Bytes(Encoding.UTF8.GetBytes(valid), random));

    /// <summary>Of a table: lines lost, doubled, torn, exchanged, values put from one place to another; at times its bytes too.</summary>
    public static byte[] Table(string valid, Random random)
    {
        var lines = valid.Split('\n').ToList();
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var (at, other) = (random.Next(lines.Count), random.Next(lines.Count));
            switch (random.Next(6))
            {
                case 0 when lines.Count > 1:
                    lines.RemoveAt(at);
                    break;
                case 1:
                    lines.Insert(other, lines[at]);
                    break;
                case 2:
                    lines[at] = lines[at][..random.Next(lines[at].Length + 1)];
                    break;
                case 3:
                    (lines[at], lines[other]) = (lines[other], lines[at]);
                    break;
                default:
                    var (values, others) = (lines[at].Split(','), lines[other].Split(','));
                    values[random.Next(values.Length)] = random.Next(2) == 0 ? others[random.Next(others.Length)] : Odd(random);
                    lines[at] = string.Join(',', values);
                    break;
            }
        }

        var bytes = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        return random.Next(3) == 0 ? Bytes(bytes, random) : bytes;
    }

    /// <summary>One to four nodes of a copy replaced or removed.</summary>
    public static JsonNode Json(JsonNode valid, Random random)
    {
        var json = valid.DeepClone();
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            Damage(json, random);
        }

        return json;
    }

    /// <summary>The same as text, now and then with what no tree of nodes says: a member twice, depth, bytes.</summary>
    public static string JsonText(JsonNode valid, Random random)
    {
        var text = (random.Next(4) == 0 ? valid : Json(valid, random)).ToJsonString();
        return random.Next(8) switch
        {
            0 when valid is JsonObject { Count: > 0 } json => text[..^1] + $",\"{json.ElementAt(random.Next(json.Count)).Key}\":{ValueText(random)}}}",
            1 => text[..^1] + ",\"x\":" + new string('[', Deep) + new string(']', Deep) + text[^1],
            2 or 3 => Text(text, random),
            _ => text,
        };
    }

    /// <summary>Replaces or removes one node somewhere in the tree.</summary>
    public static void Damage(JsonNode node, Random random)
    {
        while (true)
        {
            JsonNode? child;
            switch (node)
            {
                case JsonObject { Count: > 0 } json:
                    var name = json.ElementAt(random.Next(json.Count)).Key;
                    child = json[name];
                    if (child is not (JsonObject or JsonArray) || random.Next(3) == 0)
                    {
                        if (random.Next(4) == 0) json.Remove(name);
                        else json[name] = Value(random);
                        return;
                    }

                    break;
                case JsonArray { Count: > 0 } list:
                    var index = random.Next(list.Count);
                    child = list[index];
                    if (child is not (JsonObject or JsonArray) || random.Next(3) == 0)
                    {
                        if (random.Next(4) == 0) list.RemoveAt(index);
                        else if (random.Next(4) == 0) list.Add(child?.DeepClone());
                        else list[index] = Value(random);
                        return;
                    }

                    break;
                default:
                    return;
            }

            node = child;
        }
    }

    public static JsonNode? Value(Random random) => random.Next(9) switch
    {
        0 => null,
        1 => new JsonObject(),
        2 => new JsonArray(),
        3 => random.Next(),
        4 => -1,
        5 => random.NextDouble(),
        6 => true,
        7 => new JsonArray(Odd(random), 1, null),
        _ => Odd(random),
    };

    /// <summary>A text that nobody expects.</summary>
    public static string Odd(Random random) => random.Next(3) switch
    {
        0 => Encoding.UTF8.GetString(Pieces[random.Next(Pieces.Length)]),
        1 => "",
        _ => Encoding.Latin1.GetString([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => (byte)random.Next(32, 256))]),
    };

    private static string ValueText(Random random) => random.Next(4) switch
    {
        0 => "\"\\ud800\"",
        1 => "1e999",
        _ => Value(random)?.ToJsonString() ?? "null",
    };

    private static byte[] Changed(byte[] bytes, Random random)
    {
        // Its beginning is a place of its own.
        var at = random.Next(8) == 0 ? 0 : random.Next(bytes.Length + 1);
        var end = Math.Min(bytes.Length, at + random.Next(80));
        switch (random.Next(8))
        {
            case 0 or 1 when at < bytes.Length:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2 when at < bytes.Length:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 3:
                return bytes[..at];
            case 4:
                return [.. bytes[..end], .. bytes[at..]];
            case 5:
                return [.. bytes[..at], .. bytes[end..]];
            case 6 when bytes.Length < 64 * 1024:
                return [.. bytes, .. bytes[at..]];
            default:
                return [.. bytes[..at], .. Pieces[random.Next(Pieces.Length)], .. bytes[at..]];
        }
    }
}
