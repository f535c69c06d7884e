using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClinicNetwork.Server;

/// <summary>
/// Connections by the client certificates that they were opened with. Those of one that is revoked, or whose time is over, are closed at each
/// <see cref="CloseBad"/>, with every call and stream on them, and new ones at once.
/// </summary>
internal sealed class OpenConnections(TimeProvider time, ILogger<OpenConnections> log)
{
    private readonly ConcurrentDictionary<ConnectionContext, Shown> _open = new();
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
        foreach (var (connection, shown) in _open)
        {
            CloseIfBad(connection, shown);
        }
    }

    internal async Task HoldAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var certificate = connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate;
        var shown = new Shown(certificate?.SerialNumber ?? "", certificate?.NotAfter.ToUniversalTime() ?? DateTime.MaxValue);
        _open[connection] = shown;
        try
        {
            // Looked at after it was entered, so that a revocation at this moment finds it here or there.
            if (!CloseIfBad(connection, shown))
            {
                await next(connection);
            }
        }
        finally
        {
            _open.TryRemove(connection, out _);
        }
    }

    private bool CloseIfBad(ConnectionContext connection, Shown shown)
    {
        var why = _revoked.Contains(shown.Serial) ? "is revoked" : time.GetUtcNow().UtcDateTime > shown.End ? "has ended" : null;
        if (why is null)
        {
            return false;
        }

        log.LogInformation("A connection is closed: its certificate {Serial} {Why}", shown.Serial, why);
        connection.Abort(new ConnectionAbortedException($"The certificate {why}."));
        return true;
    }

    /// <param name="End">The last second in which it is good, UTC (RFC 5280, section 4.1.2.5).</param>
    private readonly record struct Shown(string Serial, DateTime End);
}
