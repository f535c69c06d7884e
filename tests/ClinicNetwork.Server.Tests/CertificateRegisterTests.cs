using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Server.Keys;

namespace ClinicNetwork.Server.Tests;

/// <summary>The lists beside the authority lose no line, whoever writes at the same time, and half a line is not read.</summary>
public sealed class CertificateRegisterTests : IDisposable
{
    private const int Writers = 8;
    private const int Each = 25;

    private readonly string _folder = Directory.CreateTempSubdirectory("clinicnetwork-certs-").FullName;

    [Fact]
    public async Task Lines_of_all_writers_are_there_under_one_heading()
    {
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                CertificateRegister.Revoked(_folder, $"{writer:X2}{i:X2}", TimeProvider.System);
            }
        })));
        Assert.Equal(Writers * Each, CertificateRegister.ReadRevoked(_folder).Count);
        Assert.Equal("serial,revoked_at", File.ReadLines(Path.Combine(_folder, CertificateRegister.RevokedFile)).First());
        Assert.Equal(1 + (Writers * Each), File.ReadLines(Path.Combine(_folder, CertificateRegister.RevokedFile)).Count());
    }

    [Fact]
    public void Half_a_line_is_left_for_the_next_time()
    {
        CertificateRegister.Revoked(_folder, "AA", TimeProvider.System);
        File.AppendAllText(Path.Combine(_folder, CertificateRegister.RevokedFile), "bb");
        Assert.Equal(["AA"], CertificateRegister.ReadRevoked(_folder));
        File.AppendAllText(Path.Combine(_folder, CertificateRegister.RevokedFile), "cc,2026-01-01T00:00:00Z\n");
        Assert.Equal(["AA", "BBCC"], CertificateRegister.ReadRevoked(_folder).Order());
    }

    [Fact]
    public void What_is_issued_is_entered()
    {
        using var authority = NetworkAuthority.LoadOrCreate(_folder, TimeProvider.System);
        using var certificate = authority.IssueClient("nurse-1", CertificateScope.Uris(Roles.Nurse, []), TimeSpan.FromDays(1));
        CertificateRegister.Issued(_folder, certificate, "nurse-1", "nurse", "", TimeProvider.System);
        Assert.Equal([certificate.SerialNumber, "nurse-1", "nurse", ""], Assert.Single(CertificateRegister.ReadIssued(_folder))[..4]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
