using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ClinicNetwork.Gateway.Tests.Harness;

namespace ClinicNetwork.Gateway.Tests.Identity.Tokens;

/// <summary>One thing that is wrong with a token that is good otherwise, and what is said of it.</summary>
internal sealed record Negative(Action<Recipe, TokenGateway> Spoil, string Reason = "TOKEN_INVALID");

/// <summary>What may be wrong with a bearer token: of any kind, of a machine's, of a person's.</summary>
internal static class TokenNegatives
{
    /// <summary>Of both kinds.</summary>
    private static readonly Dictionary<string, Negative> OfAny = new(StringComparer.Ordinal)
    {
        ["alg none without signature"] = new((t, _) => (t.Header["alg"], t.Sign) = ("none", _ => [])),
        ["alg none with its signature"] = new((t, _) => t.Finish = token => Base64("{\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"people-1\"}") + token[token.IndexOf('.', StringComparison.Ordinal)..]),
        ["no signature"] = new((t, _) => t.Finish = token => token[..(token.LastIndexOf('.') + 1)]),
        ["no third part"] = new((t, _) => t.Finish = token => token[..token.LastIndexOf('.')]),
        ["encrypted, five parts"] = new((t, _) => t.Finish = token => token + ".AAAA.AAAA"),
        ["four parts"] = new((t, _) => t.Finish = token => token + ".AAAA"),
        ["alg missing"] = new((t, _) => t.Header.Remove("alg")),
        ["typ missing"] = new((t, _) => t.Header.Remove("typ")),
        ["typ of something else"] = new((t, _) => t.Header["typ"] = "dpop+jwt"),
        ["crit"] = new((t, _) => t.Header["crit"] = new JsonArray("exp")),
        ["jwk in the header"] = new((t, _) => t.Header["jwk"] = new JsonObject { ["kty"] = "oct" }),
        ["jku in the header"] = new((t, _) => t.Header["jku"] = "https://127.0.0.1/keys"),
        ["x5u in the header"] = new((t, _) => t.Header["x5u"] = "https://127.0.0.1/key.pem"),
        ["x5c in the header"] = new((t, _) => t.Header["x5c"] = new JsonArray("AAAA")),
        ["cty JWT in the header"] = new((t, _) => t.Header["cty"] = "JWT"),
        ["zip in the header"] = new((t, _) => t.Header["zip"] = "DEF"),
        ["b64 in the header"] = new((t, _) => t.Header["b64"] = false),
        ["a claim twice"] = new((t, _) => t.Text = text => text[..^1] + ",\"sub\":\"someone\"}"),
        ["claims that are no object"] = new((t, _) => t.Text = text => $"[{text}]"),
        ["claims that are no JSON"] = new((t, _) => t.Text = text => text[..^1]),
        ["half a surrogate in a claim"] = new((t, _) => t.Text = text => text[..^1] + ",\"x\":\"\\ud800\"}"),
        ["claims that are too deep"] = new((t, _) => t.Text = text => text[..^1] + ",\"x\":" + new string('[', 20) + new string(']', 20) + "}"),
        ["padding"] = new((t, _) => t.Finish = token => token + "="),
        ["a blank behind it"] = new((t, _) => t.Finish = token => token + " x"),
        ["another spelling of its last byte"] = new((t, _) => t.Finish = token => token[..^1] + OtherSpelling(token[^1])),
        ["longer than 8 KiB"] = new((t, _) => t.Claims["x"] = new string('x', 7_000), "AUTHORIZATION_INVALID"),
        ["iss of nobody"] = new((t, _) => t.Claims["iss"] = "https://nobody.example/"),
        ["iss missing"] = new((t, _) => t.Claims.Remove("iss")),
        ["iss in a list"] = new((t, _) => t.Claims["iss"] = new JsonArray(t.Claims["iss"]!.GetValue<string>())),
        ["aud of others"] = new((t, _) => t.Claims["aud"] = "another-network"),
        ["aud missing"] = new((t, _) => t.Claims.Remove("aud")),
        ["exp passed"] = new((t, _) => (t.Claims["iat"], t.Claims["exp"]) = (Recipe.Now - 200, Recipe.Now - 20), "TOKEN_EXPIRED"),
        ["exp missing"] = new((t, _) => t.Claims.Remove("exp")),
        ["exp as text"] = new((t, _) => t.Claims["exp"] = "4102444800"),
        ["exp with a fraction"] = new((t, _) => t.Claims["exp"] = Recipe.Now + 100.5),
        ["exp beyond all years"] = new((t, _) => t.Claims["exp"] = 99_999_999_999_999),
        ["nbf ahead"] = new((t, _) => t.Claims["nbf"] = Recipe.Now + 60, "TOKEN_EXPIRED"),
        ["iat ahead"] = new((t, _) => t.Claims["iat"] = Recipe.Now + 60, "TOKEN_EXPIRED"),
        ["bound to another certificate"] = new((t, g) => t.Claims["cnf"] = new JsonObject { ["x5t#S256"] = g.ThumbprintOf(1) }, "TOKEN_NOT_BOUND"),
        ["bound to a key as well"] = new((t, g) => t.Claims["cnf"] = new JsonObject { ["x5t#S256"] = g.ThumbprintOf(0), ["jkt"] = "x" }, "TOKEN_NOT_BOUND"),
        ["bound to nothing that is known"] = new((t, _) => t.Claims["cnf"] = new JsonObject { ["jkt"] = "x" }, "TOKEN_NOT_BOUND"),
        ["bound unreadably"] = new((t, _) => t.Claims["cnf"] = "x", "TOKEN_NOT_BOUND"),
        ["sub missing"] = new((t, _) => t.Claims.Remove("sub")),
    };

    public static readonly Dictionary<string, Negative> OfMachines = new(OfAny, StringComparer.Ordinal)
    {
        ["another secret"] = new((t, _) => t.Sign = content => HMACSHA256.HashData(new byte[32], content)),
        ["HS384 by the same secret"] = new((t, g) => (t.Header["alg"], t.Sign) = ("HS384", content => HMACSHA384.HashData(g.Store.DeriveSecret("access-tokens"), content))),
        ["the secret of cursors"] = new((t, g) => t.Sign = content => HMACSHA256.HashData(g.Store.DeriveSecret("tokens"), content)),
        ["typ JWT"] = new((t, _) => t.Header["typ"] = "JWT"),
        ["of another incarnation"] = new((t, _) => (t.Claims["iss"], t.Claims["aud"]) = ("urn:clinicnetwork:" + new string('0', 32), "urn:clinicnetwork:" + new string('0', 32))),
        ["good for 6 minutes"] = new((t, _) => t.Claims["exp"] = Recipe.Now + 361),
        ["bound to no certificate"] = new((t, _) => t.Claims.Remove("cnf"), "TOKEN_NOT_BOUND"),
        ["a client that is not registered"] = new((t, _) => t.Claims["sub"] = "pacs-2"),
    };

    public static readonly Dictionary<string, Negative> OfPeople = new(OfAny, StringComparer.Ordinal)
    {
        ["another key under its kid"] = new((t, g) => t.Sign = Recipe.Rs(g.Rsa, HashAlgorithmName.SHA256)),
        ["kid missing"] = new((t, _) => t.Header.Remove("kid")),
        ["kid of no key"] = new((t, _) => t.Header["kid"] = "people-2"),
        ["HS256 by its public key"] = new((t, g) => (t.Header["alg"], t.Sign) = ("HS256", content => HMACSHA256.HashData(g.People.Key.ExportSubjectPublicKeyInfo(), content))),
        ["HS256 by its public key as PEM"] = new((t, g) => (t.Header["alg"], t.Sign) = ("HS256", content => HMACSHA256.HashData(System.Text.Encoding.ASCII.GetBytes(g.People.Key.ExportSubjectPublicKeyInfoPem()), content))),
        ["ES256 said of an RSA key"] = new((t, _) => t.Header["alg"] = "ES256"),
        ["PS256 said of an RS256 signature"] = new((t, _) => t.Header["alg"] = "PS256"),
        ["SHA-1"] = new((t, g) => (t.Header["alg"], t.Sign) = ("RS1", Recipe.Rs(g.People.Key, HashAlgorithmName.SHA1))),
        ["iss with something behind"] = new((t, _) => t.Claims["iss"] = t.Claims["iss"]!.GetValue<string>() + "evil/"),
        ["iss in another spelling"] = new((t, _) => t.Claims["iss"] = t.Claims["iss"]!.GetValue<string>().TrimEnd('/')),
        ["an ID token by its nonce"] = new((t, _) => t.Claims["nonce"] = "x"),
        ["an ID token by its at_hash"] = new((t, _) => t.Claims["at_hash"] = "x"),
        ["an ID token by its c_hash"] = new((t, _) => t.Claims["c_hash"] = "x"),
        ["an ID token by its audience"] = new((t, _) => t.Claims["aud"] = "browser-client"),
        ["an ID token by its type"] = new((t, _) => t.Header["typ"] = "JWT"),
        ["iat missing"] = new((t, _) => t.Claims.Remove("iat")),
        ["good for 61 minutes"] = new((t, _) => t.Claims["exp"] = Recipe.Now + 3_661),
        ["sub with a slash"] = new((t, _) => t.Claims["sub"] = "anna/k"),
        ["sub with a line's end"] = new((t, _) => t.Claims["sub"] = "anna\nk"),
        ["sub of 101 characters"] = new((t, _) => t.Claims["sub"] = new string('a', 101)),
        ["sub that is a number"] = new((t, _) => t.Claims["sub"] = 7),
        ["an issuer whose keys cannot be had"] = new((t, _) => t.Claims["iss"] = "https://127.0.0.1:1/", "ISSUER_UNAVAILABLE"),
        ["made for the other kind of reader"] = new((t, g) => t.Claims["iss"] = "urn:clinicnetwork:" + g.Store.Incarnation),
    };

    private static string Base64(string json) => System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(json));

    /// <summary>The next character of the alphabet: the bits that no byte takes differ.</summary>
    private static char OtherSpelling(char last)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return Alphabet[Alphabet.IndexOf(last, StringComparison.Ordinal) + 1];
    }
}
