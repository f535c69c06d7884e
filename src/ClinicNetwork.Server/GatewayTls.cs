using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.Server.Keys;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ClinicNetwork.Server;

/// <summary>
/// TLS of the gateway's port. Whoever connects shows a certificate of the network's authority. The server's own certificate is kept in memory
/// alone: made at the start, and anew for the next connections when it has lived two thirds of its life; open connections stay.
/// </summary>
internal sealed class GatewayTls(NetworkAuthority authority, IReadOnlyCollection<string> names, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);

    /// <summary>A peer that connects and says nothing is let go.</summary>
    private static readonly TimeSpan HandshakeMax = TimeSpan.FromSeconds(10);

    private readonly X509ChainPolicy _clients = authority.PolicyFor(NetworkAuthority.ClientAuthentication);
    private readonly Lock _renewing = new();
    private Own? _own;

    public void Use(ListenOptions listen) => listen.UseHttps(new TlsHandshakeCallbackOptions
    {
        HandshakeTimeout = HandshakeMax,
        OnConnection = _ => ValueTask.FromResult(ForConnection()),
    });

    /// <summary>What the next connection is met with.</summary>
    internal SslServerAuthenticationOptions ForConnection() => new()
    {
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ServerCertificateContext = OwnNow(),
        ClientCertificateRequired = true,
        CertificateChainPolicy = _clients.Clone(),
    };

    private SslStreamCertificateContext OwnNow()
    {
        var now = time.GetUtcNow();
        if (_own is { } own && now < own.RenewAt)
        {
            return own.Context;
        }

        lock (_renewing)
        {
            if (_own is null || now >= _own.RenewAt)
            {
                _own = new(SslStreamCertificateContext.Create(authority.IssueServer(names, Life), [authority.Certificate], offline: true), now + Life * 2 / 3);
            }

            return _own.Context;
        }
    }

    private sealed record Own(SslStreamCertificateContext Context, DateTimeOffset RenewAt);
}
