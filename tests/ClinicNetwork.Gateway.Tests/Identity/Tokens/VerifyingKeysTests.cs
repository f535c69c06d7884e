using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Gateway.Tests.Harness;
using Microsoft.IdentityModel.Tokens;

namespace ClinicNetwork.Gateway.Tests.Identity.Tokens;

/// <summary>Which key of a set is good for which algorithm, by its own numbers and nothing beside them.</summary>
public sealed class VerifyingKeysTests
{
    private static readonly RSA Own = RSA.Create(2048);
    private static readonly ECDsa P384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);

    [Theory]
    [InlineData("P-256", "ES256")]
    [InlineData("P-384", "ES384")]
    [InlineData("P-521", "ES512")]
    public void A_curve_is_good_for_its_own_algorithm_alone(string curve, string algorithm)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName("nist" + curve.Replace("-", "", StringComparison.Ordinal)));
        var point = key.ExportParameters(false).Q;
        var keys = Read(new() { ["kty"] = "EC", ["crv"] = curve, ["kid"] = "k", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) });
        foreach (var one in (string[])["ES256", "ES384", "ES512", "RS256", "PS384", "HS256", "none"])
        {
            Assert.Equal(one == algorithm, keys.Find("k", one) is not null);
        }
    }

    [Fact]
    public void A_certificate_beside_a_key_changes_nothing()
    {
        using var other = RSA.Create(2048);
        var jwk = Rsa(_ => { });
        (jwk["x5c"], jwk["x5t"], jwk["x5u"]) = (new JsonArray(AssertionNegatives.CertificateOf(other)), "AAAA", "https://127.0.0.1/other.pem");
        var key = Assert.IsType<RsaSecurityKey>(Read(jwk).Find("k", "RS384"));
        Assert.Equal(Own.ExportParameters(false).Modulus, key.Rsa.ExportParameters(false).Modulus);
        jwk["x5c"] = new JsonArray("no certificate");
        Assert.NotNull(Read(jwk).Find("k", "RS384"));
    }

    public static TheoryData<string> Weak => ["1,024 bits", "1,024 bits with zeros before", "exponent 1", "exponent 2", "no modulus", "no base64", "another kind"];

    [Theory]
    [MemberData(nameof(Weak))]
    public void An_RSA_key_is_good_for_nothing_with(string problem)
    {
        using var small = RSA.Create(1024);
        var modulus = small.ExportParameters(false).Modulus!;
        Assert.NotNull(Read(Rsa(_ => { })).Find("k", "RS256"));
        var (member, value) = problem switch
        {
            "1,024 bits" => ("n", Base64Url.EncodeToString(modulus)),
            "1,024 bits with zeros before" => ("n", Base64Url.EncodeToString([.. new byte[128], .. modulus])),
            "exponent 1" => ("e", "AQ"),
            "exponent 2" => ("e", "Ag"),
            "no modulus" => ("n", ""),
            "no base64" => ("n", "!!!!"),
            _ => ("kty", "oct"),
        };
        Assert.Null(Read(Rsa(jwk => jwk[member] = value)).Find("k", "RS256"));
    }

    [Fact]
    public void A_point_that_is_not_on_its_curve_is_no_key()
    {
        var point = P384.ExportParameters(false).Q;
        var jwk = new JsonObject { ["kty"] = "EC", ["crv"] = "P-384", ["kid"] = "k", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
        Assert.Equal(1, Read(jwk).ForAssertions);
        jwk["y"] = Base64Url.EncodeToString(point.X);
        Assert.Equal(0, Read(jwk).ForAssertions);
        jwk.Remove("y");
        Assert.Equal(0, Read(jwk).ForAssertions);
    }

    [Theory]
    [InlineData("d")]
    [InlineData("p")]
    [InlineData("dp")]
    [InlineData("qi")]
    [InlineData("oth")]
    [InlineData("k")]
    public void A_set_with_a_private_member_is_none(string member) => Assert.Null(VerifyingKeys.Read(Set(Rsa(jwk => jwk[member] = "AAAA"))));

    /// <summary>Also of an issuer, whose private key is everybody's then.</summary>
    [Fact]
    public async Task An_issuer_that_gives_its_private_key_out_has_none()
    {
        using var issuer = new PaperIssuer();
        using var fetching = new KeyFetching(issuer);
        Assert.NotNull(await fetching.DiscoverAsync(PaperIssuer.Authority));
        issuer.Keys = Set(Rsa(jwk => jwk["d"] = "AAAA"));
        Assert.Null(await fetching.DiscoverAsync(PaperIssuer.Authority));
    }

    private static JsonObject Rsa(Action<JsonObject> change)
    {
        var numbers = Own.ExportParameters(false);
        var jwk = new JsonObject { ["kty"] = "RSA", ["kid"] = "k", ["n"] = Base64Url.EncodeToString(numbers.Modulus), ["e"] = Base64Url.EncodeToString(numbers.Exponent) };
        change(jwk);
        return jwk;
    }

    private static VerifyingKeys Read(JsonObject jwk) => VerifyingKeys.Read(Set(jwk))!;

    private static string Set(JsonObject jwk) => new JsonObject { ["keys"] = new JsonArray(jwk.DeepClone()) }.ToJsonString();
}
