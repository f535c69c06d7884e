using System.Buffers.Text;
using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Gateway.Tests.Harness;
using ClinicNetwork.Tests.Fuzz;
using Xunit.Abstractions;

namespace ClinicNetwork.Gateway.Tests.Identity.Tokens;

/// <summary>Sets of keys and documents of issuers with anything wrong in them: nothing is thrown, and a key that is found is one that says that it verifies.</summary>
public sealed class KeySetFuzzTests(ITestOutputHelper output)
{
    private const string Issuer = "https://login.example/";

    private static readonly string[] Algorithms = ["ES256", "ES384", "ES512", "RS256", "RS384", "PS512", "HS256", "none"];
    private static readonly string[] Members = ["use", "key_ops", "alg", "kty", "crv", "d", "p", "q", "dp", "dq", "qi", "oth", "k", "x5c", "x5t", "x5u", "kid", "n", "e", "x", "y"];
    private static readonly string[] Values = ["sig", "enc", "verify", "sign", "RSA", "EC", "oct", "OKP", "P-256", "P-384", "AQAB", "AQ", "Ag", "", "ec-1", "rsa-1"];

    private static readonly string Jwks = TokenGateway.JwksOf(ECDsa.Create(ECCurve.NamedCurves.nistP384), RSA.Create(2048));

    [Fact]
    public void Sets_of_keys() => FuzzRun.Of(output, "sets of keys", random =>
    {
        var asText = random.Next(3) == 0;
        var set = Changed(random);
        var text = asText ? Mutant.JsonText(set, random) : set.ToJsonString();
        var keys = VerifyingKeys.Read(text);
        var found = false;
        foreach (var kid in (string[])["ec-1", "rsa-1", ""])
        {
            foreach (var algorithm in Algorithms)
            {
                if (keys?.Find(kid, algorithm) is null)
                {
                    continue;
                }

                found = true;
                // A member twice, or in other letters, is the reader's to choose.
                Assert.True(asText || MayVerify(set, kid, algorithm), $"{kid} {algorithm}: {text}");
            }
        }

        return found;
    });

    [Fact]
    public void Documents_of_issuers()
    {
        var valid = JsonNode.Parse($$"""{"issuer":"{{Issuer}}","jwks_uri":"{{Issuer}}keys","token_endpoint":"{{Issuer}}token","response_types_supported":["code"],"claims_supported":["sub",7]}""")!;
        FuzzRun.Of(output, "documents of issuers", random =>
        {
            using var answers = new Answers(Mutant.JsonText(valid, random), random.Next(4) == 0 ? Mutant.JsonText(Changed(random), random) : Jwks);
            using var fetching = new KeyFetching(answers);
            var taken = fetching.DiscoverAsync(Issuer).GetAwaiter().GetResult() is not null;
            Assert.True(!taken || answers.KeysFrom.StartsWith("https://", StringComparison.OrdinalIgnoreCase), answers.KeysFrom);
            return taken;
        });
    }

    private static JsonNode Changed(Random random)
    {
        var set = JsonNode.Parse(Jwks)!;
        for (var changes = random.Next(3); changes > 0; changes--)
        {
            var keys = set["keys"]!.AsArray();
            var key = keys[random.Next(keys.Count)]!.AsObject();
            switch (random.Next(4))
            {
                case 0:
                    keys.Add(key.DeepClone());
                    break;
                case 1:
                    key["key_ops"] = new JsonArray(Values[random.Next(2, 4)], Values[random.Next(2, 4)]);
                    break;
                default:
                    key[Members[random.Next(Members.Length)]] = Values[random.Next(Values.Length)];
                    break;
            }
        }

        return random.Next(2) == 0 ? set : Mutant.Json(set, random);
    }

    /// <summary>By RFC 7517, section 4, and what the documents say: of its own reading.</summary>
    private static bool MayVerify(JsonNode set, string kid, string algorithm)
    {
        var keys = set["keys"]!.AsArray().OfType<JsonObject>().ToList();
        return keys.SelectMany(key => key).All(member => member.Key is not ("d" or "p" or "q" or "dp" or "dq" or "qi" or "oth" or "k"))
            && keys.Where(key => Said(key, "kid") == kid).ToList() is [var key]
            && (Text(key, "use") is "" or "sig") && (Text(key, "alg") is "" || Text(key, "alg") == algorithm)
            && (key["key_ops"] is not JsonArray { Count: > 0 } operations || operations.Any(one => one is JsonValue value && value.TryGetValue(out string? text) && text == "verify"))
            && algorithm switch
            {
                "ES384" => (Text(key, "kty"), Text(key, "crv")) == ("EC", "P-384"),
                "RS256" or "RS384" or "PS512" => Text(key, "kty") == "RSA" && new BigInteger(Base64Url.DecodeFromChars(Text(key, "n")), isUnsigned: true, isBigEndian: true).GetBitLength() >= 2_048
                    && Text(key, "e") is not ("AQ" or "Ag" or ""),
                _ => false,
            };
    }

    private static string Text(JsonObject key, string name) => Said(key, name) ?? "";

    /// <summary>Null: nothing is said, which for an id is another thing than an empty one.</summary>
    private static string? Said(JsonObject key, string name) => key[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private sealed class Answers(string document, string keys) : HttpMessageHandler
    {
        public string KeysFrom { get; private set; } = "";

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var isDocument = request.RequestUri!.AbsoluteUri == Issuer + ".well-known/openid-configuration";
            KeysFrom = isDocument ? "" : request.RequestUri.OriginalString;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(isDocument ? document : keys) });
        }
    }
}
