using System.Net;
using System.Net.Sockets;
using ClinicNetwork.Client.Tests.Fakes;

namespace ClinicNetwork.Client.Tests;

public sealed class GatewaysTests
{
    [Fact(Timeout = Patience.Ms)]
    public async Task Calls_go_round_and_past_a_gateway_that_is_away()
    {
        await using var one = new AnsweringServer();
        await using var two = new AnsweringServer();
        using var calls = new HttpMessageInvoker(new Gateways([one.Address, AnsweringServer.Nobody(), two.Address], new(null, _ => new()), TimeSpan.FromSeconds(10)));

        for (var i = 0; i < 12; i++)
            Assert.Equal(HttpStatusCode.OK, await CallAsync(calls));

        Assert.InRange(one.Answered, 4, 8);
        Assert.Equal(12, one.Answered + two.Answered);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task When_all_are_away_the_call_fails_and_the_next_one_tries_them_again()
    {
        var late = AnsweringServer.Nobody();
        using var calls = new HttpMessageInvoker(new Gateways([AnsweringServer.Nobody(), late], new(null, _ => new()), TimeSpan.FromSeconds(10)));
        await Assert.ThrowsAsync<HttpRequestException>(() => CallAsync(calls));

        await using var server = new AnsweringServer(late.Port);

        Assert.Equal(HttpStatusCode.OK, await CallAsync(calls));
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_call_whose_connection_broke_after_it_was_sent_is_not_sent_elsewhere()
    {
        await using var breaks = new AnsweringServer(answers: false);
        await using var other = new AnsweringServer();
        using var calls = new HttpMessageInvoker(new Gateways([breaks.Address, other.Address], new(null, _ => new()), TimeSpan.FromSeconds(10)));

        await Assert.ThrowsAsync<HttpRequestException>(() => CallAsync(calls));

        Assert.Equal(1, breaks.Answered);
        Assert.Equal(0, other.Answered);
    }

    [Fact]
    public void A_channel_connects_without_the_balancer_that_can_be_stuck()
    {
        using var channel = ClinicNetworkClient.OpenChannel(AnsweringServer.Nobody());

        // Only the balancer knows states.
        Assert.Throws<InvalidOperationException>(() => channel.State);
    }

    [Fact]
    public void Addresses_with_and_without_TLS_are_refused_together()
    {
        var error = Assert.Throws<ArgumentException>(() => ClinicNetworkClient.OpenChannel([new("http://a"), new("https://b")]));
        Assert.Equal("servers", error.ParamName);
    }

    private static async Task<HttpStatusCode> CallAsync(HttpMessageInvoker calls)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://anywhere/service/Method") { Content = new ByteArrayContent([1]) };
        using var response = await calls.SendAsync(request, CancellationToken.None);
        return response.StatusCode;
    }

    /// <summary>Answers each request with an empty success, or hangs up.</summary>
    private sealed class AnsweringServer : IAsyncDisposable
    {
        private static readonly byte[] Success = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray();

        private readonly TcpListener _listener;
        private readonly Task _answering;

        public AnsweringServer(int port = 0, bool answers = true)
        {
            _listener = new TcpListener(IPAddress.Loopback, port);
            _listener.Start();
            _answering = AnswerAsync(answers);
        }

        public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

        public int Answered { get; private set; }

        /// <summary>An address at which nobody listens.</summary>
        public static Uri Nobody()
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return new($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}");
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private async Task AnswerAsync(bool answers)
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                using var request = new StreamReader(client.GetStream());
                while (await request.ReadLineAsync() is { Length: > 0 })
                {
                    // A header.
                }

                Answered++;
                if (answers && request.Read() >= 0)
                    await client.GetStream().WriteAsync(Success);
            }
        }
    }
}
