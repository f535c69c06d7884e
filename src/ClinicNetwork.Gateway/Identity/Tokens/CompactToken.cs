using System.Buffers.Text;
using System.Text.Json;

namespace ClinicNetwork.Gateway.Identity.Tokens;

/// <summary>
/// A signed JWT in the compact form (RFC 7515, section 7.1), taken apart and not yet believed. Its form is taken strictly: one spelling of each byte, no
/// member twice, no header but those that name algorithm, type and key. What would bring a key of its own, or is encrypted, is refused here.
/// </summary>
internal sealed class CompactToken
{
    /// <summary>Longest that is read, characters.</summary>
    public const int LengthMax = 8 * 1024;

    /// <summary>Longest id, name or key id in it, characters.</summary>
    public const int IdLengthMax = 128;

    private const int DepthMax = 8;

    private static readonly string[] Headers = ["alg", "typ", "kid", "x5t", "x5t#S256"];

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = DepthMax };

    private CompactToken(string text, JsonElement header, JsonElement claims)
    {
        (Text, Claims) = (text, claims);
        (Algorithm, Type, KeyId) = (TextOf(header, "alg"), TextOf(header, "typ"), TextOf(header, "kid"));
    }

    public string Text { get; }

    public string Algorithm { get; }

    public string Type { get; }

    /// <summary>Empty: none.</summary>
    public string KeyId { get; }

    public JsonElement Claims { get; }

    /// <exception cref="TokenException">It is no such token.</exception>
    public static CompactToken Read(string text)
    {
        if (text.Length is 0 or > LengthMax || text.Split('.', 4) is not [var head, var body, var signature])
        {
            throw TokenException.Invalid();
        }

        var (header, claims) = (Object(Bytes(head)), Object(Bytes(body)));
        _ = Bytes(signature);
        return header.EnumerateObject().All(member => Headers.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.String)
            ? new(text, header, claims)
            : throw TokenException.Invalid();
    }

    /// <returns>Empty: not there, or no text.</returns>
    public string TextOf(string claim) => TextOf(Claims, claim);

    public bool Has(string claim) => Claims.TryGetProperty(claim, out _);

    /// <summary>A NumericDate in whole seconds; null: not there.</summary>
    /// <exception cref="TokenException">It is there and is none.</exception>
    public DateTimeOffset? Instant(string claim)
    {
        if (!Claims.TryGetProperty(claim, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) && seconds is > 0 and <= uint.MaxValue
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw TokenException.Invalid();
    }

    /// <summary>Texts of a claim that is one text or a list of texts; anything else has none.</summary>
    public static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array when value.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String) => value.EnumerateArray().Select(one => one.GetString()!),
        _ => [],
    };

    private static string TextOf(JsonElement members, string name) =>
        members.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static byte[] Bytes(string part)
    {
        if (part.Length > 0 && Base64Url.IsValid(part) && Base64Url.DecodeFromChars(part) is var bytes && Base64Url.EncodeToString(bytes) == part)
        {
            return bytes;
        }

        throw TokenException.Invalid();
    }

    private static JsonElement Object(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            ReadTexts(document.RootElement);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw TokenException.Invalid();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw TokenException.Invalid();
        }
    }

    /// <summary>Texts are decoded only when they are asked for, and half a surrogate throws then: found out here.</summary>
    private static void ReadTexts(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var one in value.EnumerateArray())
                {
                    ReadTexts(one);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    _ = member.Name;
                    ReadTexts(member.Value);
                }

                break;
        }
    }
}
