namespace ClinicNetwork.Server.Tests;

/// <summary>A line of the authority's lists is one entry of the audit, whoever enters it and how often.</summary>
public sealed class CertificateEntriesTests
{
    private static readonly string[] Issued = ["0AF1", "nurse-1", "nurse+coordinator", "harbour+hill", "2026-01-02T03:04:05Z", "2026-04-02T03:04:05Z"];

    [Fact]
    public void A_line_says_who_got_which_roles_where_and_its_entry_has_one_id()
    {
        var entry = CertificateEntries.IssueOf(Issued)!;
        Assert.Equal(
            ("certs/issue nurse-1 nurse+coordinator", "authority", "harbour+hill", "certificate-0AF1", "OK", 1, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)),
            (entry.Action, entry.Actor, entry.Site, entry.Subject, entry.Outcome, entry.Count, entry.At));
        Assert.Equal(entry, CertificateEntries.IssueOf([.. Issued]));
        var revoked = CertificateEntries.RevocationOf(["0AF1", "2026-02-02T03:04:05Z"])!;
        Assert.Equal(("certs/revoke", "certificate-0AF1"), (revoked.Action, revoked.Subject));
        Assert.NotEqual(entry.EntryId, revoked.EntryId);
        Assert.NotEqual(entry.EntryId, CertificateEntries.IssueOf([.. Issued[..2], "operator", .. Issued[3..]])!.EntryId);
    }

    [Fact]
    public void What_is_no_line_of_certs_is_no_entry()
    {
        Assert.Null(CertificateEntries.IssueOf(Issued[..5]));
        Assert.Null(CertificateEntries.IssueOf([.. Issued[..4], "yesterday", Issued[5]]));
        Assert.Null(CertificateEntries.IssueOf(["0AF1", new string('n', 3_000), .. Issued[2..]]));
        Assert.Null(CertificateEntries.RevocationOf(["0AF1"]));
    }
}
