using System.Net;
using System.Net.Sockets;

namespace ClinicNetwork.BlackBox.Tests.Releases;

/// <summary>Passes TCP on and cuts each connection after a random number of the server's bytes, without a word to either side.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Random _random;
    private readonly int _bytesMax;
    private readonly Task _accepting;
    private int _cuts;

    public CuttingProxy(Uri target, int seed, int bytesMax)
    {
        (Target, _random, _bytesMax) = (target, new Random(seed), bytesMax);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public int Cuts => _cuts;

    /// <summary>Of connections from now on.</summary>
    public Uri Target { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.WaitAsync(Hosting.Bounded.Wait);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(PassAsync(await _listener.AcceptTcpClientAsync(_stop.Token), _random.Next(1, _bytesMax)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task PassAsync(TcpClient client, int bytes)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(Target.Host, Target.Port, _stop.Token);
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                var up = client.GetStream().CopyToAsync(server.GetStream(), ended.Token);
                await CopyAsync(server.GetStream(), client.GetStream(), bytes);
                Interlocked.Increment(ref _cuts);
                client.Client.LingerState = new LingerOption(true, 0);
                await ended.CancelAsync();
                await up.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
            {
                // The test ended, or one side went first.
            }
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, int bytes)
    {
        var buffer = new byte[4096];
        while (bytes > 0)
        {
            var read = await from.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, bytes)), _stop.Token);
            if (read == 0)
            {
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
            bytes -= read;
        }
    }
}
