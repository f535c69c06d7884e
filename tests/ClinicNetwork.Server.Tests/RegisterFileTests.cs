using System.Text;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Server.Keys;

namespace ClinicNetwork.Server.Tests;

/// <summary>A register whose last line a kill or a full disk tore, at any byte: what comes after counts, and what was whole before still does.</summary>
public sealed class RegisterFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clinicnetwork-registers-").FullName;

    [Fact]
    public void A_revocation_counts_behind_a_torn_one()
    {
        CertificateRegister.Revoked(_folder, "AA", TimeProvider.System);
        TearEach(CertificateRegister.RevokedFile, () => CertificateRegister.Revoked(_folder, "BB", TimeProvider.System), missing =>
        {
            string[] counting = missing == 0 ? ["AA", "BB"] : ["AA"];
            Assert.Equal(counting, CertificateRegister.ReadRevoked(_folder).Order());
            CertificateRegister.Revoked(_folder, "CC", TimeProvider.System);
            Assert.Superset(new HashSet<string>(["AA", "CC"]), CertificateRegister.ReadRevoked(_folder).ToHashSet());
        });
    }

    /// <summary>Torn by the first line, heading and all.</summary>
    [Fact]
    public void A_revocation_counts_in_a_file_whose_beginning_was_torn() => TearEach(
        CertificateRegister.RevokedFile, () => CertificateRegister.Revoked(_folder, "AA", TimeProvider.System), _ =>
        {
            CertificateRegister.Revoked(_folder, "BB", TimeProvider.System);
            Assert.Contains("BB", CertificateRegister.ReadRevoked(_folder).Order());
        });

    [Fact]
    public void A_removal_counts_behind_a_torn_registration_and_a_registration_behind_a_torn_removal()
    {
        ClientRegister.Registered(_folder, Client("pacs-1"), TimeProvider.System);
        TearEach(ClientRegister.FileName, () => ClientRegister.Registered(_folder, Client("pacs-2"), TimeProvider.System), missing =>
        {
            Assert.Equal(missing == 0 ? 2 : 1, ClientRegister.Read(_folder).Count);
            ClientRegister.Removed(_folder, "pacs-1", TimeProvider.System);
            Assert.DoesNotContain(ClientRegister.Read(_folder), client => client.Id == "pacs-1");
        });
        TearEach(ClientRegister.FileName, () => ClientRegister.Removed(_folder, "pacs-1", TimeProvider.System), _ =>
        {
            ClientRegister.Registered(_folder, Client("pacs-1"), TimeProvider.System);
            Assert.Contains(Client("pacs-1"), ClientRegister.Read(_folder));
        });
    }

    [Fact]
    public void A_certificate_is_listed_behind_a_torn_line_and_the_part_is_none()
    {
        using var authority = NetworkAuthority.LoadOrCreate(_folder, TimeProvider.System);
        using var certificate = authority.IssueClient("nurse-1", CertificateScope.Uris(Roles.Nurse, []), TimeSpan.FromDays(1));
        void Issue(string name) => CertificateRegister.Issued(_folder, certificate, name, "nurse", "", TimeProvider.System);
        Issue("one");
        TearEach(CertificateRegister.IssuedFile, () => Issue("two"), missing =>
        {
            Issue("three");
            // One that lacked its end alone is whole once it has it.
            string[] listed = missing <= 1 ? ["one", "two", "three"] : ["one", "three"];
            Assert.Equal(listed, CertificateRegister.ReadIssued(_folder).Select(line => line[1]));
        });
    }

    [Fact]
    public void A_line_that_cannot_be_written_whole_is_taken_back()
    {
        var path = Path.Combine(_folder, CertificateRegister.RevokedFile);
        foreach (var before in (string[])["", "heading\n", "heading\nAA,torn"])
        {
            for (var takes = 0; takes <= 20; takes++)
            {
                File.WriteAllText(path, before);
                using (var full = new FullDisk(path, takes))
                {
                    Assert.Throws<IOException>(() => RegisterFile.Append(full, "heading", "BB,2026-01-01"));
                }

                Assert.Equal(before, File.ReadAllText(path));
            }
        }

        RegisterFile.Append(path, "heading", "BB,2026-01-01");
        Assert.Equal(["AA,torn", "BB,2026-01-01"], RegisterFile.Lines(path, "heading")!);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ClientRegistration Client(string id) => new(id, Roles.Nurse, [], "https://keys.example/" + id);

    /// <summary>Adds a line, and looks at the file with it torn at each of its bytes, and whole; in the end it is as it was before.</summary>
    /// <param name="look">Gets how many bytes are missing.</param>
    private void TearEach(string name, Action add, Action<int> look)
    {
        var path = Path.Combine(_folder, name);
        byte[] before = File.Exists(path) ? File.ReadAllBytes(path) : [];
        add();
        var whole = File.ReadAllBytes(path);
        Assert.True(whole.Length > before.Length, Encoding.UTF8.GetString(whole));
        for (var length = before.Length; length <= whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            look(whole.Length - length);
        }

        File.WriteAllBytes(path, before);
    }

    /// <summary>Takes some bytes of what is written and no more.</summary>
    private sealed class FullDisk(string path, int takes) : FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0)
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            base.Write(buffer[..Math.Min(takes, buffer.Length)]);
            throw new IOException("No space left on device");
        }
    }
}
