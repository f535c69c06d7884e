using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClinicNetwork.Client;

/// <summary>
/// Who a client is towards a network: its certificate with private key, and the authority that the network's servers are known by. One PEM file
/// holds the three, such as the <c>admin.pem</c> that a server makes at its first start.
/// </summary>
public sealed class ClientIdentity : IDisposable
{
    /// <summary>Largest file that is read, bytes; a real one has some 2 KiB.</summary>
    private const int BytesMax = 64 * 1024;

    private readonly SslStreamCertificateContext context;
    private readonly X509ChainPolicy servers;

    private ClientIdentity(X509Certificate2 certificate, X509Certificate2 authority)
    {
        (Certificate, Authority) = (certificate, authority);
        context = SslStreamCertificateContext.Create(certificate, [authority], offline: true);
        servers = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // The network's certificates are short-lived; there is no list to ask for.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        servers.CustomTrustStore.Add(authority);
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>The one authority whose servers are trusted.</summary>
    public X509Certificate2 Authority { get; }

    /// <exception cref="ClientIdentityException">The file is missing, cannot be read, is not what it should be, or its time is over; the message is one line.</exception>
    public static ClientIdentity Load(string path)
    {
        try
        {
            if (new FileInfo(path).Length > BytesMax)
                throw new ClientIdentityException($"{path} is no identity: it is too large");
            var text = File.ReadAllText(path);
            var all = new X509Certificate2Collection();
            all.ImportFromPem(text);
            var authority = all.FirstOrDefault(certificate => certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority));
            if (authority is null)
                throw new ClientIdentityException($"{path} holds no authority; it needs a certificate, its private key and the authority's certificate, as PEM");
            var certificate = WithKey(text);
            // A server would refuse it without a word.
            if (certificate.NotAfter.ToUniversalTime() <= DateTime.UtcNow)
                throw new ClientIdentityException($"{path} ended on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}; ask for a new one");
            return new(certificate, authority);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ClientIdentityException($"{path} cannot be read: {error.Message}", error);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or NotSupportedException)
        {
            throw new ClientIdentityException($"{path} is no identity; it needs a certificate, its private key and the authority's certificate, as PEM", error);
        }
    }

    public void Dispose()
    {
        Certificate.Dispose();
        Authority.Dispose();
    }

    /// <summary>TLS 1.2 or 1.3, whoever asks.</summary>
    internal static SslClientAuthenticationOptions TlsOf(ClientIdentity? identity) => new()
    {
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ClientCertificateContext = identity?.context,
        CertificateChainPolicy = identity?.servers.Clone(),
    };

    private static X509Certificate2 WithKey(string text)
    {
        var certificate = X509Certificate2.CreateFromPem(text, text);
        if (!OperatingSystem.IsWindows())
            return certificate;
        // Windows shows no certificate whose key is in memory alone.
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}

/// <summary>An identity cannot be used; one line, without anything of what the file holds.</summary>
public sealed class ClientIdentityException(string message, Exception? cause = null) : Exception(message, cause);
