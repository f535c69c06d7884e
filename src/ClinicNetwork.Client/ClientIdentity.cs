using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClinicNetwork.Client;

/// <summary>
/// Who a client is towards a network: its certificate with private key, and the authority that the network's servers are known by. One PEM file
/// holds the three, such as the <c>admin.pem</c> that a server makes at its first start. A file that is replaced (a certificate that was renewed) is
/// read again for the next calls; one that cannot be used then leaves the last certificate in place.
/// </summary>
public sealed class ClientIdentity : IDisposable
{
    /// <summary>Largest file that is read, bytes; a real one has some 2 KiB.</summary>
    private const int BytesMax = 64 * 1024;

    /// <summary>The file is looked at no more often than this, ms.</summary>
    private const long LookMs = 1_000;

    private const string PatientPrefix = "urn:clinicnetwork:patient:";

    /// <summary>uniformResourceIdentifier of GeneralName.</summary>
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    private readonly string path;
    private readonly X509ChainPolicy servers;
    private readonly Lock reading = new();
    private X509Certificate2 certificate;
    private DateTime written;
    private long lookedMs;

    private ClientIdentity(string path, DateTime written, X509Certificate2 certificate, X509Certificate2 authority)
    {
        (this.path, this.written, this.certificate, Authority) = (path, written, certificate, authority);
        lookedMs = Environment.TickCount64;
        servers = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // A gateway's certificate lives for days and in its memory alone; there is no list to ask for.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        servers.CustomTrustStore.Add(authority);
    }

    /// <summary>What connections show from now on.</summary>
    public X509Certificate2 Certificate
    {
        get
        {
            lock (reading)
            {
                if (Environment.TickCount64 - lookedMs >= LookMs)
                    Look();
                return certificate;
            }
        }
    }

    /// <summary><c>patients/{patient}</c> that the certificate is for, as an alternative name (RFC 5280, section 4.2.1.6); null: it names none.</summary>
    public string? Patient => Certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(UrisOf)
        .Where(uri => uri.StartsWith(PatientPrefix, StringComparison.Ordinal)).Select(uri => "patients/" + uri[PatientPrefix.Length..]).FirstOrDefault();

    /// <summary>The one authority whose servers are trusted, as it was at the beginning.</summary>
    public X509Certificate2 Authority { get; }

    /// <exception cref="ClientIdentityException">The file is missing, cannot be read, is not what it should be, or its time is over; the message is one line.</exception>
    public static ClientIdentity Load(string path)
    {
        var written = File.GetLastWriteTimeUtc(path);
        var (certificate, authority) = Read(path);
        return new(path, written, certificate, authority);
    }

    public void Dispose()
    {
        certificate.Dispose();
        Authority.Dispose();
    }

    /// <summary>TLS 1.2 or 1.3, whoever asks.</summary>
    /// <param name="shown">The identity's certificate of now, or of before.</param>
    internal static SslClientAuthenticationOptions TlsOf(ClientIdentity? identity, X509Certificate2? shown) => new()
    {
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        LocalCertificateSelectionCallback = shown is null ? null : (_, _, _, _, _) => shown,
        CertificateChainPolicy = identity?.servers.Clone(),
    };

    private static IEnumerable<string> UrisOf(X509SubjectAlternativeNameExtension extension)
    {
        var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData)
        {
            if (names.PeekTag().HasSameClassAndValue(UriTag))
                yield return names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag);
            else
                names.ReadEncodedValue();
        }
    }

    /// <summary>The certificate of before is left to the collector: a handshake may be using it.</summary>
    private void Look()
    {
        lookedMs = Environment.TickCount64;
        var now = File.GetLastWriteTimeUtc(path);
        if (now == written)
            return;
        try
        {
            (certificate, var authority) = Read(path);
            authority.Dispose();
            written = now;
        }
        catch (ClientIdentityException)
        {
            // Being replaced, or spoilt: looked at again.
        }
    }

    private static (X509Certificate2 Certificate, X509Certificate2 Authority) Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > BytesMax)
                throw new ClientIdentityException($"{path} is no identity: it is too large");
            var text = File.ReadAllText(path);
            var all = new X509Certificate2Collection();
            all.ImportFromPem(text);
            var authority = all.FirstOrDefault(one => one.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority));
            if (authority is null)
                throw new ClientIdentityException($"{path} holds no authority; it needs a certificate, its private key and the authority's certificate, as PEM");
            var certificate = WithKey(text);
            // A server would refuse it without a word.
            if (certificate.NotAfter.ToUniversalTime() <= DateTime.UtcNow)
                throw new ClientIdentityException($"{path} ended on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}; ask for a new one");
            return (certificate, authority);
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
