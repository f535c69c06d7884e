using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Orleans.Connections.Security;

namespace ClinicNetwork.Server.Tests;

/// <summary>Who holds the network's master key is a member; nobody else is, whatever its certificate says.</summary>
public sealed class MemberTlsTests
{
    [Fact]
    public void Processes_of_one_network_take_each_other_for_members_though_each_made_its_certificate()
    {
        var (one, other) = (Options(Network), Options(Network));
        Assert.NotEqual(one.LocalCertificate!.Thumbprint, other.LocalCertificate!.Thumbprint);
        Assert.True(Takes(one, other.LocalCertificate));
        Assert.True(Takes(other, one.LocalCertificate));
        Assert.Equal((SslProtocols.Tls13, RemoteCertificateMode.RequireCertificate), (one.SslProtocols, one.RemoteCertificateMode));
    }

    [Fact]
    public void A_member_of_another_network_and_a_look_alike_are_refused()
    {
        var options = Options(Network);
        Assert.False(Takes(options, Options(purpose => Derived("another network/" + purpose)).LocalCertificate!));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var lookAlike = new CertificateRequest(options.LocalCertificate!.SubjectName, key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(options.LocalCertificate.NotBefore, options.LocalCertificate.NotAfter);
        Assert.False(Takes(options, lookAlike));
    }

    /// <summary>P-256 has one number in 2^32 that is too large; the next derived one serves then.</summary>
    [Fact]
    public void A_number_that_is_no_key_is_passed_over()
    {
        byte[] tooLarge = [.. Enumerable.Repeat((byte)0xFF, 32)];
        var options = Options(purpose => purpose.EndsWith("/1", StringComparison.Ordinal) ? tooLarge : Network(purpose));
        Assert.True(options.LocalCertificate!.HasPrivateKey);
        Assert.False(Takes(options, Options(Network).LocalCertificate!));
    }

    private static TlsOptions Options(Func<string, byte[]> deriveSecret)
    {
        var options = new TlsOptions();
        MemberTls.Of(deriveSecret)(options);
        return options;
    }

    private static bool Takes(TlsOptions options, X509Certificate2 shown) => options.RemoteCertificateValidation!(shown, null!, default);

    private static byte[] Network(string purpose) => Derived("this network/" + purpose);

    private static byte[] Derived(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
