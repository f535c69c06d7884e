using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace ClinicNetwork.Gateway.Identity.Tokens;

/// <summary>A set of public keys (RFC 7517), and which of them a token says it is signed by.</summary>
public sealed class VerifyingKeys
{
    /// <summary>Largest set that is read, bytes.</summary>
    public const int BytesMax = 64 * 1024;

    private const int KeysMax = 100;

    /// <summary>Members of a JWK that only its owner may have, and a shared secret's.</summary>
    private static readonly string[] SecretMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    /// <summary>What a set says of each key, and the key itself; null: it is none that is good for anything here.</summary>
    private readonly IReadOnlyList<(JsonWebKey Said, SecurityKey? Key)> _keys;

    private VerifyingKeys(IEnumerable<JsonWebKey> keys) => _keys = [.. keys.Take(KeysMax).Select(said => (said, PublicKeys.Of(said)))];

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
    public int ForAssertions => _keys.Count(one => one.Said.Kid is { Length: > 0 } id && ClientAssertions.Algorithms.Any(algorithm => Find(id, algorithm) is not null));

    /// <summary>The one key of this id that is good for this algorithm; null: none, or several.</summary>
    internal SecurityKey? Find(string keyId, string algorithm)
    {
        var found = _keys.Where(one => one.Said.Kid == keyId).Take(2).ToList();
        return found is [var (said, key)] && IsFor(said, key, algorithm) ? key : null;
    }

    /// <summary>Kind and curve are of the algorithm, and the set says nothing else of the key's use.</summary>
    private static bool IsFor(JsonWebKey said, SecurityKey? key, string algorithm) =>
        (string.IsNullOrEmpty(said.Use) || said.Use == JsonWebKeyUseNames.Sig)
        && (string.IsNullOrEmpty(said.Alg) || said.Alg == algorithm)
        && (said.KeyOps.Count == 0 || said.KeyOps.Contains("verify"))
        && algorithm[..2] switch
        {
            "ES" => key is ECDsaSecurityKey && said.Crv == CurveOf(algorithm),
            "RS" or "PS" => key is RsaSecurityKey,
            _ => false,
        };

    private static string CurveOf(string algorithm) => algorithm switch
    {
        SecurityAlgorithms.EcdsaSha256 => JsonWebKeyECTypes.P256,
        SecurityAlgorithms.EcdsaSha384 => JsonWebKeyECTypes.P384,
        _ => JsonWebKeyECTypes.P521,
    };
}
