using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ClinicNetwork.Faults.Proxy;

/// <summary>
/// Passes TCP on from a port of its own to a port of somebody else, under rules that may change at any time. A link is named after who connected
/// (only silos need telling apart); the name is found when a connection is accepted.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    /// <summary>Small, so that a slow link also divides a statement's messages: the database then holds a transaction open between two of them.</summary>
    private const int PieceBytes = 4 * 1024;

    /// <summary>A lost packet is sent again by TCP after about this long, ms.</summary>
    private const int LossMinMs = 200;
    private const int LossMaxMs = 800;

    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(5);

    private readonly TcpListener _listener;
    private readonly IPEndPoint _target;
    private readonly Func<int, string> _nameOf;
    private readonly Random _random;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, Link> _links = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly Task _accepting;
    private int _cuts;

    /// <param name="nameOf">The name of who connected from a port.</param>
    public FaultProxy(IPEndPoint listen, IPEndPoint target, int seed, Func<int, string>? nameOf = null)
    {
        (_target, _random, _nameOf) = (target, new Random(seed), nameOf ?? (_ => ""));
        _listener = new TcpListener(listen);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Answers cut so far.</summary>
    public int Cuts => _cuts;

    public void Set(LinkRule rule, string name = "") => LinkOf(name).Set(rule);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Task.WhenAll([_accepting, .. _connections.Keys]).WaitAsync(StopMax).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Link LinkOf(string name) => _links.GetOrAdd(name, _ => new Link(_stop.Token));

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var passing = PassAsync(client);
                _connections[passing] = true;
                _ = passing.ContinueWith(t => _connections.TryRemove(t, out _), TaskScheduler.Default);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The run ends.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        await Task.Yield();
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            client.NoDelay = true;
            client.LingerState = new LingerOption(true, 0);
            server.LingerState = new LingerOption(true, 0);
            var link = LinkOf(_nameOf(((IPEndPoint)client.Client.RemoteEndPoint!).Port));
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, link.Reset);
            try
            {
                if (link.Rule.Refuse)
                {
                    return;
                }

                await link.PassableAsync(up: true, ended.Token);
                await server.ConnectAsync(_target, ended.Token);
                var up = PumpAsync(client.GetStream(), server.GetStream(), link, up: true, ended.Token);
                var down = PumpAsync(server.GetStream(), client.GetStream(), link, up: false, ended.Token);
                await Task.WhenAny(up, down);
                await ended.CancelAsync();
                await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
            {
                // One side went, or the link was reset.
            }
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Link link, bool up, CancellationToken ended)
    {
        var buffer = new byte[PieceBytes];
        while (await from.ReadAsync(buffer, ended) is var read and > 0)
        {
            await link.PassableAsync(up, ended);
            var rule = link.Rule;
            if (!up && Happens(rule.CutReplyShare))
            {
                Interlocked.Increment(ref _cuts);
                return;
            }

            var waitMs = rule.DelayMs + (Happens(rule.StallShare) ? Between(LossMinMs, LossMaxMs) : 0);
            if (waitMs > 0)
            {
                await Pause.ForAsync(TimeSpan.FromMilliseconds(waitMs), ended);
            }

            await to.WriteAsync(buffer.AsMemory(0, read), ended);
        }
    }

    private bool Happens(double share)
    {
        if (share <= 0)
        {
            return false;
        }

        lock (_random)
        {
            return _random.NextDouble() < share;
        }
    }

    private int Between(int min, int max)
    {
        lock (_random)
        {
            return _random.Next(min, max);
        }
    }

    /// <summary>The present rule of a link, and a signal for its change.</summary>
    private sealed class Link(CancellationToken stop)
    {
        private readonly Lock _one = new();
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private CancellationTokenSource _reset = CancellationTokenSource.CreateLinkedTokenSource(stop);

        public LinkRule Rule { get; private set; } = LinkRule.Whole;

        public CancellationToken Reset
        {
            get
            {
                lock (_one)
                {
                    return _reset.Token;
                }
            }
        }

        public void Set(LinkRule rule)
        {
            CancellationTokenSource? reset = null;
            TaskCompletionSource changed;
            lock (_one)
            {
                changed = _changed;
                (Rule, _changed) = (rule, new(TaskCreationOptions.RunContinuationsAsynchronously));
                if (rule.Refuse)
                {
                    (reset, _reset) = (_reset, CancellationTokenSource.CreateLinkedTokenSource(stop));
                }
            }

            changed.TrySetResult();
            reset?.Cancel();
        }

        public async Task PassableAsync(bool up, CancellationToken ended)
        {
            while (true)
            {
                Task changed;
                lock (_one)
                {
                    if (!(up ? Rule.StallUp : Rule.StallDown))
                    {
                        return;
                    }

                    changed = _changed.Task;
                }

                await changed.WaitAsync(ended);
            }
        }
    }
}
