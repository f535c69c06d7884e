using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.Client.Tests.Fakes;

namespace ClinicNetwork.Client.Tests;

/// <summary>What is no identity is told in one line that repeats nothing of the file.</summary>
public sealed class ClientIdentityTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 authority;
    private readonly X509Certificate2 certificate;

    public ClientIdentityTests()
    {
        var now = TimeProvider.System.GetUtcNow();
        var root = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        authority = root.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        certificate = new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256).Create(authority, now.AddMinutes(-1), now.AddMinutes(1), [1]);
    }

    private string Key => key.ExportPkcs8PrivateKeyPem();

    [Fact]
    public void Certificate_key_and_authority_are_found_in_any_order()
    {
        foreach (var text in (string[])[$"{certificate.ExportCertificatePem()}\n{Key}\n{authority.ExportCertificatePem()}", $"{Key}\n{certificate.ExportCertificatePem()}\n{authority.ExportCertificatePem()}\n"])
        {
            using var identity = ClientIdentity.Load(File(text));
            Assert.Equal((certificate.Thumbprint, authority.Thumbprint), (identity.Certificate.Thumbprint, identity.Authority.Thumbprint));
            Assert.True(identity.Certificate.HasPrivateKey);
        }
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("no PEM")]
    [InlineData("no key")]
    [InlineData("another key")]
    [InlineData("no authority")]
    [InlineData("cut")]
    [InlineData("expired")]
    [InlineData("too large")]
    public void What_is_none_is_refused_in_one_line(string kind)
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (own, root) = (certificate.ExportCertificatePem(), authority.ExportCertificatePem());
        var path = kind switch
        {
            "missing" => Path.Combine(folder.Path, "nowhere.pem"),
            "empty" => File(""),
            "no PEM" => File("hush-hush"),
            "no key" => File($"{own}\n{root}"),
            "another key" => File($"{own}\n{other.ExportPkcs8PrivateKeyPem()}\n{root}"),
            "no authority" => File($"{own}\n{Key}"),
            "cut" => File($"{own}\n{Key}\n{root}"[..(own.Length + 60)]),
            "expired" => File($"{Expired()}\n{Key}\n{root}"),
            _ => File($"{own}\n{Key}\n{root}" + new string('\n', 64 * 1024)),
        };
        var refused = Assert.Throws<ClientIdentityException>(() => ClientIdentity.Load(path).Dispose());
        Assert.StartsWith(path, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.DoesNotContain("hush", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_identity_is_not_shown_without_TLS_and_no_other_machine_is_called_without_it()
    {
        using var identity = ClientIdentity.Load(File($"{certificate.ExportCertificatePem()}\n{Key}\n{authority.ExportCertificatePem()}"));
        Assert.Throws<ArgumentException>(() => ClinicNetworkClient.OpenChannel(new Uri("http://127.0.0.1:5070"), new() { Identity = identity }));
        Assert.Throws<ArgumentException>(() => ClinicNetworkClient.OpenChannel(new Uri("http://network.example")));
    }

    public void Dispose()
    {
        certificate.Dispose();
        authority.Dispose();
        key.Dispose();
        folder.Dispose();
    }

    private string Expired()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var over = new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256).Create(authority, now.AddMinutes(-10), now.AddMinutes(-1), [2]);
        return over.ExportCertificatePem();
    }

    private string File(string text)
    {
        var path = Path.Combine(folder.Path, $"{Guid.NewGuid():N}.pem");
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
