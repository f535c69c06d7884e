using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains.Identity;
using ClinicNetwork.Grains.Rates;
using ClinicNetwork.Journal.Sqlite;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Gateway.Tests.Harness;

/// <summary>
/// The gateway's interceptors and token endpoint as they run: Kestrel with mutual TLS over a real store, a real issuer for people, two clients'
/// certificates. In the place of the services a probe that tells who it was called by.
/// </summary>
public sealed class TokenGateway : IAsyncLifetime
{
    internal const string Client = "pacs-1";
    internal const string Harbour = "clinics/harbour";

    /// <summary>The gateway's own, an authority: whoever has it in an identity trusts the gateway.</summary>
    private readonly X509Certificate2 _own = Certificate("gateway", authority: true, Roles.None);

    private readonly string _folder = Directory.CreateTempSubdirectory("clinicnetwork-tokens-").FullName;
    private readonly X509Certificate2[] _certificates = [Certificate("pacs", false, Roles.Clinician | Roles.Nurse | Roles.SiteAdmin, "harbour", "hill"), Certificate("other", false, Roles.Nurse, "harbour")];
    private SqliteStore _store = null!;
    private WebApplication _app = null!;
    private HttpClient[] _http = [];

    /// <summary>P-384, registered under <c>ec-1</c>.</summary>
    internal ECDsa Ec { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP384);

    /// <summary>2,048 bits, registered under <c>rsa-1</c>.</summary>
    internal RSA Rsa { get; } = RSA.Create(2048);

    internal PeopleIssuer People { get; private set; } = null!;

    internal RegisteredClients Clients => _app.Services.GetRequiredService<RegisteredClients>();

    internal AccessTokens Machines => _app.Services.GetRequiredService<AccessTokens>();

    internal OpenIdIssuers Issuers => _app.Services.GetRequiredService<OpenIdIssuers>();

    internal ClientAssertions Assertions => _app.Services.GetRequiredService<ClientAssertions>();

    internal SqliteStore Store => _store;

    /// <summary>Name of the certificate that the last call came over, as its grain calls were sealed.</summary>
    internal string Connection => _app.Services.GetRequiredService<Seen>().Connection;

    internal Uri Address => _http[0].BaseAddress!;

    internal Uri Endpoint => new(Address, TokenEndpoint.Path);

    /// <summary>The gateway's clock.</summary>
    internal AheadTime Time { get; } = new();

    internal ClientRegistration Registration => new(Client, Roles.Nurse | Roles.Registry, [Site("harbour")], JwksOf(Ec, Rsa));

    public async Task InitializeAsync()
    {
        People = await PeopleIssuer.StartAsync();
        _store = await SqliteStore.OpenAsync(new() { Folder = _folder }, CancellationToken.None);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(_own, https => (https.ClientCertificateMode, https.ClientCertificateValidation) = (ClientCertificateMode.RequireCertificate, (_, _, _) => true));
        }));
        builder.Services.AddSingleton<Seen>().AddSingleton<TimeProvider>(Time).AddSingleton(_store.Audit).AddSingleton(_store.UsedAssertions)
            .AddSingleton(new CallerSeal(_store.DeriveSecret(CallerSeal.Purpose), _store.Clock));
        builder.Services.AddClinicNetworkGateway(new SignedTokens(_store.DeriveSecret("tokens"), _store.Incarnation), new()
        {
            Secret = _store.DeriveSecret(TokenOptions.Purpose),
            Network = _store.Incarnation,
            Names = ["127.0.0.1", "localhost"],
            Issuers = [new() { Name = "hospital", Authority = People.Authority, Audience = PeopleIssuer.Audience, RolesClaim = "ward_roles", Roles = Words, SitesClaim = "ward_sites" },
                new() { Name = "plain", Authority = "https://127.0.0.1:1/", Audience = PeopleIssuer.Audience, RolesClaim = "ward_roles", Roles = Words }],
            Handler = People.Trusting(),
        }, new RateLimit(1_000, 5_000), _folder, _store.DeriveSecret(AccessSpool.Purpose));
        _app = builder.Build();
        _app.Use((context, next) =>
        {
            // What HttpClient would put together, as two entries.
            if (context.Request.Headers.Authorization is [{ } one] && one.Split(',') is { Length: > 1 } several)
            {
                context.Request.Headers.Authorization = new(several);
            }

            return next(context);
        });
        _app.MapGrpcService<Probe>();
        _app.MapGrpcService<Stream>();
        _app.MapTokenEndpoint();
        await _app.StartAsync();
        Clients.Replace([Registration]);
        _http = [.. _certificates.Select(shown => new HttpClient(Handler(shown)) { BaseAddress = new Uri(_app.Urls.Single()) })];
    }

    public async Task DisposeAsync()
    {
        foreach (var http in _http)
        {
            http.Dispose();
        }

        await _app.DisposeAsync();
        await _store.DisposeAsync();
        await People.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Words of the hospital's issuer.</summary>
    private static Dictionary<string, Roles> Words => new(StringComparer.Ordinal) { ["ward-nurse"] = Roles.Nurse, ["doctor"] = Roles.Clinician, ["root"] = Roles.System };

    /// <summary>An access token as the gateway makes it, for the first certificate.</summary>
    internal Recipe AccessToken()
    {
        var secret = _store.DeriveSecret(TokenOptions.Purpose);
        return new(
            new() { ["alg"] = "HS256", ["typ"] = "at+jwt" },
            new()
            {
                ["iss"] = "urn:clinicnetwork:" + _store.Incarnation, ["aud"] = "urn:clinicnetwork:" + _store.Incarnation, ["sub"] = Client, ["client_id"] = Client,
                ["iat"] = Recipe.Now, ["exp"] = Recipe.Now + 300, ["jti"] = Guid.NewGuid().ToString(), ["scope"] = "nurse", ["sites"] = new JsonArray("harbour"),
                ["cnf"] = new JsonObject { ["x5t#S256"] = ThumbprintOf(0) },
            },
            content => HMACSHA256.HashData(secret, content));
    }

    /// <summary>A person's, as the hospital's issuer could make it.</summary>
    internal Recipe PersonToken() => new(
        new() { ["alg"] = "RS256", ["typ"] = "at+jwt", ["kid"] = PeopleIssuer.KeyId },
        new()
        {
            ["iss"] = People.Authority, ["aud"] = PeopleIssuer.Audience, ["sub"] = "anna.k", ["iat"] = Recipe.Now, ["exp"] = Recipe.Now + 1_800,
            ["ward_roles"] = new JsonArray("ward-nurse"), ["ward_sites"] = new JsonArray("harbour"), ["jti"] = Guid.NewGuid().ToString(),
        },
        Recipe.Rs(People.Key, HashAlgorithmName.SHA256));

    internal Recipe Assertion() => new(
        new() { ["alg"] = "ES384", ["typ"] = "JWT", ["kid"] = "ec-1" },
        new()
        {
            ["iss"] = Client, ["sub"] = Client, ["aud"] = Endpoint.AbsoluteUri, ["iat"] = Recipe.Now, ["exp"] = Recipe.Now + 240, ["jti"] = Guid.NewGuid().ToString(),
        },
        Recipe.Es384(Ec));

    internal string ThumbprintOf(int certificate) => Base64Url.EncodeToString(SHA256.HashData(_certificates[certificate].RawData));

    /// <summary>A new certificate for a file: with its key and what the gateway is known by.</summary>
    internal void WriteIdentity(string path)
    {
        using var certificate = Certificate("pacs", false, Roles.Nurse, "harbour");
        using var key = certificate.GetECDsaPrivateKey()!;
        var draft = path + ".new";
        File.WriteAllText(draft, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n{_own.ExportCertificatePem()}\n");
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>A call over a certificate's connection.</summary>
    /// <param name="authorization">Null: none.</param>
    internal async Task<Answer> CallAsync(string? authorization, int certificate = 0, string site = Harbour)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/clinicnetwork.care.v1.ClinicService/ListClinics")
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(new byte[5]),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        request.Headers.TE.ParseAdd("trailers");
        request.Headers.Add(Origins.SiteEntry, site);
        if (authorization is not null)
        {
            Assert.True(request.Headers.TryAddWithoutValidation("authorization", authorization));
        }

        using var response = await _http[certificate].SendAsync(request).WaitAsync(TimeSpan.FromSeconds(30));
        var body = await response.Content.ReadAsByteArrayAsync();
        string? Of(string name) => (response.TrailingHeaders.TryGetValues(name, out var found) || response.Headers.TryGetValues(name, out found)) ? found.Single() : null;
        var details = Of("grpc-status-details-bin") is { } text ? Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='))) : null;
        return new(
            (StatusCode)int.Parse(Of("grpc-status") ?? "2", System.Globalization.CultureInfo.InvariantCulture),
            details?.GetDetail<ErrorInfo>()?.Reason ?? "",
            body.Length > 5 ? ListClinicsResponse.Parser.ParseFrom(body.AsSpan(5)).NextPageToken : "");
    }

    /// <summary>A stream over the first certificate's connection, until it ends.</summary>
    internal async Task<HttpResponseMessage> StreamAsync(string authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/clinicnetwork.sync.v1.PlanFeedService/WatchPlans")
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(new byte[5]),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        request.Headers.Add(Origins.SiteEntry, Harbour);
        request.Headers.TryAddWithoutValidation("authorization", authorization);
        return await _http[0].SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Asks for a token.</summary>
    internal async Task<(HttpStatusCode Status, JsonElement Answer)> AskAsync(HttpContent content, int certificate = 0, string? authorization = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, TokenEndpoint.Path)
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content,
        };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("authorization", authorization);
        }

        using var response = await _http[certificate].SendAsync(request).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    internal static Dictionary<string, string> Form(string assertion) => new()
    {
        ["grant_type"] = "client_credentials", ["client_assertion_type"] = TokenEndpoint.AssertionType, ["client_assertion"] = assertion,
    };

    internal static ClinicId Site(string name) => ClinicId.TryParseName("clinics/" + name, out var site) ? site : throw new ArgumentException(name);

    internal static string JwksOf(ECDsa ec, RSA rsa)
    {
        var (point, numbers) = (ec.ExportParameters(false).Q, rsa.ExportParameters(false));
        return new JsonObject
        {
            ["keys"] = new JsonArray(
                new JsonObject { ["kty"] = "EC", ["crv"] = "P-384", ["kid"] = "ec-1", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) },
                new JsonObject { ["kty"] = "RSA", ["kid"] = "rsa-1", ["n"] = Base64Url.EncodeToString(numbers.Modulus), ["e"] = Base64Url.EncodeToString(numbers.Exponent) }),
        }.ToJsonString();
    }

    private static SocketsHttpHandler Handler(X509Certificate2 shown) => new()
    {
        SslOptions = new() { LocalCertificateSelectionCallback = (_, _, _, _, _) => shown, RemoteCertificateValidationCallback = (_, _, _, _) => true },
    };

    private static X509Certificate2 Certificate(string name, bool authority, Roles roles, params string[] sites)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var uri in CertificateScope.Uris(roles, sites.Select(Site)))
        {
            names.AddUri(uri);
        }

        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        if (authority)
        {
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        }

        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }

    /// <summary>Says who it was called by, as the services would take it.</summary>
    internal sealed class Probe(CallerSeal seal, Seen seen) : ClinicService.ClinicServiceBase
    {
        public override Task<ListClinicsResponse> ListClinics(ListClinicsRequest request, ServerCallContext context)
        {
            var acting = Origins.ActingOf(context);
            seen.Connection = seal.Current!.Connection;
            return Task.FromResult(new ListClinicsResponse { NextPageToken = $"{acting.Caller.Name} {RoleNames.Join(acting.Caller.Roles, '+')} {acting.Site?.Value}" });
        }
    }

    internal sealed class Seen
    {
        public string Connection { get; set; } = "";
    }

    /// <summary>Goes on until it is cut.</summary>
    internal sealed class Stream : PlanFeedService.PlanFeedServiceBase
    {
        public override async Task WatchPlans(WatchPlansRequest request, IServerStreamWriter<WatchPlansResponse> responseStream, ServerCallContext context)
        {
            await responseStream.WriteAsync(new(), context.CancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
        }
    }
}

/// <param name="Told">What the probe said.</param>
internal sealed record Answer(StatusCode Code, string Reason, string Told);
