using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ClinicNetwork.Gateway.Tests.Harness;

namespace ClinicNetwork.Gateway.Tests.Identity.Tokens;

/// <summary>One thing that is wrong with a request for a token that is good otherwise, and what is said of it.</summary>
internal sealed record WrongRequest(string Reason, string Error = "invalid_client")
{
    /// <summary>Before the assertion is signed.</summary>
    public Action<Recipe, TokenGateway> Spoil { get; init; } = (_, _) => { };

    /// <summary>Of the form, once it is there.</summary>
    public Func<Dictionary<string, string>, HttpContent> Content { get; init; } = form => new FormUrlEncodedContent(form);

    public string? Authorization { get; init; }

    public int Certificate { get; init; }

    public HttpStatusCode Status { get; init; } = HttpStatusCode.BadRequest;
}

/// <summary>What may be wrong with an assertion, and with what is sent with it.</summary>
internal static class AssertionNegatives
{
    /// <summary>Its own of these tests, registered for <see cref="WeakKeys"/>.</summary>
    public static readonly ECDsa Own = ECDsa.Create(ECCurve.NamedCurves.nistP384);

    private static readonly ECDsa Stranger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private static readonly ECDsa P256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly RSA Rsa = RSA.Create(2048);
    private static readonly RSA Stray = RSA.Create(2048);

    public static readonly Dictionary<string, WrongRequest> All = new(StringComparer.Ordinal)
    {
        ["alg none"] = Form((t, _) => (t.Header["alg"], t.Sign) = ("none", _ => [1])),
        ["HS256 by its public keys"] = Form((t, g) => (t.Header["alg"], t.Sign) = ("HS256", content => HMACSHA256.HashData(System.Text.Encoding.UTF8.GetBytes(g.Registration.Keys), content))),
        ["ES256"] = Form((t, _) => (t.Header["alg"], t.Sign) = ("ES256", SignedByP256)),
        ["RS256 by a registered key"] = Form((t, g) => (t.Header["alg"], t.Header["kid"], t.Sign) = ("RS256", "rsa-1", Recipe.Rs(g.Rsa, HashAlgorithmName.SHA256))),
        ["typ missing"] = Form((t, _) => t.Header.Remove("typ")),
        ["typ of an access token"] = Form((t, _) => t.Header["typ"] = "at+jwt"),
        ["kid missing"] = Form((t, _) => t.Header.Remove("kid")),
        ["kid of 129 characters"] = Form((t, _) => t.Header["kid"] = new string('k', 129)),
        ["kid of no key"] = Bad((t, _) => t.Header["kid"] = "ec-2"),
        ["kid of the key of the other kind"] = Bad((t, _) => t.Header["kid"] = "rsa-1"),
        ["another key"] = Bad((t, _) => t.Sign = Recipe.Es384(Stranger)),
        ["a signature as DER"] = Bad((t, g) => t.Sign = content => g.Ec.SignData(content, HashAlgorithmName.SHA384, DSASignatureFormat.Rfc3279DerSequence)),
        ["no signature"] = Bad((t, _) => t.Finish = token => token[..(token.LastIndexOf('.') + 1)]),
        ["crit"] = Bad((t, _) => t.Header["crit"] = new JsonArray("exp")),
        ["jwk in the header"] = Bad((t, _) => t.Header["jwk"] = new JsonObject { ["kty"] = "EC" }),
        ["jku in the header"] = Bad((t, _) => t.Header["jku"] = "https://127.0.0.1/keys"),
        ["iss of another"] = Bad((t, _) => t.Claims["iss"] = "pacs-2"),
        ["sub of another"] = Bad((t, _) => t.Claims["sub"] = "pacs-2"),
        ["a client that is not registered"] = Bad((t, _) => (t.Claims["iss"], t.Claims["sub"]) = ("pacs-2", "pacs-2")),
        ["aud of another gateway"] = new("ASSERTION_AUDIENCE") { Spoil = (t, _) => t.Claims["aud"] = "https://network.example/oauth2/token" },
        ["aud that is the gateway and not the endpoint"] = new("ASSERTION_AUDIENCE") { Spoil = (t, g) => t.Claims["aud"] = new Uri(g.Endpoint, "/").AbsoluteUri },
        ["aud with others in a list"] = new("ASSERTION_AUDIENCE") { Spoil = (t, g) => t.Claims["aud"] = new JsonArray(g.Endpoint.AbsoluteUri, "https://network.example/oauth2/token") },
        ["aud missing"] = new("ASSERTION_AUDIENCE") { Spoil = (t, _) => t.Claims.Remove("aud") },
        ["exp passed"] = new("ASSERTION_EXPIRED") { Spoil = (t, _) => (t.Claims["iat"], t.Claims["exp"]) = (Recipe.Now - 200, Recipe.Now - 20) },
        ["nbf ahead"] = new("ASSERTION_EXPIRED") { Spoil = (t, _) => t.Claims["nbf"] = Recipe.Now + 60 },
        ["iat ahead"] = new("ASSERTION_EXPIRED") { Spoil = (t, _) => t.Claims["iat"] = Recipe.Now + 60 },
        ["exp missing"] = Bad((t, _) => t.Claims.Remove("exp")),
        ["exp 6 minutes ahead"] = Bad((t, _) => t.Claims["exp"] = t.Claims.Remove("iat") ? Recipe.Now + 360 : null),
        ["exp 6 minutes after iat"] = Bad((t, _) => (t.Claims["iat"], t.Claims["exp"]) = (Recipe.Now - 180, Recipe.Now + 180)),
        ["a claim twice"] = Bad((t, _) => t.Text = text => text[..^1] + ",\"exp\":1}"),
        ["jti missing"] = new("ASSERTION_ID") { Spoil = (t, _) => t.Claims.Remove("jti") },
        ["jti empty"] = new("ASSERTION_ID") { Spoil = (t, _) => t.Claims["jti"] = "" },
        ["jti of 129 characters"] = new("ASSERTION_ID") { Spoil = (t, _) => t.Claims["jti"] = new string('j', 129) },
        ["jti that is a number"] = new("ASSERTION_ID") { Spoil = (t, _) => t.Claims["jti"] = 7 },
        ["client_id of another"] = new("CLIENT_ID") { Content = form => With(form, "client_id", "pacs-2") },
        ["another grant"] = new("GRANT_TYPE", "unsupported_grant_type") { Content = form => With(form, "grant_type", "authorization_code") },
        ["no grant"] = new("GRANT_TYPE", "unsupported_grant_type") { Content = form => With(form, "grant_type", null) },
        ["another kind of assertion"] = new("ASSERTION_TYPE") { Content = form => With(form, "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer") },
        ["no assertion"] = Bad((_, _) => { }) with { Content = form => With(form, "client_assertion", null) },
        ["a role that is not registered"] = new("SCOPE", "invalid_scope") { Content = form => With(form, "scope", "nurse clinician") },
        ["a role that is none"] = new("SCOPE", "invalid_scope") { Content = form => With(form, "scope", "surgeon") },
        ["the network's own role"] = new("SCOPE", "invalid_scope") { Content = form => With(form, "scope", "system") },
        ["a role that the certificate has not"] = new("SCOPE_EMPTY", "invalid_scope") { Content = form => With(form, "scope", "registry") },
        ["a field twice"] = new("FORM", "invalid_request") { Content = form => new FormUrlEncodedContent([.. form, new("grant_type", "client_credentials")]) },
        ["JSON"] = new("FORM", "invalid_request") { Content = form => new StringContent(System.Text.Json.JsonSerializer.Serialize(form), System.Text.Encoding.UTF8, "application/json") },
        ["an authorization header as well"] = new("FORM", "invalid_request") { Authorization = "Basic cGFjcy0xOng=" },
        ["a body of 17 KiB"] = new("FORM", "invalid_request")
        {
            Content = form => new FormUrlEncodedContent([.. form, new("x", new string('x', 8_000)), new("y", new string('y', 9_000))]), Status = HttpStatusCode.RequestEntityTooLarge,
        },
        ["fields without end"] = new("FORM", "invalid_request") { Content = form => new FormUrlEncodedContent([.. form, .. Enumerable.Range(0, 30).Select(i => new KeyValuePair<string, string>($"f{i}", "x"))]) },
    };

    /// <summary>Sets of keys that are not taken, whoever signs with one of them.</summary>
    public static readonly Dictionary<string, Func<(string Jwks, Action<Recipe> Sign)>> WeakKeys = new(StringComparer.Ordinal)
    {
        ["RSA of 1,024 bits"] = () => Weak(RSA.Create(1024)),
        ["RSA of 1,024 bits with zeros before"] = () => WeakWithZeros(RSA.Create(1024)),
        ["a certificate of another key beside it"] = () => (CertificateBeside(Rsa, Stray), SignedBy(Stray)),
        ["RSA for encryption"] = () => (Jwks(jwk => jwk["use"] = "enc"), _ => { }),
        ["a key for another algorithm"] = () => (Jwks(jwk => jwk["alg"] = "ES512"), _ => { }),
        ["a key that only signs"] = () => (Jwks(jwk => jwk["key_ops"] = new JsonArray("sign")), _ => { }),
        ["the key on another curve"] = () => (Jwks(jwk => jwk["crv"] = "P-256"), _ => { }),
        ["two keys of one kid"] = () => (Jwks(_ => { }, twice: true), _ => { }),
        ["a set with a private key"] = () => (Jwks(jwk => jwk["d"] = "AAAA"), _ => { }),
        ["no set of keys"] = () => ("{\"keys\":7}", _ => { }),
    };

    /// <summary>What it is without any of them.</summary>
    public static string GoodKeys => Jwks(_ => { });

    /// <summary>A set with one key's numbers and, beside them, a certificate of another's.</summary>
    public static string CertificateBeside(RSA numbers, RSA other)
    {
        var set = JsonNode.Parse(TokenGateway.JwksOf(Own, numbers))!;
        set["keys"]![1]!["x5c"] = new JsonArray(CertificateOf(other));
        return set.ToJsonString();
    }

    public static Action<Recipe> SignedBy(RSA key) =>
        t => (t.Header["alg"], t.Header["kid"], t.Sign) = ("RS384", "rsa-1", Recipe.Rs(key, HashAlgorithmName.SHA384));

    /// <summary>A certificate of its own making, as a member of <c>x5c</c>.</summary>
    public static string CertificateOf(RSA key)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=other", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        return Convert.ToBase64String(certificate.RawData);
    }

    private static byte[] SignedByP256(byte[] content) => P256.SignData(content, HashAlgorithmName.SHA256);

    private static WrongRequest Form(Action<Recipe, TokenGateway> spoil) => new("ASSERTION_FORM") { Spoil = spoil };

    private static WrongRequest Bad(Action<Recipe, TokenGateway> spoil) => new("ASSERTION_INVALID") { Spoil = spoil };

    private static FormUrlEncodedContent With(Dictionary<string, string> form, string field, string? value)
    {
        form.Remove(field);
        return new(value is null ? form : form.Append(new(field, value)));
    }

    private static string Jwks(Action<JsonNode> change, bool twice = false)
    {
        var set = JsonNode.Parse(TokenGateway.JwksOf(Own, Rsa))!;
        var keys = set["keys"]!.AsArray();
        change(keys[0]!);
        if (twice)
        {
            keys.Add(keys[0]!.DeepClone());
        }

        return set.ToJsonString();
    }

    private static (string Jwks, Action<Recipe> Sign) Weak(RSA key) => (TokenGateway.JwksOf(Own, key), SignedBy(key));

    private static (string Jwks, Action<Recipe> Sign) WeakWithZeros(RSA key)
    {
        var set = JsonNode.Parse(TokenGateway.JwksOf(Own, key))!;
        set["keys"]![1]!["n"] = Base64Url.EncodeToString([.. new byte[128], .. key.ExportParameters(false).Modulus!]);
        return (set.ToJsonString(), SignedBy(key));
    }
}
