using System.Collections.Frozen;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Gateway.Limits;

/// <summary>
/// Connections by the client certificates that they were opened with. A client, which is its name as for its rate, has its share: those beyond it are closed before anything
/// is read from them, so that it cannot take the places of others. Those of a certificate that is revoked, or whose time is over, are closed at each
/// <see cref="CloseBad"/>, with every call and stream on them, and new ones at once.
/// </summary>
/// <remarks>
/// A connection is open as long as its socket is. When calls are reset faster than Kestrel can write them off, it closes the connection and can wait for their end for ever: its
/// pipeline never ends, and nothing that is given back at the end of it would be.
/// </remarks>
public sealed class OpenConnections(TimeProvider time, ILogger<OpenConnections> log)
{
    /// <summary>Of one client; each carries 100 calls.</summary>
    public const int EachMax = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<Connection>> _clients = new(StringComparer.Ordinal);
    private readonly MinuteLine _crowded = new(time);
    private volatile FrozenSet<string> _revoked = FrozenSet<string>.Empty;

    /// <summary>Comes after TLS.</summary>
    public void Use(ListenOptions listen) => listen.Use(next => connection => HoldAsync(connection, next));

    /// <summary>From now on these are revoked, beside those that were: nobody takes a revocation back. For one thread at a time.</summary>
    /// <param name="serials">Serial numbers, in capitals.</param>
    /// <returns>How many that were revoked before are not among these.</returns>
    public int Revoke(FrozenSet<string> serials)
    {
        var known = _revoked;
        var missing = known.Count(serial => !serials.Contains(serial));
        if (serials.Count + missing > known.Count)
        {
            _revoked = missing == 0 ? serials : serials.Union(known).ToFrozenSet(StringComparer.Ordinal);
        }

        return missing;
    }

    public void CloseBad()
    {
        List<Connection> open;
        lock (_gate)
        {
            open = [.. _clients.Values.SelectMany(connections => connections)];
        }

        open.ForEach(connection => CloseIfBad(connection));
    }

    internal async Task HoldAsync(ConnectionContext context, ConnectionDelegate next)
    {
        var connection = new Connection(context);
        if (!TryEnter(connection))
        {
            // By the serial number: a name may be a person's.
            if (_crowded.Times() is not null)
            {
                log.LogWarning("The client with certificate {Serial} has {EachMax} connections open here; further ones are closed", connection.Serial, EachMax);
            }

            context.Abort(new ConnectionAbortedException("The client has too many connections."));
            return;
        }

        var counted = context.Features.Get<IDecrementConcurrentConnectionCountFeature>();
        using var closed = context.ConnectionClosed.UnsafeRegister(
            _ =>
            {
                Leave(connection);
                counted?.ReleaseConnection();
            },
            null);
        try
        {
            // Looked at after it was entered, so that a revocation at this moment finds it here or there.
            if (!CloseIfBad(connection))
            {
                await next(context);
            }
        }
        finally
        {
            Leave(connection);
        }
    }

    /// <summary>False: the client has its share.</summary>
    private bool TryEnter(Connection connection)
    {
        lock (_gate)
        {
            if (!_clients.TryGetValue(connection.Client, out var open))
            {
                _clients.Add(connection.Client, open = []);
            }

            return open.Count < EachMax && open.Add(connection);
        }
    }

    private void Leave(Connection connection)
    {
        lock (_gate)
        {
            if (_clients.TryGetValue(connection.Client, out var open) && open.Remove(connection) && open.Count == 0)
            {
                _clients.Remove(connection.Client);
            }
        }
    }

    private bool CloseIfBad(Connection connection)
    {
        var why = _revoked.Contains(connection.Serial) ? "is revoked" : time.GetUtcNow().UtcDateTime > connection.End ? "has ended" : null;
        if (why is null)
        {
            return false;
        }

        if (connection.Close($"The certificate {why}."))
        {
            log.LogInformation("A connection is closed: its certificate {Serial} {Why}", connection.Serial, why);
        }

        return true;
    }

    private sealed class Connection
    {
        private readonly ConnectionContext _context;
        private bool _closed;

        public Connection(ConnectionContext context)
        {
            var certificate = context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate;
            _context = context;
            Client = certificate?.GetNameInfo(X509NameType.SimpleName, forIssuer: false) ?? "";
            Serial = certificate?.SerialNumber ?? "";
            End = certificate?.NotAfter.ToUniversalTime() ?? DateTime.MaxValue;
        }

        public string Client { get; }

        public string Serial { get; }

        /// <summary>The last second in which the certificate is good, UTC (RFC 5280, section 4.1.2.5).</summary>
        public DateTime End { get; }

        /// <returns>False: it was closed before.</returns>
        public bool Close(string why)
        {
            if (Interlocked.Exchange(ref _closed, true))
            {
                return false;
            }

            _context.Abort(new ConnectionAbortedException(why));
            return true;
        }
    }
}
