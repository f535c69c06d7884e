using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Cluster;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Client;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Identity;

/// <summary>Machines and people that call with tokens.</summary>
public sealed class TokenTests : IClassFixture<TokenServer>, IDisposable
{
    /// <summary>A balancer's, that all gateways know.</summary>
    private const string Endpoint = "https://network.example/oauth2/token";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly TempFolder _folder = new();
    private readonly TokenServer _network;

    public TokenTests(TokenServer network)
    {
        _network = network;
        File.WriteAllText(_folder.Sub("pacs-1.jwks.json"), Jwks(_key));
    }

    [Fact]
    public async Task An_assertion_that_a_gateway_took_is_no_good_at_another_nor_after_that_one_was_killed()
    {
        await using var cluster = await ClusterUnderTest.MigratedAsync();
        await RegisterAsync(cluster.Keys);
        var gateways = await cluster.StartAsync(["all", "all"], ["--ClinicNetwork:TokenUrls", Endpoint]);
        var (first, second) = (Assertion(), Assertion());
        Assert.Equal("", await AskAsync(gateways[0], first));
        await gateways[0].KillAsync();
        Assert.Equal("ASSERTION_USED", await AskAsync(gateways[1], first));

        // The other one is up to date, and takes what was not used.
        Assert.Equal("", await AskAsync(gateways[1], second));
        await gateways[0].StartAgainAsync();
        Assert.Equal("ASSERTION_USED", await AskAsync(gateways[0], second));
        Assert.Equal("ASSERTION_USED", await AskAsync(gateways[0], first));
        Assert.Equal("", await AskAsync(gateways[0], Assertion()));

        // Without the database nobody can tell, so nobody gets a token.
        await cluster.Postgres.StopImmediatelyAsync();
        Assert.Equal("STORE_UNAVAILABLE", await AskAsync(gateways[1], Assertion()));
    }

    [Fact]
    public async Task A_registered_machine_works_under_its_own_name_until_it_is_removed()
    {
        var server = _network.Server;
        using var admins = server.Open();
        var network = new Network(admins);
        await RegisterAsync(server.Folder);
        Assert.Equal("pacs-1  clinician+coordinator  harbour  1 keys\n", await RunAsync("clients", "list", "--keys", server.Folder));

        using var tokens = new MachineTokens(server.Address, server.Identity, "pacs-1", "key-1", _key);
        await Bounded.UntilAsync("the gateway knows it", () => GetsOneAsync(tokens, server.Identity));
        using var client = ClinicNetworkClient.Connect(server.Address, new() { Identity = server.Identity, ActingSite = Network.Harbour, AccessToken = tokens.GetAsync });
        await client.Patients.EnrolPatientAsync(Valid.Enrolment("patients/t-1", Network.Harbour));
        Assert.Equal("clients/pacs-1", Assert.Single(await network.HistoryAsync("patients/t-1")).Actor);

        // The administrator's certificate may do everything; the token may not.
        var refused = await Assert.ThrowsAsync<ClinicNetworkException>(async () => await client.Clinics.RegisterClinicAsync(Valid.Clinic(Network.Hill)));
        Assert.Equal((StatusCode.PermissionDenied, "ROLE_NOT_ALLOWED"), (refused.Code, refused.Reason));
        using var elsewhere = client.ActingFor(Network.Hill);
        Assert.Equal("SITE_NOT_YOURS", (await Assert.ThrowsAsync<ClinicNetworkException>(async () => await elsewhere.Clinics.ListClinicsAsync(new()))).Reason);

        // Over another client's connection it is good for nothing.
        using var certificates = new TestCertificates(server);
        using var other = server.Open(certificates.Good("role:clinician", "site:harbour"));
        var headers = new Metadata { { "authorization", "Bearer " + await tokens.GetAsync(server.Identity.Certificate, default) }, { CallDefaults.SiteEntry, Network.Harbour } };
        Assert.Equal("TOKEN_NOT_BOUND", RefusalSeen.Of(await Assert.ThrowsAsync<RpcException>(
            async () => await new Network(other).Clinics.ListClinicsAsync(new(), headers, Bounded.Deadline))).Reason);

        await RunAsync("clients", "remove", "pacs-1", "--keys", server.Folder);
        await Bounded.UntilAsync("its token is good no longer", async () =>
        {
            try
            {
                await client.Clinics.ListClinicsAsync(new());
                return false;
            }
            catch (ClinicNetworkException exception)
            {
                return exception is { Code: StatusCode.Unauthenticated, Reason: "TOKEN_INVALID" };
            }
        });
        await Bounded.UntilAsync("its removal is in the audit", async () => (await ChangesAsync(network)).Contains("authority clients/remove "));
        Assert.Contains(await ChangesAsync(network), change => change.StartsWith("authority clients/register clinician+coordinator jwks-sha256:", StringComparison.Ordinal) && change.EndsWith(" harbour", StringComparison.Ordinal));
        var (code, told, error) = await Clinicnet.RunAsync(
            server.Folder, "audit", "of", "clients/pacs-1", "--json", "--server", server.Announced, "--identity", Path.Combine(server.Folder, "admin.pem"));
        Assert.True(code == 0 && told.Contains("register clinician+coordinator jwks-sha256:", StringComparison.Ordinal), told + error);
    }

    private static async Task<IReadOnlyList<string>> ChangesAsync(Network network) =>
        [.. (await network.Audit.ListAccessesAsync(new() { Parent = "clients/pacs-1" })).Entries.Select(placed => $"{placed.Entry.Actor} {placed.Entry.Action} {placed.Entry.Site}")];

    [Fact]
    public async Task A_persons_token_of_a_real_issuer_is_taken_and_names_the_person_in_the_journal()
    {
        var issuer = _network.Issuer;
        using var channel = _network.Server.Open();
        var network = new Network(channel);
        async Task<Metadata> AsAsync(string person, string role) => new() { { "authorization", "Bearer " + await issuer.TokenAsync(person, role) }, { CallDefaults.SiteEntry, Network.Harbour } };
        await network.Patients.EnrolPatientAsync(Valid.Enrolment("patients/p-1", Network.Harbour), await AsAsync("mia", "doctor"), Bounded.Deadline);
        Assert.Equal("hospital/mia", Assert.Single(await network.HistoryAsync("patients/p-1")).Actor);
        var refused = await Assert.ThrowsAsync<RpcException>(
            async () => await network.Patients.RecordConsultationAsync(Valid.Consultation("patients/p-1"), await AsAsync("tom", "ward-nurse"), Bounded.Deadline));
        Assert.Equal("ROLE_NOT_ALLOWED", RefusalSeen.Of(refused).Reason);
    }

    /// <summary>
    /// New tokens come over connections that are open, a machine's and a person's; and the certificates behind both are renewed and the old ones revoked. A person's token is
    /// bound to none of them, a machine's to the one that its connection shows.
    /// </summary>
    [Fact]
    public async Task Tokens_and_certificates_are_renewed_under_load_without_a_failed_call()
    {
        const int Callers = 3;
        var server = _network.Server;
        await RegisterAsync(server.Folder);
        var old = new[] { await IssueAsync("pacs"), await IssueAsync("ward-1") };
        using var pacs = ClientIdentity.Load(_folder.Sub("pacs.pem"));
        using var ward = ClientIdentity.Load(_folder.Sub("ward-1.pem"));
        var machines = new Renewed(async (certificate, cancellationToken) =>
        {
            using var fresh = new MachineTokens(server.Address, pacs, "pacs-1", "key-1", _key);
            return await fresh.GetAsync(certificate, cancellationToken);
        });
        var people = new Renewed((_, _) => _network.Issuer.TokenAsync("mia", "doctor"));
        using var tokens = new MachineTokens(server.Address, pacs, "pacs-1", "key-1", _key);
        await Bounded.UntilAsync("the gateway knows it", () => GetsOneAsync(tokens, pacs));
        using var machine = Connect(pacs, machines);
        using var person = Connect(ward, people);
        using var end = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 2 * Callers).Select(i => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                await (i % 2 == 0 ? machine : person).Clinics.GetClinicAsync(new() { Name = Network.Harbour, Read = new() { Confirmed = true } });
            }
        })).ToArray();

        await GoOnAsync();
        foreach (var file in (string[])["pacs.pem", "ward-1.pem"])
        {
            await RunAsync("certs", "renew", file, "--keys", server.Folder);
        }

        // Over connections of the new ones while those of the old ones are good.
        await GoOnAsync();
        foreach (var serial in old)
        {
            await RunAsync("certs", "revoke", serial, "--keys", server.Folder);
        }

        await Bounded.UntilAsync("the old connections are closed", () => Task.FromResult(old.All(serial => server.Log.Text.Contains(serial, StringComparison.Ordinal))));
        await GoOnAsync();
        await end.CancelAsync();
        await Task.WhenAll(callers).Within();
        Assert.DoesNotContain(pacs.Certificate.SerialNumber, old);
        Assert.DoesNotContain(ward.Certificate.SerialNumber, old);

        ClinicNetworkClient Connect(ClientIdentity identity, Renewed renewed) => ClinicNetworkClient.Connect(
            server.Address, new() { Identity = identity, ActingSite = Network.Harbour, AccessToken = renewed.GetAsync, RetryDelayFirst = TimeSpan.FromMilliseconds(20) });

        async Task GoOnAsync()
        {
            var (ofMachines, ofPeople) = (machines.Count + 3, people.Count + 3);
            await Bounded.UntilAsync(
                "calls and new tokens go on", () => Task.FromResult((machines.Count >= ofMachines && people.Count >= ofPeople) || callers.Any(caller => caller.IsFaulted)));
        }

        async Task<string> IssueAsync(string name) =>
            (await RunAsync("certs", "issue", name, "--role", "clinician", "--role", "nurse", "--for", Network.Harbour, "--keys", server.Folder)).Split(' ')[1];
    }

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    private async Task RegisterAsync(string keys) => Assert.StartsWith(
        "client pacs-1: clinician+coordinator at clinics/harbour, 1 keys;",
        await RunAsync("clients", "register", "--id", "pacs-1", "--roles", "clinician", "--roles", "coordinator", "--sites", "clinics/harbour", "--jwks", "pacs-1.jwks.json", "--keys", keys),
        StringComparison.Ordinal);

    /// <returns>What it printed.</returns>
    private async Task<string> RunAsync(params string[] arguments)
    {
        var (code, text, error) = await Clinicnet.RunAsync(_folder.Path, arguments);
        Assert.Equal((0, ""), (code, error));
        return text;
    }

    internal static async Task<bool> GetsOneAsync(MachineTokens tokens, ClientIdentity identity)
    {
        try
        {
            return (await tokens.GetAsync(identity.Certificate, default)).Length > 0;
        }
        catch (RpcException exception) when (exception.Status.Detail.Contains("ASSERTION_INVALID", StringComparison.Ordinal))
        {
            return false;
        }
    }

    /// <summary>As any OAuth client asks. Empty: it got a token; else the reason.</summary>
    private static async Task<string> AskAsync(ServerProcess gateway, string assertion)
    {
        var tls = gateway.Tls;
        tls.ClientCertificates = [gateway.Identity.Certificate];
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = tls }) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await http.PostAsync(new Uri(gateway.Address, "/oauth2/token"), new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", ["client_assertion"] = assertion,
        })).Within();
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        return response.IsSuccessStatusCode && answer.GetProperty("token_type").GetString() == "Bearer" ? "" : answer.GetProperty("error_description").GetString()!.Split(':')[0];
    }

    private string Assertion()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        static string Part<T>(T members) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(members));
        var content = Part(new { alg = "ES384", typ = "JWT", kid = "key-1" }) + "." + Part(new { iss = "pacs-1", sub = "pacs-1", aud = Endpoint, iat = now, exp = now + 240, jti = Guid.NewGuid() });
        return content + "." + Base64Url.EncodeToString(_key.SignData(System.Text.Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA384));
    }

    internal static string Jwks(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return JsonSerializer.Serialize(new
        {
            keys = new[] { new { kty = "EC", crv = "P-384", kid = "key-1", use = "sig", x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) } },
        });
    }

    /// <summary>Asks for another token at each hundredth call, long before the one in use ends, and for another certificate.</summary>
    private sealed class Renewed(Func<X509Certificate2, CancellationToken, Task<string>> ask)
    {
        private const int Each = 100;

        private readonly SemaphoreSlim _one = new(1);
        private string _token = "";
        private string _certificate = "";
        private int _uses;
        private volatile int _count;

        public int Count => _count;

        public async Task<string> GetAsync(X509Certificate2 certificate, CancellationToken cancellationToken)
        {
            await _one.WaitAsync(cancellationToken);
            try
            {
                if (_uses++ % Each == 0 || certificate.Thumbprint != _certificate)
                {
                    (_token, _certificate) = (await ask(certificate, cancellationToken), certificate.Thumbprint);
                    _count++;
                }

                return _token;
            }
            finally
            {
                _one.Release();
            }
        }
    }
}
