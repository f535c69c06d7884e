using ClinicNetwork.Cli;
using ClinicNetwork.Client.Tests.Fakes;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Client.Tests;

/// <summary>An outage as long as a failover may take, whose calls are refused at once.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(12);

    /// <summary>What the gateway attaches to every UNAVAILABLE.</summary>
    private static readonly TimeSpan Asked = TimeSpan.FromMilliseconds(200);

    public static TheoryData<string?, double> Refusals => new()
    {
        { "STORE_UNAVAILABLE", 0 }, { "STORE_UNAVAILABLE", 0.5 }, { "STORE_UNAVAILABLE", 0.999 }, { null, 0 }, { null, 0.999 },
    };

    [Theory(Timeout = Patience.Ms)]
    [MemberData(nameof(Refusals))]
    public async Task Usual_options_outlive_it(string? reason, double jitter)
    {
        var time = Clients.NewTime();
        var server = Away(time, reason);
        await SendAsync(server, new() { Time = time, Jitter = () => jitter });
        Assert.True(time.Waits.Count > 5);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task The_command_line_outlives_it()
    {
        var time = Clients.NewTime();
        await SendAsync(Away(time, "STORE_UNAVAILABLE"), Invocation.Patience with { Time = time, Jitter = () => 0 });
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_circuit_that_opened_meanwhile_is_waited_for_too()
    {
        var time = Clients.NewTime();
        await SendAsync(Away(time, null), new() { Time = time, Jitter = () => 0.5, BreakAttemptsMin = 3 });
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task Facts_on_a_stream_outlive_it()
    {
        var time = Clients.NewTime();
        var end = time.GetUtcNow() + Outage;
        var intake = new FakeIntake([])
        {
            Refuse = (_, _) => time.GetUtcNow() < end ? FakeIntake.Refusal(StatusCode.Unavailable, "STORE_UNAVAILABLE", Asked) : null,
        };
        var facts = new[] { new IngestFactsRequest { RequestId = "request-1", Patient = "patients/p-1" } }.ToAsyncEnumerable();
        var results = await Clients.Of(intake.Server, new() { Time = time, Jitter = () => 0 }).IngestFactsAsync(facts).ToListAsync();
        Assert.NotNull(Assert.Single(results).Accepted);
    }

    [Theory(Timeout = Patience.Ms)]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Where_nobody_listens_a_caller_may_give_up_sooner(int retries)
    {
        var nobody = new RpcException(new Status(
            StatusCode.Unavailable, "", new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused")));
        var server = new FakeServer { Unary = (_, _, _, _) => throw nobody };
        var error = await Assert.ThrowsAsync<ClinicNetworkException>(
            () => SendAsync(server, Clients.Options() with { RefusedRetriesMax = retries }));
        Assert.Equal(Reasons.ServerAway, error.Reason);
        Assert.Equal(1 + retries, server.Attempts.Count);
    }

    private static FakeServer Away(ManualTime time, string? reason)
    {
        var end = time.GetUtcNow() + Outage;
        return new()
        {
            Unary = (_, _, _, _) => time.GetUtcNow() < end
                ? throw Errors.Make(StatusCode.Unavailable, reason, retryAfter: reason is null ? null : Asked)
                : Task.FromResult<IMessage>(new EndTreatmentResponse { Receipt = new() { Version = 1 } }),
        };
    }

    private static Task SendAsync(FakeServer server, ClinicNetworkClientOptions options) =>
        Clients.Of(server, options).Patients.EndTreatmentAsync(new() { RequestId = RequestIds.New(), Patient = "patients/p-1" }).ResponseAsync;
}
