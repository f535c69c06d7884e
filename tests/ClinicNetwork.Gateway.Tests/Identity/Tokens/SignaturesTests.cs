using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Gateway.Tests.Harness;
using Microsoft.IdentityModel.Tokens;

namespace ClinicNetwork.Gateway.Tests.Identity.Tokens;

/// <summary>What stands behind every check of our own: each thing by itself, since nothing before it looks here.</summary>
public sealed class SignaturesTests : IDisposable
{
    private static readonly Dictionary<string, Action<Recipe, RSA>> Wrong = new(StringComparer.Ordinal)
    {
        ["another key"] = (t, _) => t.Sign = Recipe.Rs(RSA.Create(2048), HashAlgorithmName.SHA384),
        ["another algorithm"] = (t, key) => (t.Header["alg"], t.Sign) = ("RS256", Recipe.Rs(key, HashAlgorithmName.SHA256)),
        ["iss of another"] = (t, _) => t.Claims["iss"] = "pacs-2",
        ["iss missing"] = (t, _) => t.Claims.Remove("iss"),
        ["aud of others"] = (t, _) => t.Claims["aud"] = new JsonArray("others"),
        ["aud missing"] = (t, _) => t.Claims.Remove("aud"),
        ["typ of something else"] = (t, _) => t.Header["typ"] = "at+jwt",
    };

    private readonly RSA _key = RSA.Create(2048);

    public static TheoryData<string> Problems => [.. Wrong.Keys];

    [Theory]
    [MemberData(nameof(Problems))]
    public async Task A_token_is_refused_for(string problem)
    {
        await CheckAsync(Token());
        var token = Token();
        Wrong[problem](token, _key);
        await Assert.ThrowsAsync<TokenException>(() => CheckAsync(token));
    }

    /// <summary>The library would keep a verifier in the process under a key's numbers, and makes it of the certificate beside them where there is one.</summary>
    [Fact]
    public async Task No_verifier_is_kept_for_another_key_of_the_same_numbers()
    {
        using var other = RSA.Create(2048);
        var token = Token();
        AssertionNegatives.SignedBy(other)(token);
        var odd = Numbers();
        odd.X5c.Add(AssertionNegatives.CertificateOf(other));
        await CheckAsync(token, odd);
        await Assert.ThrowsAsync<TokenException>(() => CheckAsync(token, Numbers()));
        await CheckAsync(Token(), Numbers());
    }

    public void Dispose() => _key.Dispose();

    private Recipe Token() => new(
        new() { ["alg"] = "RS384", ["typ"] = "JWT", ["kid"] = "rsa-1" },
        new() { ["iss"] = "pacs-1", ["aud"] = "here", ["exp"] = Recipe.Now + 60 },
        Recipe.Rs(_key, HashAlgorithmName.SHA384));

    private Task CheckAsync(Recipe token, SecurityKey? key = null) => Signatures.CheckAsync(
        CompactToken.Read(token.Make()), key ?? new RsaSecurityKey(_key.ExportParameters(false)), "RS384", "pacs-1", ["here"], "JWT");

    private JsonWebKey Numbers()
    {
        var numbers = _key.ExportParameters(false);
        return new() { Kty = "RSA", N = Base64Url.EncodeToString(numbers.Modulus), E = Base64Url.EncodeToString(numbers.Exponent) };
    }
}
