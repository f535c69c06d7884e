using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Releases;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;
using Xunit.Abstractions;

namespace ClinicNetwork.BlackBox.Tests.Facts;

/// <summary>What a stream acknowledged is there once, whatever becomes of stream, connection and server. Guarantees 1 and 2.</summary>
public sealed class FactDurabilityTests(ITestOutputHelper output)
{
    private const int Patients = 24;

    private static async Task<IReadOnlyList<string>> TreatAsync(ServerProcess server)
    {
        using var channel = server.Open();
        var network = new Network(channel);
        await network.RegisterAsync(Network.Harbour);
        return await Task.WhenAll(Enumerable.Range(0, Patients).Select(i => network.TreatAsync($"patients/d-{i}")));
    }

    private static List<IngestFactsRequest> Items(IReadOnlyList<string> patients, int count) =>
        [.. Enumerable.Range(0, count).Select(i => FactCalls.Item(Valid.Assessment(patients[i % patients.Count], $"a-{i}", total: i % 28)))];

    [Fact]
    public async Task Random_cuts_give_each_fact_one_result_and_store_it_once()
    {
        var seed = Bounded.Seed();
        await using var server = await ServerProcess.StartAsync();
        var patients = await TreatAsync(server);
        var items = Items(patients, 3_000);
        await using var proxy = new CuttingProxy(server.Address, seed, bytesMax: 20_000);
        using var client = ClinicNetworkClient.Connect(proxy.Address, new() { Identity = server.Identity, StreamReopensMax = 200, RetryDelayMax = TimeSpan.FromMilliseconds(200) });
        var results = await client.IngestFactsAsync(items.ToAsyncEnumerable()).ToListAsync().AsTask().WaitAsync(4 * Bounded.Wait);
        output.WriteLine($"seed {seed}: {proxy.Cuts} cuts, {results.Count} results");
        Assert.True(proxy.Cuts >= 3, $"seed {seed}: only {proxy.Cuts} cuts");
        Assert.Equal(Enumerable.Range(0, items.Count).Select(i => (long)i), results.Select(r => r.Item).Order());
        await CheckAsync(server, patients, items, results, $"seed {seed}", all: true);
    }

    [Fact]
    public async Task SIGKILL_in_the_middle_loses_nothing_acknowledged_and_the_retry_gets_the_same_answers()
    {
        var seed = Bounded.Seed();
        await using var server = await ServerProcess.StartAsync();
        var patients = await TreatAsync(server);
        var items = Items(patients, 20_000);
        var results = await SendUntilAsync(server, items, new Random(seed).Next(300, 1_500), server.KillAsync);
        await server.StartAgainAsync();
        output.WriteLine($"seed {seed}: {results.Count} acknowledged before the kill");
        await CheckAsync(server, patients, items, results, $"seed {seed}", all: false);
        using var channel = server.Open();
        var again = (await new Network(channel).Facts.SendAsync(items.Take(2_500))).ToDictionary(r => r.Item);
        Assert.All(results.Where(r => r.Item < 2_500), r => Assert.Equal(r.Accepted, again[r.Item].Accepted));
    }

    [Fact]
    public async Task A_server_that_stops_answers_what_it_took_and_says_so_and_the_rest_was_not_executed()
    {
        await using var server = await ServerProcess.StartAsync();
        var patients = await TreatAsync(server);
        var items = Items(patients, 20_000);
        RefusalSeen? end = null;
        var results = await SendUntilAsync(server, items, 400, () => { server.Terminate(); return Task.CompletedTask; }, e => end = RefusalSeen.Of(e));
        Assert.Equal(0, await server.EndedAsync());
        Assert.Equal((StatusCode.Unavailable, "SERVER_STOPPING"), (end?.Code, end?.Reason));
        await server.StartAgainAsync();
        await CheckAsync(server, patients, items, results, "stop", all: true);
        Assert.InRange(results.Count, 400, items.Count - 1);
    }

    /// <summary>Reads results, does something after so many, and reads on until the stream ends.</summary>
    private static async Task<IReadOnlyList<IngestFactsResponse>> SendUntilAsync(
        ServerProcess server, IReadOnlyList<IngestFactsRequest> items, int after, Func<Task> then, Action<RpcException>? ended = null)
    {
        using var channel = server.Open();
        using var call = new Network(channel).Facts.IngestFacts();
        var writing = FactSending.WriteAsync(call.RequestStream, items);
        var results = new List<IngestFactsResponse>();
        try
        {
            while (await call.ResponseStream.MoveNext(default).Within())
            {
                results.Add(call.ResponseStream.Current);
                if (results.Count == after)
                {
                    await then();
                }
            }
        }
        catch (RpcException exception)
        {
            ended?.Invoke(exception);
        }

        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return [.. results.Where(r => r.Accepted is not null)];
    }

    /// <param name="all">True when nothing but what was acknowledged may be there.</param>
    private static async Task CheckAsync(
        ServerProcess server, IReadOnlyList<string> patients, IReadOnlyList<IngestFactsRequest> items, IReadOnlyList<IngestFactsResponse> results, string name, bool all)
    {
        using var channel = server.Open();
        var network = new Network(channel);
        var acknowledged = results.ToLookup(r => items[(int)r.Item].Patient);
        foreach (var patient in patients)
        {
            var history = await network.HistoryAsync(patient);
            Assert.Equal(Enumerable.Range(1, history.Count).Select(v => (long)v), history.Select(e => e.Version));
            var versions = history.ToLookup(e => e.RequestId, e => e.Version);
            Assert.All(acknowledged[patient], r => Assert.True(versions[r.RequestId].SequenceEqual([FactCalls.ReceiptOf(r).Version]), $"{name}: item {r.Item} is not there once, as acknowledged"));
            Assert.True(!all || history.Count - 3 == acknowledged[patient].Count(), $"{name}: {patient} has {history.Count - 3} facts, {acknowledged[patient].Count()} were acknowledged");
        }
    }
}
