using System.Globalization;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.Journal;
using Orleans.Connections.Security;

namespace ClinicNetwork.Server;

/// <summary>
/// TLS 1.3 between silos, and between gateways and silos. All members of a network hold its master key; the one key pair derived from it proves on both ends
/// that the other is a member, so no authority is asked, nothing ends, and nobody's certificate of the gateway's port opens this one.
/// </summary>
internal static class MemberTls
{
    /// <summary>Purpose of <see cref="IStore.DeriveSecret"/>; a number behind it.</summary>
    private const string Purpose = "members/";

    /// <summary>Nobody looks it up: who answers is told by its key. A name is sent because TLS wants one.</summary>
    private const string Name = "clinicnetwork-member";

    /// <summary>A peer that connects and says nothing is let go.</summary>
    private static readonly TimeSpan HandshakeMax = TimeSpan.FromSeconds(10);

    /// <summary>For silos as for their clients.</summary>
    /// <param name="deriveSecret">Purpose to 32 bytes, the same in all processes of a network.</param>
    public static Action<TlsOptions> Of(Func<string, byte[]> deriveSecret)
    {
        var certificate = Certificate(deriveSecret);
        var member = certificate.PublicKey.ExportSubjectPublicKeyInfo();
        return options =>
        {
            options.LocalCertificate = certificate;
            (options.RemoteCertificateMode, options.ClientCertificateMode) = (RemoteCertificateMode.RequireCertificate, RemoteCertificateMode.RequireCertificate);
            options.RemoteCertificateValidation = (shown, _, _) => shown.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(member);
            options.SslProtocols = SslProtocols.Tls13;
            options.HandshakeTimeout = HandshakeMax;
            options.OnAuthenticateAsClient = (_, tls) => tls.TargetHost = Name;
        };
    }

    /// <summary>Its key is what counts; name and times are only there because a certificate has them.</summary>
    internal static X509Certificate2 Certificate(Func<string, byte[]> deriveSecret)
    {
        using var key = Key(deriveSecret);
        var request = new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new(9999, 12, 31, 0, 0, 0, TimeSpan.Zero));
    }

    /// <summary>The first derived number that is a private key of P-256; all but one in 2^32 are (SP 800-186, section 3.2.1.3).</summary>
    private static ECDsa Key(Func<string, byte[]> deriveSecret)
    {
        for (var n = 1; ; n++)
        {
            try
            {
                return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = deriveSecret(Purpose + n.ToString(CultureInfo.InvariantCulture)) });
            }
            catch (CryptographicException) when (n < 3)
            {
            }
        }
    }
}
