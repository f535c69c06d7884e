using ClinicNetwork.Domain.Submissions;

namespace ClinicNetwork.Grains.Tests.Submissions;

/// <summary>Records of the profile public-outcomes, written by hand.</summary>
internal static class SubmittedRows
{
    public static readonly OpenSubmission Opening = new("public-outcomes", 2, 0, "");

    /// <summary>Measured rows of one cell at week 4; every second person responded.</summary>
    public static IReadOnlyList<SubmittedRecord> Cell(int persons, string cell = "c-00000000000000aa", int from = 0) =>
        [.. Enumerable.Range(from, persons).Select(person => Row(person, cell))];

    public static SubmittedRecord Row(int person, string cell = "c-00000000000000aa", string sex = "female") => new(
        $"r-{person:d4}",
        [
            $"{person:x32}", cell, "WEEK_4", sex, "18-34", "*", "20 and over", "MEASURED", "", person % 2 == 0 ? "yes" : "no", "no", "no",
            person % 2 == 0 ? "MILD" : "SEVERE", "4-8", "MILD", "1", "ketamine-iv", "0",
        ]);

    public static CompleteSubmission Completion(IReadOnlyList<SubmittedRecord> records)
    {
        var leaves = records.OrderBy(r => r.Record, StringComparer.Ordinal).SelectMany(r => Convert.FromHexString(r.Leaf())).ToArray();
        return new(records.Count, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(leaves)));
    }

}
