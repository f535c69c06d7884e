using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ClinicNetwork.BlackBox.Tests.Hosting;

namespace ClinicNetwork.Site.Tests.Rig;

/// <summary>The line between sites and the network, on one port for good: it can be cut, be cut after some bytes, and lead to a server that was started again.</summary>
internal sealed class Line : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<TcpClient, bool> _open = new();
    private readonly Task _accepting;
    private int _bytesLeft = int.MaxValue;

    public Line(Uri target)
    {
        Target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public Uri Target { get; set; }

    public bool IsCut { get; private set; }

    /// <summary>Nothing passes until <see cref="Mend"/>, from now on or once so many bytes of the server's have passed.</summary>
    public void Cut(int afterBytes = 0)
    {
        Volatile.Write(ref _bytesLeft, afterBytes);
        if (afterBytes == 0)
        {
            Break();
        }
    }

    public void Mend()
    {
        Volatile.Write(ref _bytesLeft, int.MaxValue);
        IsCut = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Break();
        await _accepting.WaitAsync(Bounded.Wait);
        _stop.Dispose();
    }

    private void Break()
    {
        IsCut = true;
        foreach (var client in _open.Keys)
        {
            client.Close();
        }
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(PassAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        // As both ends do it themselves: else each item that waits for the one before takes 40 ms.
        using var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        _open[client] = true;
        try
        {
            if (IsCut)
            {
                client.Client.LingerState = new LingerOption(true, 0);
                return;
            }

            await server.ConnectAsync(Target.Host, Target.Port, _stop.Token);
            await Task.WhenAny(CopyAsync(client.GetStream(), server.GetStream(), counted: false), CopyAsync(server.GetStream(), client.GetStream(), counted: true));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or InvalidOperationException)
        {
            // Cut, or one side went first.
        }
        finally
        {
            _open.TryRemove(client, out _);
            client.Close();
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, bool counted)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var read)
            {
                if (counted && Volatile.Read(ref _bytesLeft) != int.MaxValue && Interlocked.Add(ref _bytesLeft, -read) < 0)
                {
                    Break();
                    return;
                }

                await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // Cut, or one side went first.
        }
    }
}
