using System.Net;
using System.Net.Sockets;
using ClinicNetwork.Client.Tests.Fakes;
using ClinicNetwork.Protocol.Admin.V1;

namespace ClinicNetwork.Client.Tests;

/// <summary>Two gateways over real connections, one of them frozen: it accepts and never answers.</summary>
public sealed class SilentGatewayTests
{
    private const int Callers = 30;

    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(1);

    private static readonly ClinicNetworkClientOptions Options = new()
    {
        AttemptTimeout = Attempt,
        // Too few to wait for the end of an open circuit.
        RetriesMax = 2,
    };

    [Fact(Timeout = Patience.Ms)]
    public async Task Calls_succeed_and_the_circuit_stays_closed()
    {
        using var frozen = new TcpListener(IPAddress.Loopback, 0);
        frozen.Start();
        await using var healthy = await GrpcServer.StartAsync([]);
        using var client = ClinicNetworkClient.Connect([AddressOf(frozen), healthy.Address], Options);

        // Half of the first go to the frozen one and come back together: more than the circuit's least number, and most of all that end then.
        await Task.WhenAll(Enumerable.Range(0, 2 * Callers).Select(_ => CallAsync(client)));
        await Task.WhenAll(Enumerable.Range(0, 2 * Callers).Select(_ => CallAsync(client)));
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_frozen_gateway_is_passed_over_after_one_attempt()
    {
        using var frozen = new TcpListener(IPAddress.Loopback, 0);
        frozen.Start();
        await using var healthy = await GrpcServer.StartAsync([]);
        using var client = ClinicNetworkClient.Connect([AddressOf(frozen), healthy.Address], Options with { RetriesMax = 0 });

        var failed = 0;
        for (var i = 0; i < 40; i++)
        {
            try
            {
                await CallAsync(client);
            }
            catch (ClinicNetworkException error) when (error.Reason == Reasons.TimedOut)
            {
                failed++;
            }
        }

        // One, and one more for each moment that it is passed over; half of them would be 20.
        Assert.InRange(failed, 1, 5);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task When_all_are_frozen_the_circuit_opens()
    {
        using var one = new TcpListener(IPAddress.Loopback, 0);
        using var two = new TcpListener(IPAddress.Loopback, 0);
        one.Start();
        two.Start();
        using var client = ClinicNetworkClient.Connect([AddressOf(one), AddressOf(two)], Options with { RetriesMax = 0 });

        // The first wave finds out that they are silent, the second one counts it.
        for (var wave = 0; wave < 2; wave++)
            await Task.WhenAll(Enumerable.Range(0, 2 * Callers).Select(_ => RefusedAsync(client)));

        Assert.Equal(Reasons.CircuitOpen, await RefusedAsync(client));
    }

    private static async Task<string> RefusedAsync(ClinicNetworkClient client) =>
        (await Assert.ThrowsAsync<ClinicNetworkException>(() => CallAsync(client))).Reason;

    private static Task<GetStatusResponse> CallAsync(ClinicNetworkClient client) => client.Network.GetStatusAsync(new()).ResponseAsync;

    private static Uri AddressOf(TcpListener listener) => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
}
