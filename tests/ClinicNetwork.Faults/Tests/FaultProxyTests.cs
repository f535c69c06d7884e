using System.Net;
using System.Net.Sockets;
using ClinicNetwork.Faults.Proxy;

namespace ClinicNetwork.Faults.Tests;

/// <summary>The proxy does to a link what a rule says, and nothing else.</summary>
public sealed class FaultProxyTests : IAsyncLifetime
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    private readonly CancellationTokenSource _stop = new(Wait);
    private readonly TcpListener _echo = new(IPAddress.Loopback, 0);
    private FaultProxy _proxy = null!;
    private int _heard;

    public Task InitializeAsync()
    {
        _echo.Start();
        _proxy = new FaultProxy(new(IPAddress.Loopback, 0), (IPEndPoint)_echo.LocalEndpoint, seed: 1);
        _ = EchoAsync();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        _echo.Stop();
        await _proxy.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_whole_link_passes_bytes_on()
    {
        using var client = await ConnectAsync();
        Assert.Equal(7, await SayAsync(client, 7));
    }

    [Fact]
    public async Task Nothing_comes_back_over_a_link_cut_downwards_until_it_is_whole_again()
    {
        using var client = await ConnectAsync();
        Assert.Equal(1, await SayAsync(client, 1));
        _proxy.Set(new LinkRule(StallDown: true));
        var answer = SayAsync(client, 2);
        Assert.True(await Pause.UntilAsync(() => Task.FromResult(_heard == 2), Wait, default), "it did not go up");
        await Assert.ThrowsAsync<TimeoutException>(() => answer.WaitAsync(Moment));
        _proxy.Set(LinkRule.Whole);
        Assert.Equal(2, await answer.WaitAsync(Wait));
    }

    [Fact]
    public async Task Nothing_goes_up_over_a_link_cut_upwards()
    {
        using var client = await ConnectAsync();
        Assert.Equal(1, await SayAsync(client, 1));
        _proxy.Set(new LinkRule(StallUp: true));
        await Assert.ThrowsAsync<TimeoutException>(() => SayAsync(client, 2).WaitAsync(Moment));
        Assert.Equal(1, _heard);
    }

    [Fact]
    public async Task A_refused_link_resets_what_is_open_and_what_is_new()
    {
        using var client = await ConnectAsync();
        Assert.Equal(1, await SayAsync(client, 1));
        _proxy.Set(LinkRule.Refused);
        Assert.Equal(-1, await SayAsync(client, 2).WaitAsync(Wait));
        using var other = new TcpClient();
        Assert.Equal(-1, await ConnectAndSayAsync(other, 3).WaitAsync(Wait));
    }

    [Fact]
    public async Task A_reply_is_cut_after_the_request_was_carried_out()
    {
        using var client = await ConnectAsync();
        _proxy.Set(new LinkRule(CutReplyShare: 1));
        Assert.Equal(-1, await SayAsync(client, 9).WaitAsync(Wait));
        Assert.Equal((9, 1), (_heard, _proxy.Cuts));
    }

    [Fact]
    public async Task A_process_is_found_by_the_port_it_connects_from()
    {
        using var client = await ConnectAsync();
        var port = ((IPEndPoint)client.Client.LocalEndPoint!).Port;
        Assert.Equal("me", SocketOwner.Of(port, [("init", 1), ("me", Environment.ProcessId)]));
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _proxy.Port, _stop.Token);
        return client;
    }

    /// <summary>The reset may already meet the connecting.</summary>
    private async Task<int> ConnectAndSayAsync(TcpClient client, byte value)
    {
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, _proxy.Port, _stop.Token);
        }
        catch (SocketException)
        {
            return -1;
        }

        return await SayAsync(client, value);
    }

    /// <summary>One byte there and back; −1 when the connection goes.</summary>
    private async Task<int> SayAsync(TcpClient client, byte value)
    {
        try
        {
            await client.GetStream().WriteAsync(new[] { value }, _stop.Token);
            var answer = new byte[1];
            return await client.GetStream().ReadAsync(answer, _stop.Token) == 1 ? answer[0] : -1;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            return -1;
        }
    }

    private async Task EchoAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await _echo.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            var buffer = new byte[1];
            try
            {
                while (await client.GetStream().ReadAsync(buffer, _stop.Token) == 1)
                {
                    _heard = buffer[0];
                    await client.GetStream().WriteAsync(buffer, _stop.Token);
                }
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                // The link went.
            }
        }
    }
}
