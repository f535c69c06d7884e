using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Server.Keys;

/// <summary>
/// The network's certificate authority, ECDSA P-256: who holds a certificate of it may connect. One file in the key folder holds its certificate
/// and its private key; made at the first start (SQLite) or by <c>migrate</c>.
/// </summary>
internal sealed class NetworkAuthority : IDisposable
{
    public const string FileName = "authority.pem";

    /// <summary>id-kp-serverAuth, RFC 5280 section 4.2.1.12.</summary>
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>id-kp-clientAuth, RFC 5280 section 4.2.1.12.</summary>
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private const int SerialBytes = 16;

    private static readonly TimeSpan Life = TimeSpan.FromDays(3_650);

    /// <summary>A peer's clock may be behind by as much.</summary>
    private static readonly TimeSpan BackDated = TimeSpan.FromHours(1);

    private readonly X509Certificate2 _signing;
    private readonly TimeProvider _time;

    private NetworkAuthority(X509Certificate2 signing, TimeProvider time)
    {
        (_signing, _time) = (signing, time);
        Certificate = X509CertificateLoader.LoadCertificate(signing.RawData);
    }

    /// <summary>Without the private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <exception cref="StoreRefusedException">The file is missing, is no key with its certificate, issues nothing, or its time is over.</exception>
    public static NetworkAuthority Load(string folder, TimeProvider time)
    {
        var path = Path.Combine(folder, FileName);
        var signing = SecretFile.Read(path, text => X509Certificate2.CreateFromPem(text, text));
        var end = signing.NotAfter.ToUniversalTime();
        var authority = new NetworkAuthority(signing, time);
        if (end > time.GetUtcNow().UtcDateTime)
        {
            return authority.Works() ? authority : throw new StoreRefusedException($"The network's authority in {path} is spoilt: it issues nothing; restore it from its backup.");
        }

        authority.Dispose();
        throw new StoreRefusedException($"The network's authority in {path} ended on {end:yyyy-MM-dd}; move the file away, and every client gets a new certificate.");
    }

    public static NetworkAuthority LoadOrCreate(string folder, TimeProvider time)
    {
        SecretFile.CreateMissing(Path.Combine(folder, FileName), () =>
        {
            // Before the authority is there, so that there is none without it.
            CertificateRegister.BeginRevocations(folder);
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest(Named("ClinicNetwork authority"), key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
            var now = time.GetUtcNow();
            using var certificate = request.CreateSelfSigned(now - BackDated, now + Life);
            return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
        });
        return Load(folder, time);
    }

    /// <summary>A certificate with a new private key, for a server.</summary>
    /// <param name="names">DNS names and IP addresses at which clients reach it.</param>
    public X509Certificate2 IssueServer(IEnumerable<string> names, TimeSpan life)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        return Issue("gateway", ServerAuthentication, life, alternatives.Build());
    }

    /// <summary>A certificate with a new private key, for a client.</summary>
    /// <param name="name">What the journal calls it.</param>
    /// <param name="scope">Its roles and sites, <see cref="CertificateScope.Uris"/>; at least one.</param>
    public X509Certificate2 IssueClient(string name, IEnumerable<Uri> scope, TimeSpan life)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var uri in scope)
        {
            alternatives.AddUri(uri);
        }

        return Issue(name, ClientAuthentication, life, alternatives.Build());
    }

    /// <summary>All that its holder needs to connect, as PEM: the certificate, its private key, this authority's certificate.</summary>
    public string IdentityOf(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n{Certificate.ExportCertificatePem()}\n";
    }

    /// <summary>How a peer's certificate is looked at: a chain of this authority alone, nothing fetched.</summary>
    /// <param name="purpose">What the certificate has to be good for, <see cref="ClientAuthentication"/> say.</param>
    public X509ChainPolicy PolicyFor(string purpose)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.Add(Certificate);
        policy.ApplicationPolicy.Add(new(purpose));
        return policy;
    }

    /// <summary>Whether this authority signed it for a client; also one whose time is over.</summary>
    public bool HasSigned(X509Certificate2 certificate)
    {
        var policy = PolicyFor(ClientAuthentication);
        policy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        using var chain = new X509Chain { ChainPolicy = policy };
        return chain.Build(certificate);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _signing.Dispose();
    }

    /// <summary>Tried, since a certificate whose extensions are spoilt loads like any other.</summary>
    private bool Works()
    {
        try
        {
            using var tried = IssueClient("tried", [new("urn:clinicnetwork:tried")], TimeSpan.FromHours(1));
            return HasSigned(tried);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private X509Certificate2 Issue(string name, string purpose, TimeSpan life, X509Extension names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Named(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(new OidCollection { new(purpose) }, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(names);
        var now = _time.GetUtcNow();
        DateTimeOffset end = _signing.NotAfter.ToUniversalTime();
        using var bare = request.Create(_signing, now - BackDated, now + life < end ? now + life : end, Serial());
        return bare.CopyWithPrivateKey(key);
    }

    private static X500DistinguishedName Named(string name)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(name);
        return builder.Build();
    }

    /// <summary>Positive (RFC 5280, section 4.1.2.2) and not to be foreseen.</summary>
    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return serial;
    }
}
