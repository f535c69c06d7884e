using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using Google.Rpc;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Limits;

/// <summary>A client makes so many calls a second; the next ones are told when to come back, and nobody else is.</summary>
public sealed class ClientRateTests
{
    private const int PerSecond = 40;
    private const int Burst = 40;

    [Fact]
    public async Task Over_its_rate_a_client_is_told_when_to_come_back_its_library_waits_its_streams_slow_down_and_others_go_on()
    {
        await using var server = await ServerProcess.StartWithAsync("--ClinicNetwork:CallsPerSecondMax", $"{PerSecond}", "--ClinicNetwork:CallsBurstMax", $"{Burst}");
        using var certificates = new TestCertificates(server);
        using var admins = server.Open();
        var network = new Network(admins);
        await network.RegisterAsync(Network.Harbour);
        var patient = await network.TreatAsync("patients/rate-1");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        await RegisterMachineAsync(server, key);

        var shown = certificates.Good("role:clinician");
        using var channel = server.Open(shown);
        var flooder = new Network(channel, Network.Harbour);
        var refused = await FloodAsync(flooder, patient, 5 * Burst);
        Assert.InRange(refused.Count, Burst, 4 * Burst);
        Assert.All(refused, status => Assert.Equal((int)StatusCode.ResourceExhausted, status.Code));
        Assert.All(refused, status => Assert.Equal("RATE_LIMITED", status.GetDetail<ErrorInfo>()!.Reason));
        Assert.All(refused, status => Assert.InRange(status.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan(), TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1)));

        // A token for each call is no other client.
        refused = await FloodAsync(new Network(channel), patient, 5 * Burst, i => new() { { "authorization", $"Bearer {i}" } });
        Assert.Contains(refused, status => status.GetDetail<ErrorInfo>()!.Reason == "RATE_LIMITED");

        // Where tokens are asked for, in its own words.
        var told = await AskForTokensAsync(server, shown, 2 * Burst);
        Assert.NotEmpty(told);
        Assert.All(told, answer => Assert.Matches("^1 \\{\"error\":\"temporarily_unavailable\",\"error_description\":\"RATE_LIMITED: ", answer));

        // Others, and the health of the server, are not its business.
        await network.CommandsAsync();
        for (var i = 0; i < 2 * Burst; i++)
        {
            Assert.Equal([8, 1], await RawCalls.UnaryAsync(channel, "grpc.health.v1.Health", "Check", []));
        }

        // The client library gets through by waiting.
        using var identity = await server.IssueAsync("lab");
        using var tokens = new MachineTokens(server.Address, identity, "pacs-1", "key-1", key);
        await Bounded.UntilAsync("the gateway knows the machine", () => TokenTests.GetsOneAsync(tokens, identity));
        using var library = ClinicNetworkClient.Connect(server.Address, new() { Identity = identity, ActingSite = Network.Harbour, AccessToken = tokens.GetAsync });
        await Task.WhenAll(Enumerable.Range(0, 2 * Burst).Select(_ => library.Patients.GetPlanAsync(new() { Name = patient + "/plan" }).ResponseAsync)).Within();

        // A stream is not refused for its items: it goes at the rate, of the connection and not of the token, which has done nothing yet.
        var items = Enumerable.Range(0, Burst).Select(i =>
        {
            var fact = Valid.Assessment(patient, $"item-{i}");
            return new IngestFactsRequest { RequestId = fact.RequestId, Patient = patient, RecordAssessment = fact };
        }).ToList();
        var began = TimeProvider.System.GetTimestamp();
        var accepted = 0;
        await foreach (var result in library.IngestFactsAsync(items.ToAsyncEnumerable()))
        {
            accepted += result.Accepted is null ? 0 : 1;
        }

        Assert.Equal(Burst, accepted);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0.5 * Burst / PerSecond, 60);

        // One line tells of it, by the serial number, and nothing of it is in the audit.
        Assert.Contains("over its 40 calls a second", server.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain((await network.Audit.ListAccessesAsync(new() { Parent = patient, PageSize = 500 })).Entries, entry => entry.ToString().Contains("RATE_LIMITED", StringComparison.Ordinal));
    }

    private static async Task RegisterMachineAsync(ServerProcess server, ECDsa key)
    {
        var jwks = Path.Combine(server.Folder, "pacs-1.jwks.json");
        File.WriteAllText(jwks, TokenTests.Jwks(key));
        var (code, _, error) = await ServerProgram.RunAsync("clients", "register", "--keys", server.Folder, "--id", "pacs-1", "--roles", "clinician", "--sites", Network.Harbour, "--jwks", jwks);
        Assert.Equal((0, ""), (code, error));
    }

    private static async Task<List<Google.Rpc.Status>> FloodAsync(Network network, string patient, int calls, Func<int, Metadata>? with = null)
    {
        var refused = new List<Google.Rpc.Status>();
        await Task.WhenAll(Enumerable.Range(0, calls).Select(async i =>
        {
            try
            {
                await network.Patients.GetPlanAsync(new() { Name = patient + "/plan" }, with?.Invoke(i));
            }
            catch (RpcException exception)
            {
                lock (refused)
                {
                    refused.Add(exception.GetRpcStatus()!);
                }
            }
        }));
        return refused;
    }

    /// <returns>Of those that were refused for now: seconds to wait, and the answer.</returns>
    private static async Task<List<string>> AskForTokensAsync(ServerProcess server, X509Certificate2 shown, int requests)
    {
        var tls = server.Tls;
        tls.ClientCertificates = [shown];
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = tls }) { DefaultRequestVersion = new(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var told = new ConcurrentQueue<string>();
        await Task.WhenAll(Enumerable.Range(0, requests).Select(async _ =>
        {
            using var form = new FormUrlEncodedContent([]);
            using var answer = await http.PostAsync(new Uri(server.Address, "/oauth2/token"), form).Within();
            if (answer.StatusCode != HttpStatusCode.BadRequest)
            {
                Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
                told.Enqueue($"{answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds} {await answer.Content.ReadAsStringAsync()}");
            }
        }));
        return [.. told];
    }
}
