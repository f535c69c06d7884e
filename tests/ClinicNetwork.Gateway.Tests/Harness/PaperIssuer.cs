using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity.Tokens;

namespace ClinicNetwork.Gateway.Tests.Harness;

/// <summary>An OpenID Connect issuer that is two documents and a key: what a real one would not do or not soon, it does.</summary>
internal sealed class PaperIssuer : HttpMessageHandler
{
    public const string Authority = "https://login.example/";

    public const string Audience = "clinic-network";

    private const string KeysUrl = Authority + "keys";

    private int _fetched;

    public PaperIssuer() => Keys = TokenGateway.JwksOf(ECDsa.Create(ECCurve.NamedCurves.nistP384), Key);

    /// <summary>It signs with, <c>rsa-1</c> among <see cref="Keys"/>.</summary>
    public RSA Key { get; } = RSA.Create(2048);

    /// <summary>What it gives out as its keys from now on.</summary>
    public string Keys { get; set; }

    /// <summary>How often they were asked for.</summary>
    public int Fetched => Volatile.Read(ref _fetched);

    /// <summary>As the settings name it. One of its words is mapped to what no settings take: the network's own role.</summary>
    public static IssuerOptions Options => new()
    {
        Name = "hospital", Authority = Authority, Audience = Audience, RolesClaim = "ward_roles",
        Roles = new Dictionary<string, Roles>(StringComparer.Ordinal) { ["ward-nurse"] = Roles.Nurse, ["root"] = Roles.System },
    };

    /// <summary>A good access token of half an hour.</summary>
    public Recipe Token(DateTimeOffset now) => new(
        new() { ["alg"] = "RS256", ["typ"] = "at+jwt", ["kid"] = "rsa-1" },
        new()
        {
            ["iss"] = Authority, ["aud"] = Audience, ["sub"] = "anna.k", ["iat"] = now.ToUnixTimeSeconds(), ["exp"] = now.ToUnixTimeSeconds() + 1_800,
            ["ward_roles"] = new JsonArray("ward-nurse"), ["scope"] = "plans",
        },
        Recipe.Rs(Key, HashAlgorithmName.SHA256));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var text = request.RequestUri!.AbsoluteUri switch
        {
            Authority + ".well-known/openid-configuration" => $$"""{"issuer":"{{Authority}}","jwks_uri":"{{KeysUrl}}"}""",
            KeysUrl => Keys,
            _ => null,
        };
        if (text == Keys)
        {
            Interlocked.Increment(ref _fetched);
        }

        return Task.FromResult(text is null ? new(HttpStatusCode.NotFound) : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(text) });
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Key.Dispose();
        }

        base.Dispose(disposing);
    }
}
