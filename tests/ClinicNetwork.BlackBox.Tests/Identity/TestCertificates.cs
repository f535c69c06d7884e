using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.BlackBox.Tests.Hosting;

namespace ClinicNetwork.BlackBox.Tests.Identity;

/// <summary>Client certificates, right and wrong ones, made with the key of a server's authority or of a stranger's.</summary>
internal sealed class TestCertificates : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _authority;
    private readonly List<X509Certificate2> _made = [];

    public TestCertificates(ServerProcess server)
        : this(server.Keys)
    {
    }

    /// <param name="keys">The folder with the authority's key.</param>
    public TestCertificates(string keys)
    {
        var text = File.ReadAllText(Path.Combine(keys, "authority.pem"));
        _authority = X509Certificate2.CreateFromPem(text, text);
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <param name="scope">For example <c>role:nurse</c>, <c>site:harbour</c>; by default an operator of the network.</param>
    public X509Certificate2 Good(params string[] scope) => Issue(_authority, Now.AddMinutes(-10), Now.AddMinutes(10), ClientAuthentication, scope);

    public X509Certificate2 Expired() => Issue(_authority, Now.AddMinutes(-10), Now.AddMinutes(-1));

    public X509Certificate2 NotYetValid() => Issue(_authority, Now.AddMinutes(10), Now.AddMinutes(20));

    public X509Certificate2 ForServersOnly() => Issue(_authority, Now.AddMinutes(-10), Now.AddMinutes(10), ServerAuthentication);

    public X509Certificate2 SelfSigned()
    {
        var (request, key) = Request(ClientAuthentication);
        using (key)
        {
            return Keep(request.CreateSelfSigned(Now.AddMinutes(-10), Now.AddMinutes(10)));
        }
    }

    /// <summary>Of an authority of the same name with another key: another network's.</summary>
    public X509Certificate2 OfALookAlike(params string[] scope)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(_authority.SubjectName, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(_authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single());
        return Issue(Keep(request.CreateSelfSigned(Now.AddHours(-1), Now.AddHours(1))), Now.AddMinutes(-10), Now.AddMinutes(10), ClientAuthentication, scope);
    }

    /// <summary>Signed by a holder of a good certificate, who is no authority.</summary>
    public X509Certificate2 OfAClient() => Issue(Good(), Now.AddMinutes(-9), Now.AddMinutes(9));

    public void Dispose()
    {
        _made.ForEach(certificate => certificate.Dispose());
        _authority.Dispose();
    }

    private X509Certificate2 Issue(X509Certificate2 issuer, DateTimeOffset begin, DateTimeOffset end, string purpose = ClientAuthentication, params string[] scope)
    {
        var (request, key) = Request(purpose, scope);
        using (key)
        using (var signing = issuer.GetECDsaPrivateKey()!)
        {
            using var bare = request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(signing), begin, end, RandomNumberGenerator.GetBytes(8));
            return Keep(bare.CopyWithPrivateKey(key));
        }
    }

    private static (CertificateRequest Request, ECDsa Key) Request(string purpose, params string[] scope)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=tester", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(new OidCollection { new(purpose) }, critical: true));
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in scope.DefaultIfEmpty("role:operator"))
        {
            names.AddUri(new Uri("urn:clinicnetwork:" + name));
        }

        request.CertificateExtensions.Add(names.Build());
        return (request, key);
    }

    private X509Certificate2 Keep(X509Certificate2 certificate)
    {
        _made.Add(certificate);
        return certificate;
    }
}
