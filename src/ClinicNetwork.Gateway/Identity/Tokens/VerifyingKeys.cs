using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace ClinicNetwork.Gateway.Identity.Tokens;

/// <summary>A set of public keys (RFC 7517), and which of them a token says it is signed by.</summary>
public sealed class VerifyingKeys
{
    /// <summary>Largest set that is read, bytes.</summary>
    public const int BytesMax = 64 * 1024;

    private const int KeysMax = 100;

    private const int RsaBitsMin = 2_048;

    /// <summary>Members of a JWK that only its owner may have, and a shared secret's.</summary>
    private static readonly string[] SecretMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    private readonly IReadOnlyList<JsonWebKey> _keys;

    internal VerifyingKeys(IEnumerable<JsonWebKey> keys) => _keys = [.. keys.Take(KeysMax)];

    /// <summary>Null: it is no set of keys, or holds a private one.</summary>
    public static VerifyingKeys? Read(string json)
    {
        if (json.Length > BytesMax)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.GetProperty("keys").EnumerateArray().Any(key => key.EnumerateObject().Any(member => SecretMembers.Contains(member.Name))))
            {
                return null;
            }

            return new(new JsonWebKeySet(json).Keys);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>How many are good for a machine's assertions.</summary>
    public int ForAssertions => _keys.Count(key => key.Kid is { Length: > 0 } && ClientAssertions.Algorithms.Any(algorithm => Find(key.Kid, algorithm) is not null));

    /// <summary>The one key of this id that is good for this algorithm; null: none, or several.</summary>
    internal JsonWebKey? Find(string keyId, string algorithm)
    {
        var found = _keys.Where(key => key.Kid == keyId).Take(2).ToList();
        return found is [var one] && IsFor(one, algorithm) ? one : null;
    }

    /// <summary>Kind and strength are of the algorithm, and the key says nothing else of its use.</summary>
    private static bool IsFor(JsonWebKey key, string algorithm) =>
        (string.IsNullOrEmpty(key.Use) || key.Use == JsonWebKeyUseNames.Sig)
        && (string.IsNullOrEmpty(key.Alg) || key.Alg == algorithm)
        && (key.KeyOps.Count == 0 || key.KeyOps.Contains("verify"))
        && algorithm[..2] switch
        {
            "ES" => key.Kty == JsonWebAlgorithmsKeyTypes.EllipticCurve && key.Crv == CurveOf(algorithm),
            "RS" or "PS" => key.Kty == JsonWebAlgorithmsKeyTypes.RSA && BitsOf(key) >= RsaBitsMin,
            _ => false,
        };

    private static int BitsOf(JsonWebKey key)
    {
        try
        {
            return key.KeySize;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            return 0;
        }
    }

    private static string CurveOf(string algorithm) => algorithm switch
    {
        SecurityAlgorithms.EcdsaSha256 => JsonWebKeyECTypes.P256,
        SecurityAlgorithms.EcdsaSha384 => JsonWebKeyECTypes.P384,
        _ => JsonWebKeyECTypes.P521,
    };
}
