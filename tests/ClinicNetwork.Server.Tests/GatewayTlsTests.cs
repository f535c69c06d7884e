using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Server.Keys;

namespace ClinicNetwork.Server.Tests;

/// <summary>The gateway's own certificate is replaced long before it ends.</summary>
public sealed class GatewayTlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clinicnetwork-tls-").FullName;

    [Fact]
    public void It_is_made_anew_after_two_thirds_of_its_life_and_not_before()
    {
        var time = new SetTime { Now = TimeProvider.System.GetUtcNow() };
        using var authority = NetworkAuthority.LoadOrCreate(_folder, time);
        var tls = new GatewayTls(authority, ["localhost", "192.0.2.7"], time);
        var first = Shown(tls);
        Assert.InRange(first.NotAfter.ToUniversalTime() - time.Now.UtcDateTime, TimeSpan.FromDays(30) - TimeSpan.FromSeconds(2), TimeSpan.FromDays(30));

        time.Now += TimeSpan.FromDays(20) - TimeSpan.FromSeconds(1);
        Assert.Same(first, Shown(tls));

        time.Now += TimeSpan.FromSeconds(1);
        var second = Shown(tls);
        Assert.NotEqual(first.Thumbprint, second.Thumbprint);
        Assert.Same(second, Shown(tls));
        Assert.True(second.MatchesHostname("localhost"));
        Assert.True(second.MatchesHostname("192.0.2.7"));
        Assert.False(second.MatchesHostname("elsewhere.example"));
    }

    [Fact]
    public void An_authority_whose_time_is_over_is_refused_and_its_last_certificate_ends_with_it()
    {
        var time = new SetTime { Now = TimeProvider.System.GetUtcNow() };
        DateTime end;
        using (var authority = NetworkAuthority.LoadOrCreate(_folder, time))
        {
            end = authority.Certificate.NotAfter.ToUniversalTime();
            time.Now = end.AddDays(-1);
            using var last = authority.IssueClient("admin", CertificateScope.Uris(Roles.Operator, []), TimeSpan.FromDays(365));
            Assert.Equal(end, last.NotAfter.ToUniversalTime());
        }

        time.Now = end;
        var refused = Assert.Throws<Journal.StoreRefusedException>(() => NetworkAuthority.Load(_folder, time));
        Assert.Contains("authority.pem", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static X509Certificate2 Shown(GatewayTls tls) => tls.ForConnection().ServerCertificateContext!.TargetCertificate;
}
