using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Journal;
using ClinicNetwork.Server.Keys;
using ClinicNetwork.Tests.Fuzz;
using Xunit.Abstractions;

namespace ClinicNetwork.Server.Tests;

/// <summary>
/// Files beside the authority with anything wrong in them: what cannot be used is refused in one line, what is whole in a register counts, and so does what is appended to it.
/// </summary>
public sealed class RegisterFuzzTests(ITestOutputHelper output) : IDisposable
{
    private const string Serial = "5A0000000000000000000000000000FF";
    private const string Jwks = """{"keys":[{"kty":"EC","crv":"P-384","kid":"k","x":"AAAA","y":"AAAA"}]}""";

    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly FuzzFolder _files = new();

    private string Folder => _files.Path;

    private static string[] Serials => [.. Enumerable.Range(0, 8).Select(i => string.Create(CultureInfo.InvariantCulture, $"4{i:X2}00000000000000000000000000A7"))];

    [Fact]
    public void Of_a_damaged_list_of_revocations_every_whole_line_revokes_and_so_does_the_next_one()
    {
        var valid = "serial,revoked_at\n" + string.Concat(Serials.Select(serial => $"{serial},2026-03-01T10:00:00Z\n"));
        FuzzRun.Of(output, "revoked.csv", random =>
        {
            var damaged = Damage(CertificateRegister.RevokedFile, valid, random);
            var before = CertificateRegister.ReadRevoked(Folder);
            var whole = WholeLines(damaged).Select(line => line.Split(',')[0]).Intersect(Serials).ToList();
            Assert.Empty(whole.Except(before));
            CertificateRegister.Revoked(Folder, Serial, Clock);
            Assert.Empty(before.Append(Serial).Except(CertificateRegister.ReadRevoked(Folder)));
            return whole.Count > 0;
        });
    }

    [Fact]
    public void A_damaged_list_of_what_was_issued_is_read_and_the_next_line_is_in_it()
    {
        var valid = "serial,name,roles,sites,issued_at,ends_at\n" + string.Concat(Serials.Select(serial => $"{serial},nurse-1,nurse+clinician,harbour,2026-03-01T10:00:00Z,2026-06-01T10:00:00Z\n"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=nurse-2", key, HashAlgorithmName.SHA256).CreateSelfSigned(Clock.GetUtcNow(), Clock.GetUtcNow().AddDays(1));
        FuzzRun.Of(output, "issued.csv", random =>
        {
            Damage(CertificateRegister.IssuedFile, valid, random);
            var before = CertificateRegister.ReadIssued(Folder);
            CertificateRegister.Issued(Folder, certificate, "nurse-2", "nurse", "", Clock);
            var lines = CertificateRegister.ReadIssued(Folder);
            Assert.Equal([certificate.SerialNumber, "nurse-2", "nurse", ""], lines[^1][..4]);
            // A torn line may be among them, once it has its end.
            Assert.Equal(before, lines.Take(before.Count));
            return before.Count > 0;
        });
    }

    [Fact]
    public void A_damaged_register_of_machines_is_read_with_no_more_than_it_says_and_the_next_line_counts()
    {
        var valid = string.Concat(Enumerable.Range(0, 6).Select(i => $"pacs-{i},nurse,{(i % 2 == 0 ? "harbour+hill" : "harbour")},{(i == 0 ? "https://keys.example/jwks" : "jwks:e30")},2026-03-01T10:00:00Z\n"));
        var next = new ClientRegistration("pacs-1", Roles.Nurse | Roles.Registry, [], Jwks);
        FuzzRun.Of(output, "clients.csv", random =>
        {
            Damage(ClientRegister.FileName, "id,roles,sites,keys,changed_at\n" + valid, random);
            var before = ClientRegister.Read(Folder);
            Assert.All(before, client => Assert.True(client.Roles != Roles.None && Slug.IsValid(client.Id)));
            Assert.Equal(before.Count, before.Select(client => client.Id).Distinct().Count());
            ClientRegister.Registered(Folder, next, Clock);
            Assert.Equal(next, ClientRegister.Read(Folder).Single(client => client.Id == next.Id));
            ClientRegister.Removed(Folder, next.Id, Clock);
            Assert.DoesNotContain(ClientRegister.Read(Folder), client => client.Id == next.Id);
            return before.Count > 0;
        });
    }

    /// <summary>Whatever is loaded issues certificates that are its own.</summary>
    [Fact]
    public void A_damaged_authority_issues_or_is_refused()
    {
        NetworkAuthority.LoadOrCreate(Folder, Clock).Dispose();
        FuzzKeys(NetworkAuthority.FileName, () =>
        {
            using var authority = NetworkAuthority.Load(Folder, Clock);
            using var certificate = authority.IssueClient("nurse-1", [new("urn:clinicnetwork:role:nurse")], TimeSpan.FromDays(1));
            Assert.True(authority.HasSigned(certificate));
        });
    }

    [Fact]
    public void A_damaged_release_key_signs_or_is_refused()
    {
        ReleaseKeyFile.LoadOrCreate(Folder).Dispose();
        FuzzKeys("release.key", () =>
        {
            using var key = ReleaseKeyFile.Load(Folder);
            key.SignData([1], HashAlgorithmName.SHA256);
        });
    }

    /// <summary>The holder's file, as <c>certs renew</c> reads it.</summary>
    [Fact]
    public void A_damaged_identity_is_renewed_or_refused()
    {
        using var authority = NetworkAuthority.LoadOrCreate(Folder, Clock);
        using var certificate = authority.IssueClient("nurse-1", [new("urn:clinicnetwork:role:nurse"), new("urn:clinicnetwork:site:harbour")], TimeSpan.FromDays(1));
        var (path, valid) = (_files.Sub("nurse-1.pem"), Encoding.UTF8.GetBytes(authority.IdentityOf(certificate)));
        FuzzRun.Of(output, "certificates to renew", random =>
        {
            File.WriteAllBytes(path, Mutant.Bytes(valid, random));
            File.Delete(_files.Sub(CertificateRegister.IssuedFile));
            return IsTaken(() => CertsCommand.Run(["renew", "--keys", Folder, "--file", path, "--days", "1"], Clock));
        });
    }

    [Fact]
    public void A_damaged_set_of_keys_is_registered_or_refused()
    {
        NetworkAuthority.LoadOrCreate(Folder, Clock).Dispose();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var point = key.ExportParameters(false).Q;
        var valid = Encoding.UTF8.GetBytes(
            $$"""{"keys":[{"kty":"EC","crv":"P-384","kid":"k","x":"{{System.Buffers.Text.Base64Url.EncodeToString(point.X)}}","y":"{{System.Buffers.Text.Base64Url.EncodeToString(point.Y)}}"}]}""");
        var path = _files.Sub("pacs.jwks.json");
        FuzzRun.Of(output, "sets of keys to register", random =>
        {
            File.WriteAllBytes(path, random.Next(4) == 0 ? valid : Mutant.Bytes(valid, random));
            File.Delete(_files.Sub(ClientRegister.FileName));
            return IsTaken(() => ClientsCommand.Run(["register", "--keys", Folder, "--id", "pacs-1", "--roles", "nurse", "--jwks", path], Clock)) && ClientRegister.Read(Folder).Count == 1;
        });
    }

    public void Dispose() => _files.Dispose();

    private void FuzzKeys(string file, Action use)
    {
        var path = _files.Sub(file);
        var valid = File.ReadAllBytes(path);
        FuzzRun.Of(output, file, random =>
        {
            File.WriteAllBytes(path, random.Next(8) == 0 ? valid : Mutant.Bytes(valid, random));
            return IsTaken(use);
        });
    }

    private static bool IsTaken(Action use)
    {
        try
        {
            use();
            return true;
        }
        catch (Exception refusal) when (refusal is StoreRefusedException or SettingsException)
        {
            Assert.DoesNotContain('\n', refusal.Message);
            return false;
        }
    }

    private string Damage(string file, string valid, Random random)
    {
        var bytes = Mutant.Table(valid, random);
        File.WriteAllBytes(_files.Sub(file), bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private static IEnumerable<string> WholeLines(string text) => text[..(text.LastIndexOf('\n') + 1)].Split('\n');
}
