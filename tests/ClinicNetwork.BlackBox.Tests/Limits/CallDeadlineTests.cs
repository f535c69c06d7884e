using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Sync.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Limits;

/// <summary>A server on which calls may last a second, and one with the usual limits.</summary>
public sealed class ShortCallsFixture : IAsyncLifetime
{
    private readonly NetworkFixture _usual = new();

    internal ServerProcess Short { get; private set; } = null!;

    internal ServerProcess Usual => _usual.Server;

    public async Task InitializeAsync()
    {
        await _usual.InitializeAsync();
        Short = await ServerProcess.StartAsync(null, "--ClinicNetwork:CallSecondsMax", "1", "--ClinicNetwork:StreamSecondsMax", "1");
        using var channel = Short.Open();
        // A first call may take longer than its second on a busy machine; the clinic is registered once.
        var clinic = Valid.Clinic(Network.Harbour);
        await Bounded.UntilAsync("the clinic is registered", async () =>
        {
            try
            {
                return (await new Network(channel).Clinics.RegisterClinicAsync(clinic)).Receipt.Version == 1;
            }
            catch (RpcException exception) when (exception.StatusCode is StatusCode.DeadlineExceeded or StatusCode.Unavailable)
            {
                return false;
            }
        });
    }

    public async Task DisposeAsync()
    {
        await Short.DisposeAsync();
        await _usual.DisposeAsync();
    }
}

/// <summary>Every call ends, whatever deadline it asked for.</summary>
public sealed class CallDeadlineTests(ShortCallsFixture fixture) : IClassFixture<ShortCallsFixture>
{
    private const string Watch = "/clinicnetwork.sync.v1.PlanFeedService/WatchPlans";
    private const string GetPlan = "/clinicnetwork.care.v1.PatientService/GetPlan";
    private const string Ingest = "/clinicnetwork.care.v1.FactService/IngestFacts";

    private static WatchPlansRequest Feed => new() { Site = Network.Harbour };

    [Theory]
    [InlineData(null)]
    [InlineData("1H")]
    [InlineData("60S")]
    [InlineData("99999999H")]
    [InlineData("4294967297S")]
    [InlineData("2147483647H")]
    [InlineData("5")]
    [InlineData("S")]
    [InlineData("5X")]
    [InlineData("-5S")]
    [InlineData(" ")]
    public async Task A_stream_without_a_deadline_or_with_a_longer_one_ends_at_the_limit(string? timeout) =>
        Assert.Equal(StatusCode.DeadlineExceeded, await WireCall.EndAsync(fixture.Short, Watch, WireCall.Message(Feed), timeout));

    [Theory]
    [InlineData(GetPlan)]
    [InlineData(Ingest)]
    public async Task A_message_that_never_ends_ends_at_the_limit(string rpc)
    {
        var end = new TaskCompletionSource();
        try
        {
            var status = await WireCall.EndAsync(fixture.Short, rpc, WireCall.Unfinished(100, end.Task), timeout: null);
            Assert.Contains(status, (StatusCode[])[StatusCode.DeadlineExceeded, StatusCode.Cancelled]);
        }
        finally
        {
            end.SetResult();
        }
    }

    [Theory]
    [InlineData("300m")]
    [InlineData("300000u")]
    [InlineData("99999999n")]
    public async Task A_shorter_deadline_is_kept(string timeout) =>
        Assert.Equal(StatusCode.DeadlineExceeded, await WireCall.EndAsync(fixture.Usual, Watch, WireCall.Message(Feed), timeout));

    [Fact]
    public async Task The_client_goes_on_where_its_stream_was_ended()
    {
        using var channel = fixture.Short.Open();
        var network = new Network(channel);
        await network.TreatAsync("patients/limit-1");
        using var client = ClinicNetworkClient.Connect(fixture.Short.Address, new() { Identity = fixture.Short.Identity, RetryDelayFirst = TimeSpan.FromMilliseconds(10) });
        var seen = new List<long>();
        var written = 3;
        using var patience = new CancellationTokenSource(Bounded.Wait);
        var bookmarks = 0;
        await foreach (var item in client.WatchPlansAsync(Network.Harbour, cancellationToken: patience.Token))
        {
            if (item.ItemCase == WatchPlansResponse.ItemOneofCase.Change)
            {
                seen.Add(item.Change.Version);
            }
            else if (++bookmarks % 3 == 0 && written < 6)
            {
                // A bookmark comes when a stream is opened: by the third, two were ended.
                await network.Patients.RecordAssessmentAsync(Valid.Assessment("patients/limit-1", $"a-{written++}"));
            }

            if (seen.Count == 6)
            {
                break;
            }
        }

        Assert.Equal([1, 2, 3, 4, 5, 6], seen);
    }
}
