using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Web;
using ClinicNetwork.Client.Tests.Fakes;
using Grpc.Core;

namespace ClinicNetwork.Client.Tests;

/// <summary>When a machine asks for a token, with what, and what it does when it gets none.</summary>
public sealed class MachineTokensTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly ClientIdentity identity;
    private readonly HandTime time = new();
    private readonly Endpoint endpoint = new();

    public MachineTokensTests()
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        var request = new CertificateRequest("CN=authority", own, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        using var authority = request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        using var certificate = new CertificateRequest("CN=client", own, HashAlgorithmName.SHA256).Create(authority, now.AddMinutes(-1), now.AddMinutes(30), [1]);
        var path = Path.Combine(folder.Path, "identity.pem");
        File.WriteAllText(path, $"{certificate.ExportCertificatePem()}\n{own.ExportPkcs8PrivateKeyPem()}\n{authority.ExportCertificatePem()}\n");
        identity = ClientIdentity.Load(path);
    }

    [Fact]
    public async Task Many_who_need_one_at_once_ask_once_with_an_assertion_that_proves_the_key()
    {
        using var tokens = Tokens();
        var gate = endpoint.Hold();
        var all = Enumerable.Range(0, 20).Select(_ => tokens.GetAsync(identity.Certificate, default)).ToArray();
        gate.SetResult();
        Assert.All(await Task.WhenAll(all), token => Assert.Equal("token-1", token));
        var form = HttpUtility.ParseQueryString(Assert.Single(endpoint.Asked));
        Assert.Equal(("client_credentials", "nurse"), (form["grant_type"], form["scope"]));

        var parts = form["client_assertion"]!.Split('.');
        Assert.True(key.VerifyData(System.Text.Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA384));
        var (header, claims) = (Json(parts[0]), Json(parts[1]));
        Assert.Equal(("ES384", "JWT", "key-1"), (Text(header, "alg"), Text(header, "typ"), Text(header, "kid")));
        Assert.Equal(("pacs-1", "pacs-1", "https://127.0.0.1:5070/oauth2/token"), (Text(claims, "iss"), Text(claims, "sub"), Text(claims, "aud")));
        Assert.Equal(120, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        Assert.Equal(32, Text(claims, "jti").Length);
    }

    [Fact]
    public async Task It_is_renewed_a_minute_before_its_end_and_not_before()
    {
        using var tokens = Tokens();
        Assert.Equal("token-1", await tokens.GetAsync(identity.Certificate, default));
        time.Now += TimeSpan.FromSeconds(239);
        Assert.Equal("token-1", await tokens.GetAsync(identity.Certificate, default));
        time.Now += TimeSpan.FromSeconds(1);
        Assert.Equal("token-2", await tokens.GetAsync(identity.Certificate, default));
        var ids = endpoint.Asked.Select(asked => Text(Json(HttpUtility.ParseQueryString(asked)["client_assertion"]!.Split('.')[1]), "jti"));
        Assert.Equal(2, ids.Distinct().Count());
    }

    [Fact]
    public async Task One_that_is_still_good_is_used_while_none_can_be_had_and_then_the_reason_is_told()
    {
        using var tokens = Tokens();
        Assert.Equal("token-1", await tokens.GetAsync(identity.Certificate, default));
        endpoint.Status = HttpStatusCode.ServiceUnavailable;
        time.Now += TimeSpan.FromSeconds(290);
        Assert.Equal("token-1", await tokens.GetAsync(identity.Certificate, default));
        time.Now += TimeSpan.FromSeconds(10);
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => tokens.GetAsync(identity.Certificate, default))).StatusCode);
        endpoint.Status = HttpStatusCode.BadRequest;
        var refused = await Assert.ThrowsAsync<RpcException>(() => tokens.GetAsync(identity.Certificate, default));
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        Assert.Contains("ASSERTION_INVALID", refused.Status.Detail, StringComparison.Ordinal);
        endpoint.Status = HttpStatusCode.OK;
        Assert.Equal("token-5", await tokens.GetAsync(identity.Certificate, default));
    }

    public void Dispose()
    {
        identity.Dispose();
        key.Dispose();
        folder.Dispose();
    }

    private MachineTokens Tokens() => new(new Uri("https://127.0.0.1:5070"), identity, "pacs-1", "key-1", key, "nurse", time) { Handler = endpoint };

    private static JsonElement Json(string part) => JsonDocument.Parse(Base64Url.DecodeFromChars(part)).RootElement;

    private static string Text(JsonElement members, string name) => members.GetProperty(name).GetString()!;

    /// <summary>Gives tokens by number, or refuses.</summary>
    private sealed class Endpoint : HttpMessageHandler
    {
        private Task held = Task.CompletedTask;

        public List<string> Asked { get; } = [];

        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        public TaskCompletionSource Hold()
        {
            var gate = new TaskCompletionSource();
            held = gate.Task;
            return gate;
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            await held.WaitAsync(cancellationToken);
            return new(Status)
            {
                Content = new StringContent(Status == HttpStatusCode.OK
                    ? $$"""{"access_token":"token-{{Asked.Count}}","expires_in":300}"""
                    : """{"error":"invalid_client","error_description":"ASSERTION_INVALID: what to do"}""", System.Text.Encoding.UTF8, "application/json"),
            };
        }
    }

    private sealed class HandTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
