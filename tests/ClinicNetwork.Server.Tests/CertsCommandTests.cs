using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Server.Keys;

namespace ClinicNetwork.Server.Tests;

/// <summary>What no certificate of our own making brings about.</summary>
public sealed class CertsCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clinicnetwork-certs-").FullName;

    private string OddFile => Path.Combine(_folder, "odd.pem");

    /// <summary>Renewed without its sites it would be good for the whole network.</summary>
    [Fact]
    public void A_certificate_whose_sites_cannot_be_read_is_not_renewed()
    {
        using var authority = NetworkAuthority.LoadOrCreate(_folder, TimeProvider.System);
        using var odd = authority.IssueClient("odd", [.. CertificateScope.Uris(Roles.Nurse, []), new Uri("urn:clinicnetwork:site:Upper")], TimeSpan.FromDays(1));
        var identity = authority.IdentityOf(odd);
        SecretFile.Write(OddFile, identity, replace: false);
        var refused = Assert.Throws<SettingsException>(() => CertsCommand.Run(["renew", "--keys", _folder, "--file", OddFile], TimeProvider.System));
        Assert.Contains("sites", refused.Message, StringComparison.Ordinal);
        Assert.Equal(identity, File.ReadAllText(OddFile));
    }

    [Fact]
    public void A_name_with_a_good_certificate_is_issued_again_when_that_is_asked_for_or_it_is_revoked_or_over()
    {
        var time = new SetTime { Now = TimeProvider.System.GetUtcNow() };
        NetworkAuthority.LoadOrCreate(_folder, time).Dispose();
        Issue("one.pem");
        Assert.Contains("nurse-1 has a certificate", Assert.Throws<SettingsException>(() => Issue("two.pem")).Message, StringComparison.Ordinal);
        Issue("two.pem", "--again", "yes");
        foreach (var fields in CertificateRegister.ReadIssued(_folder))
        {
            Assert.Throws<SettingsException>(() => Issue("three.pem"));
            CertificateRegister.Revoked(_folder, fields[0], time);
        }

        Issue("three.pem");
        time.Now += TimeSpan.FromDays(2);
        Issue("four.pem");

        void Issue(string file, params string[] more) => CertsCommand.Run(
            ["issue", "--keys", _folder, "--name", "nurse-1", "--role", "nurse", "--days", "1", "--out", Path.Combine(_folder, file), .. more], time);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
