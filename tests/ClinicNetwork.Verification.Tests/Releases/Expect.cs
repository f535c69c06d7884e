namespace ClinicNetwork.Verification.Tests.Releases;

/// <summary>Assertions on a report.</summary>
internal static class Expect
{
    public static void Accepted(VerificationReport report) =>
        Assert.True(report.Accepted, string.Join('\n', report.Findings));

    /// <summary>Refused by exactly these rules, and no finding shows anything of a row.</summary>
    public static void RefusedBy(VerificationReport report, TestRelease release, params IEnumerable<string> rules)
    {
        Assert.False(report.Accepted);
        Assert.Equal(rules.Order(), report.Findings.Select(finding => finding.Rule).Distinct().Order());
        ShowsNoContent(report, release);
    }

    public static void ShowsNoContent(VerificationReport report, TestRelease release)
    {
        // Words the messages share with the closed vocabularies ("missing", "measured") are no content; ids, labels and salts are.
        var secrets = release.Rows
            .SelectMany(row =>
                new[] { row["pseudonym"], row["cell"], row["milestone"], row["age"], row["treatment"], row["sex"], row.Salt })
            .Where(text => text.Length > 1).ToHashSet();
        foreach (var finding in report.Findings)
            Assert.DoesNotContain(secrets, secret => finding.Message.Contains(secret, StringComparison.Ordinal));
    }
}
