using System.Net;
using System.Security.Cryptography;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Gateway.Tests.Harness;

namespace ClinicNetwork.Gateway.Tests.Identity.Tokens;

/// <summary>What other machines answer is taken only as it should be, and is never an error of ours.</summary>
public sealed class KeyFetchingTests
{
    private const string Issuer = "https://login.example/";
    private const string Discovery = Issuer + ".well-known/openid-configuration";
    private const string Keys = Issuer + "keys";

    private static readonly string Jwks = TokenGateway.JwksOf(ECDsa.Create(ECCurve.NamedCurves.nistP384), RSA.Create(2048));

    [Theory]
    [InlineData(true, Issuer, Keys)]
    [InlineData(false, "https://login.example", Keys)]
    [InlineData(false, "https://other.example/", Keys)]
    [InlineData(false, Issuer, "http://login.example/keys")]
    [InlineData(false, Issuer, "https://login.example/elsewhere")]
    public async Task An_issuers_keys_are_taken_from_https_and_under_its_own_name_alone(bool taken, string issuer, string keys)
    {
        using var fetching = new KeyFetching(new Answers(new()
        {
            [Discovery] = $$"""{"issuer":"{{issuer}}","jwks_uri":"{{keys}}"}""", [Keys] = Jwks, ["http://login.example/keys"] = Jwks,
        }));
        Assert.Equal(taken, (await fetching.DiscoverAsync(Issuer))?.Find("ec-1", "ES384") is not null);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"keys\":[{\"kty\":\"EC\",\"d\":\"AAAA\"}]}")]
    [InlineData(null)]
    public async Task What_is_no_set_of_public_keys_is_none(string? answer)
    {
        using var good = new KeyFetching(new Answers(new() { [Keys] = Jwks }));
        Assert.Equal(2, (await good.KeysAsync(Keys))!.ForAssertions);
        using var fetching = new KeyFetching(new Answers(answer is null ? [] : new() { [Keys] = answer }));
        Assert.Null(await fetching.KeysAsync(Keys));
    }

    [Fact]
    public async Task A_set_of_more_than_64_KiB_is_not_read()
    {
        using var fetching = new KeyFetching(new Answers(new() { [Keys] = Jwks + new string(' ', VerifyingKeys.BytesMax) }));
        Assert.Null(await fetching.KeysAsync(Keys));
    }

    private sealed class Answers(Dictionary<string, string> texts) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(
            texts.TryGetValue(request.RequestUri!.AbsoluteUri, out var text) ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(text) } : new(HttpStatusCode.NotFound));
    }
}
