using ClinicNetwork.Client.Tests.Fakes;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Client.Tests;

/// <summary>A program that stays goes on by itself when the network is back.</summary>
public sealed class AwayTests
{
    [Fact(Timeout = Patience.Ms)]
    public async Task A_step_is_done_again_until_the_network_is_there_with_doubling_waits_and_those_that_it_asks_for()
    {
        var (time, told) = (Clients.NewTime(), new List<StatusCode>());
        using var client = Client(time, attempt => attempt switch
        {
            < 3 => Errors.Make(StatusCode.Unavailable),
            3 => Errors.Make(StatusCode.ResourceExhausted, Reasons.RateLimited, retryAfter: TimeSpan.FromSeconds(7)),
            < 7 => Errors.Make(StatusCode.Internal),
            _ => null,
        });
        await client.PersistAsync(async token => await client.Patients.EndTreatmentAsync(new(), cancellationToken: token), away => told.Add(away.Code));
        Assert.Equal([375, 750, 1_500, 7_500, 1_500, 1_500, 1_500], time.Waits.Select(wait => wait.TotalMilliseconds));
        Assert.Equal(7, told.Count);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_refusal_ends_it_and_so_does_whoever_waits()
    {
        using var refusing = Client(Clients.NewTime(), _ => Errors.Make(StatusCode.PermissionDenied, "ROLE_NOT_ALLOWED"));
        var refused = await Assert.ThrowsAsync<ClinicNetworkException>(() => refusing.PersistAsync(token => StepAsync(refusing, token), _ => Assert.Fail("a refusal is not away")));
        Assert.Equal("ROLE_NOT_ALLOWED", refused.Reason);

        using var stop = new CancellationTokenSource();
        using var gone = Client(new ManualTime(TimeSpan.Zero), _ => Errors.Make(StatusCode.Unavailable));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone.PersistAsync(token => StepAsync(gone, token), _ => stop.Cancel(), stop.Token));
    }

    private static async ValueTask StepAsync(ClinicNetworkClient client, CancellationToken token) => await client.Patients.EndTreatmentAsync(new(), cancellationToken: token);

    private static ClinicNetworkClient Client(TimeProvider time, Func<int, RpcException?> fail) => Clients.Of(
        new FakeServer { Unary = (attempt, _, _, _) => fail(attempt) is { } error ? throw error : Task.FromResult<IMessage>(new EndTreatmentResponse()) },
        Clients.Options(time) with { RetriesMax = 0, AwayDelayFirst = TimeSpan.FromMilliseconds(500), AwayDelayMax = TimeSpan.FromSeconds(2) });
}
