using ClinicNetwork.Client.Tests.Fakes;
using ClinicNetwork.Protocol.Admin.V1;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Client.Tests;

public sealed class CircuitTests
{
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(3);

    private static ClinicNetworkClientOptions Options(ManualTime time) =>
        Clients.Options(time) with { RetriesMax = 0, BreakAttemptsMin = 4, BreakFailureRatio = 0.5, BreakDuration = Break };

    private static Task<GetStatusResponse> CallAsync(ClinicNetworkClient client) => client.Network.GetStatusAsync(new()).ResponseAsync;

    [Fact(Timeout = Patience.Ms)]
    public async Task A_server_that_keeps_failing_is_left_alone_and_tried_again_later()
    {
        var time = Clients.NewTime();
        var healthy = false;
        var server = new FakeServer { Unary = (_, _, _, _) =>
            healthy ? Task.FromResult<IMessage>(new GetStatusResponse()) : throw Errors.Make(StatusCode.Unavailable) };
        var client = Clients.Of(server, Options(time));
        for (var i = 0; i < 4; i++)
            await Assert.ThrowsAsync<ClinicNetworkException>(() => CallAsync(client));

        var open = await Assert.ThrowsAsync<ClinicNetworkException>(() => CallAsync(client));
        Assert.Equal(Reasons.CircuitOpen, open.Reason);
        Assert.True(open.Transient);
        Assert.Equal(4, server.Attempts.Count);

        healthy = true;
        time.Advance(Break + TimeSpan.FromSeconds(1));
        await CallAsync(client);
        await CallAsync(client);
        Assert.Equal(6, server.Attempts.Count);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task Refusals_do_not_open_the_circuit()
    {
        var server = new FakeServer { Unary = (_, _, _, _) => throw Errors.Make(StatusCode.NotFound, "PATIENT_NOT_FOUND") };
        var client = Clients.Of(server, Options(Clients.NewTime()));

        for (var i = 0; i < 20; i++)
            Assert.Equal("PATIENT_NOT_FOUND", (await Assert.ThrowsAsync<ClinicNetworkException>(() => CallAsync(client))).Reason);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_busy_server_that_says_when_to_come_back_does_not_open_the_circuit()
    {
        var server = new FakeServer { Unary = (_, _, _, _) =>
            throw Errors.Make(StatusCode.Unavailable, Reasons.NotExecuted, retryAfter: TimeSpan.FromSeconds(1)) };
        var client = Clients.Of(server, Options(Clients.NewTime()));

        for (var i = 0; i < 20; i++)
            Assert.Equal(Reasons.NotExecuted, (await Assert.ThrowsAsync<ClinicNetworkException>(() => CallAsync(client))).Reason);
    }

    [Theory(Timeout = Patience.Ms)]
    [InlineData("STORE_UNAVAILABLE")]
    [InlineData(Reasons.OutcomeUnknown)]
    [InlineData("SERVER_STOPPING")]
    public async Task What_a_living_server_cannot_do_leaves_what_it_can_do_alone(string reason)
    {
        var server = new FakeServer { Unary = (_, _, request, _) => ((GetPlanRequest)request).Read.Confirmed
            ? throw Errors.Make(StatusCode.Unavailable, reason, retryAfter: TimeSpan.FromMilliseconds(200))
            : Task.FromResult<IMessage>(new GetPlanResponse()) };
        var client = Clients.Of(server, Options(Clients.NewTime()));

        for (var i = 0; i < 100; i++)
        {
            var error = await Assert.ThrowsAsync<ClinicNetworkException>(() => ReadAsync(client, confirmed: true));
            Assert.Equal(reason, error.Reason);
            await ReadAsync(client, confirmed: false);
        }
    }

    private static Task<GetPlanResponse> ReadAsync(ClinicNetworkClient client, bool confirmed) =>
        client.Patients.GetPlanAsync(new() { Name = "patients/p-1/plan", Read = new() { Confirmed = confirmed } }).ResponseAsync;

    [Fact(Timeout = Patience.Ms)]
    public async Task Clients_for_other_sites_share_the_circuit()
    {
        var server = new FakeServer { Unary = (_, _, _, _) => throw Errors.Make(StatusCode.Unavailable) };
        var client = Clients.Of(server, Options(Clients.NewTime()));
        for (var i = 0; i < 4; i++)
            await Assert.ThrowsAsync<ClinicNetworkException>(() => CallAsync(client));

        var open = await Assert.ThrowsAsync<ClinicNetworkException>(() => CallAsync(client.ActingFor("clinics/hillside")));

        Assert.Equal(Reasons.CircuitOpen, open.Reason);
    }
}
