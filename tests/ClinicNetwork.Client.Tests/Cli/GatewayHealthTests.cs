using System.Net;
using System.Net.Sockets;
using ClinicNetwork.Cli.Cluster;
using ClinicNetwork.Client.Tests.Fakes;

namespace ClinicNetwork.Client.Tests.Cli;

public sealed class GatewayHealthTests
{
    [Theory(Timeout = Patience.Ms)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    public async Task A_gateway_serves_when_it_says_so(byte status, bool serves)
    {
        await using var gateway = await GrpcServer.StartAsync([8, status]);
        using var health = new GatewayHealth(gateway.Address);

        // A second without an answer is told as not serving, and the next question may be answered: on a busy machine the first question can take one.
        var told = await health.ServesAsync(CancellationToken.None);
        while (serves && !told)
        {
            told = await health.ServesAsync(CancellationToken.None);
        }

        Assert.Equal(serves, told);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_gateway_that_gives_no_answer_does_not_serve()
    {
        using var frozen = new TcpListener(IPAddress.Loopback, 0);
        frozen.Start();
        using var health = new GatewayHealth(new($"http://127.0.0.1:{((IPEndPoint)frozen.LocalEndpoint).Port}"));

        Assert.False(await health.ServesAsync(CancellationToken.None));
    }
}
