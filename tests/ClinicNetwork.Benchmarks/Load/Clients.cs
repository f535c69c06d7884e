using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.Client;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClinicNetwork.Benchmarks.Load;

/// <summary>One client for each caller, over as many connections that no more than <see cref="Clients.CallersPerConnection"/> share one.</summary>
internal sealed class Clients<T> : IDisposable
{
    private readonly GrpcChannel[] _channels;
    private readonly T[] _clients;

    public Clients(Door door, int callers, Func<CallInvoker, T> make)
    {
        var connections = (callers + Clients.CallersPerConnection - 1) / Clients.CallersPerConnection;
        _channels = [.. Enumerable.Range(0, connections).Select(_ => Clients.Open(door))];
        _clients = [.. Enumerable.Range(0, callers).Select(caller => make(_channels[caller % connections].CreateCallInvoker()))];
    }

    public T this[int caller] => _clients[caller];

    public void Dispose()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }
    }
}

internal static class Clients
{
    /// <summary>Kestrel takes 100 streams on a connection; fewer callers each spread the load over its threads.</summary>
    public const int CallersPerConnection = 32;

    public static GrpcChannel Open(Door door) => GrpcChannel.ForAddress(door.Address, new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10), UseProxy = false, SslOptions = TlsOf(door.Identity) },
        DisposeHttpClient = true,
        MaxReceiveMessageSize = null,
    });

    private static SslClientAuthenticationOptions TlsOf(ClientIdentity identity)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(identity.Authority);
        return new() { ClientCertificates = [identity.Certificate], CertificateChainPolicy = policy };
    }
}
