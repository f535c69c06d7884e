using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Domain.Submissions;

namespace ClinicNetwork.Domain.Tests.Submissions;

/// <summary>Records and rules that are written by hand.</summary>
internal static class Submitted
{
    public static readonly SubmissionRules Rules = SubmissionRules.Of(
        ReleaseProfiles.PublicOutcomes,
        k: 11,
        margin: 3,
        distinctL: 2,
        [
            ("sex", [["female", "*"], ["male", "*"]]),
            ("age", [["18-24", "18-34", "*"], ["25-29", "18-34", "*"]]),
            ("treatment", [["ketamine-iv", "*"], ["esketamine-nasal", "*"]]),
            ("baseline_severity", [["SEVERE", "*"], ["MODERATE", "*"]]),
        ]);

    /// <summary>A measured row of one person; every second one responded.</summary>
    public static SubmittedRecord Row(int person, string cell = "c-00000000000000aa", string milestone = "WEEK_4", params (string Column, string Value)[] other)
    {
        var yes = person % 2 == 0;
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["pseudonym"] = $"{person:x32}",
            ["cell"] = cell,
            ["milestone"] = milestone,
            ["sex"] = "female",
            ["age"] = "18-34",
            ["treatment"] = "*",
            ["baseline_severity"] = "SEVERE",
            ["status"] = "MEASURED",
            ["missing_reason"] = "",
            ["response"] = yes ? "yes" : "no",
            ["remission"] = "no",
            ["worsening"] = "no",
            ["severity"] = yes ? "MILD" : "SEVERE",
            ["sessions"] = "4-8",
            ["side_effects"] = "MILD",
            ["courses"] = "1",
            ["treatment_at"] = "ketamine-iv",
            ["sessions_since"] = "0",
        };
        foreach (var (column, value) in other)
        {
            values[column] = value;
        }

        return new($"r-{cell[^2..]}-{milestone}-{person:d4}", [.. Rules.Profile.Columns.Select(column => values[column])]);
    }

    public static SubmittedRecord Missing(int person, string reason, string milestone = "WEEK_4") => Row(
        person, milestone: milestone, other: [("status", "MISSING"), ("missing_reason", reason), ("response", ""), ("remission", ""), ("worsening", ""), ("severity", "")]);

    /// <summary>In order of their ids, as the store gives them.</summary>
    public static SubmissionTally Tally(IEnumerable<SubmittedRecord> records)
    {
        var tally = new SubmissionTally(Rules);
        foreach (var record in records.OrderBy(r => r.Record, StringComparer.Ordinal))
        {
            var (receipt, kept) = RecordCheck.Check(record, Rules);
            tally.Add(record.Leaf(), receipt, kept);
        }

        return tally;
    }

    public static IEnumerable<SubmittedRecord> Cell(int persons, string cell = "c-00000000000000aa", string milestone = "WEEK_4", int from = 0) =>
        Enumerable.Range(from, persons).Select(person => Row(person, cell, milestone));
}
