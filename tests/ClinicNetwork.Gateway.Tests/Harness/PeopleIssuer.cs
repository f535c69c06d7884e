using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace ClinicNetwork.Gateway.Tests.Harness;

/// <summary>A real OpenID Connect issuer in this process, OpenIddict without a database: whoever gives a name and roles is that person.</summary>
internal sealed class PeopleIssuer : IAsyncDisposable
{
    public const string Audience = "clinic-network";

    public const string KeyId = "people-1";

    /// <summary>Life of what it issues; an hour is the longest that is taken by default.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private PeopleIssuer(WebApplication app, RSA key, X509Certificate2 certificate)
    {
        (_app, Key, Certificate) = (app, key, certificate);
        _http = new(Trusting()) { BaseAddress = new Uri(Authority) };
    }

    /// <summary>As its tokens say it.</summary>
    public string Authority => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).AbsoluteUri;

    /// <summary>Its signing key, so that a test can do what the issuer would not.</summary>
    public RSA Key { get; }

    /// <summary>Of its TLS.</summary>
    public X509Certificate2 Certificate { get; }

    public static async Task<PeopleIssuer> StartAsync()
    {
        var (key, certificate) = (RSA.Create(2048), SelfSigned());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(certificate);
        }));
        builder.Services.AddOpenIddict().AddServer(options =>
        {
            options.EnableDegradedMode();
            options.SetTokenEndpointUris("connect/token").AllowPasswordFlow().AcceptAnonymousClients();
            options.DisableScopeValidation();
            options.AddSigningKey(new RsaSecurityKey(key) { KeyId = KeyId });
            options.AddEphemeralEncryptionKey().DisableAccessTokenEncryption();
            options.SetAccessTokenLifetime(Life);
            options.UseAspNetCore();
            options.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(_ => ValueTask.CompletedTask));
            options.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(SignIn));
        });
        var app = builder.Build();
        app.UseAuthentication();
        await app.StartAsync();
        var issuer = new PeopleIssuer(app, key, certificate);
        // Its first answers take their time, and whoever fetches keys has little.
        foreach (var path in (string[])[".well-known/openid-configuration", ".well-known/jwks"])
        {
            using var answer = await issuer._http.GetAsync(new Uri(path, UriKind.Relative));
        }

        return issuer;
    }

    /// <summary>For whoever fetches its keys.</summary>
    public HttpMessageHandler Trusting() => new SocketsHttpHandler
    {
        SslOptions = new() { RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(Certificate.RawData) },
    };

    /// <summary>An access token as it issues it.</summary>
    public async Task<string> TokenAsync(string person, params string[] roles)
    {
        using var answer = await _http.PostAsync(new Uri("connect/token", UriKind.Relative), new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "password", ["username"] = person, ["password"] = "any", ["scope"] = string.Join(' ', roles.Select(role => "role:" + role)),
        }));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement.GetProperty("access_token").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        Certificate.Dispose();
        Key.Dispose();
    }

    private static ValueTask SignIn(HandleTokenRequestContext context)
    {
        var identity = new ClaimsIdentity("issuer", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, context.Request.Username);
        identity.SetClaims("ward_roles", [.. context.Request.GetScopes().Where(scope => scope.StartsWith("role:", StringComparison.Ordinal)).Select(scope => scope[5..])]);
        identity.SetClaim("ward_sites", "harbour");
        identity.SetResources(Audience);
        identity.SetDestinations(_ => [Destinations.AccessToken]);
        context.SignIn(new ClaimsPrincipal(identity));
        return ValueTask.CompletedTask;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=issuer", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }
}
