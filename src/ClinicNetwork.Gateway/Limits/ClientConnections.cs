using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Gateway.Limits;

/// <summary>
/// Connections that one client has open at this gateway: those beyond its share are closed before anything is read from them, so that it cannot take the
/// places of others. A client is its name, as for its rate.
/// </summary>
public sealed class ClientConnections(TimeProvider time, ILogger<ClientConnections> log)
{
    /// <summary>Of one client; each carries 100 calls.</summary>
    public const int EachMax = 256;

    /// <summary>One line in this time, however many are closed.</summary>
    private static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);
    private long? _told;

    /// <summary>Comes after TLS.</summary>
    public static void Use(ListenOptions listen)
    {
        var connections = listen.ApplicationServices.GetRequiredService<ClientConnections>();
        listen.Use(next => async connection =>
        {
            var certificate = connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate;
            var name = certificate?.GetNameInfo(X509NameType.SimpleName, forIssuer: false) ?? "";
            if (!connections.TryEnter(name))
            {
                connections.Tell(certificate?.SerialNumber ?? "");
                connection.Abort(new ConnectionAbortedException("The client has too many connections."));
                return;
            }

            try
            {
                await next(connection);
            }
            finally
            {
                connections.Leave(name);
            }
        });
    }

    /// <summary>False: the client has its share.</summary>
    internal bool TryEnter(string name)
    {
        lock (_gate)
        {
            var open = _open.GetValueOrDefault(name);
            if (open >= EachMax)
            {
                return false;
            }

            _open[name] = open + 1;
            return true;
        }
    }

    internal void Leave(string name)
    {
        lock (_gate)
        {
            if (--_open[name] == 0)
            {
                _open.Remove(name);
            }
        }
    }

    /// <summary>By the serial number: a name may be a person's.</summary>
    private void Tell(string serial)
    {
        lock (_gate)
        {
            if (_told is { } told && time.GetElapsedTime(told) < TellEvery)
            {
                return;
            }

            _told = time.GetTimestamp();
        }

        log.LogWarning("The client with certificate {Serial} has {EachMax} connections open here; further ones are closed", serial, EachMax);
    }
}
