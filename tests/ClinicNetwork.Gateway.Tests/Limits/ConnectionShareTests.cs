using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.Gateway.Limits;
using ClinicNetwork.Gateway.Tests.Harness;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ClinicNetwork.Gateway.Tests.Limits;

/// <summary>A client has its share of connections and no more, and gives each place back once, whether Kestrel is done with the connection or not.</summary>
public sealed class ConnectionShareTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly X509Certificate2 _lab = Certificate("lab");
    private readonly X509Certificate2 _clinic = Certificate("clinic");
    private readonly KeptLog<OpenConnections> _log = new();
    private readonly OpenConnections _connections;
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConnectionShareTests() => _connections = new(TimeProvider.System, _log);

    [Fact]
    public async Task A_client_has_its_share_and_others_have_theirs()
    {
        var held = Enumerable.Range(0, OpenConnections.EachMax).Select(_ => Hold(_lab)).ToList();
        Assert.All(held, one => Assert.False(one.Over.IsCompleted));
        var more = Enumerable.Range(0, 3).Select(_ => Hold(_lab)).ToList();
        Assert.All(more, one => Assert.True(one.Over.IsCompletedSuccessfully && one.Context.IsAborted));
        Assert.False(Hold(_clinic).Over.IsCompleted);
        Assert.Contains(_lab.SerialNumber, Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain("lab", _log.Lines[0], StringComparison.Ordinal);

        _end.SetResult();
        await Task.WhenAll(held.Select(one => one.Over)).WaitAsync(Patience);
        Assert.All(held, one => Assert.False(one.Context.IsAborted));
        AssertAllPlacesAreFree();
    }

    [Fact]
    public async Task At_once_no_place_is_given_twice_or_lost()
    {
        const int Rounds = 4_000;
        var (open, most) = (0, 0);
        await Parallel.ForEachAsync(Enumerable.Range(0, Rounds), new ParallelOptions { MaxDegreeOfParallelism = 2 * OpenConnections.EachMax }, async (_, _) =>
        {
            await _connections.HoldAsync(new Socket(_lab), async _ =>
            {
                var now = Interlocked.Increment(ref open);
                int seen;
                while (now > (seen = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, now, seen) != seen)
                {
                }

                await Task.Yield();
                Interlocked.Decrement(ref open);
            });
        });
        Assert.InRange(most, 1, OpenConnections.EachMax);
        AssertAllPlacesAreFree();
    }

    /// <summary>Neither the client's place, nor that among all connections, nor a line at each sweep.</summary>
    [Fact]
    public void What_Kestrel_lost_takes_no_place_once_its_socket_is_closed()
    {
        var lost = Enumerable.Range(0, OpenConnections.EachMax).Select(_ => Hold(_lab)).ToList();
        Assert.All(lost, one => Assert.Equal(0, one.Context.Released));
        lost.ForEach(one => one.Context.Close());
        Assert.All(lost, one => Assert.Equal((false, 1), (one.Over.IsCompleted, one.Context.Released)));
        _connections.Revoke(FrozenSet.Create(StringComparer.Ordinal, _lab.SerialNumber));
        _connections.CloseBad();
        Assert.Empty(_log.Lines);
        _connections.Revoke(FrozenSet<string>.Empty);
        AssertAllPlacesAreFree(_clinic);
    }

    [Fact]
    public void What_is_closed_for_its_certificate_is_told_once_however_long_it_stays()
    {
        var held = (Socket[])[Hold(_lab).Context, Hold(_lab).Context];
        var other = Hold(_clinic).Context;
        _connections.Revoke(FrozenSet.Create(StringComparer.Ordinal, _lab.SerialNumber));
        for (var sweep = 0; sweep < 3; sweep++)
        {
            _connections.CloseBad();
        }

        Assert.All(held, one => Assert.True(one.IsAborted));
        Assert.False(other.IsAborted);
        Assert.Equal(held.Length, _log.Lines.Count);
        Assert.All(_log.Lines, line => Assert.Contains(_lab.SerialNumber + " is revoked", line, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _lab.Dispose();
        _clinic.Dispose();
    }

    private void AssertAllPlacesAreFree(X509Certificate2? shown = null)
    {
        var held = Enumerable.Range(0, OpenConnections.EachMax).Select(_ => new Socket(shown ?? _lab)).ToList();
        var never = new TaskCompletionSource();
        held.ForEach(one => _ = _connections.HoldAsync(one, _ => never.Task));
        Assert.All(held, one => Assert.False(one.IsAborted));
        never.SetResult();
    }

    /// <summary>A connection whose pipeline goes on until the end.</summary>
    private (Socket Context, Task Over) Hold(X509Certificate2 shown)
    {
        var context = new Socket(shown);
        return (context, _connections.HoldAsync(context, _ => _end.Task));
    }

    private static X509Certificate2 Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }

    /// <summary>What Kestrel gives the pipeline of a connection.</summary>
    private sealed class Socket : DefaultConnectionContext, ITlsConnectionFeature, IDecrementConcurrentConnectionCountFeature
    {
        private readonly CancellationTokenSource _closed = new();

        public Socket(X509Certificate2 shown)
        {
            ClientCertificate = shown;
            ConnectionClosed = _closed.Token;
            Features.Set<ITlsConnectionFeature>(this);
            Features.Set<IDecrementConcurrentConnectionCountFeature>(this);
        }

        public X509Certificate2? ClientCertificate { get; set; }

        public bool IsAborted { get; private set; }

        /// <summary>So often its place among all connections was given back.</summary>
        public int Released { get; private set; }

        public void Close() => _closed.Cancel();

        public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);

        public void ReleaseConnection() => Released++;
    }
}
