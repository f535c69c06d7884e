namespace ClinicNetwork.Verification.Tests.Releases;

/// <summary>A cell with its members, able to give one row a member for a milestone.</summary>
internal sealed class TestCell(string id, string[] quasiIdentifiers, IReadOnlyList<string> members)
{
    private static readonly string[] Outcomes = ["worsening", "remission", "response", "no_change"];
    private static readonly string[] Sessions = ["1-3", "4-8", "9+"];
    private static readonly string[] SideEffects = ["NONE", "MILD", "MODERATE", "SEVERE"];

    public IReadOnlyList<string> Members => members;

    public static TestCell New(Random random, int members, params string[] quasiIdentifiers) =>
        new("c-" + Hex(random, 8), quasiIdentifiers, [.. Enumerable.Range(0, members).Select(_ => Hex(random, 16))]);

    /// <summary>Rows of the members given, or of all; the first two measured with different outcomes, so that l = 2 holds.</summary>
    public IEnumerable<TestRow> At(string milestone, Random random, IReadOnlyList<string>? of = null) =>
        (of ?? members).Select((pseudonym, index) => Row(pseudonym, milestone, index, random)).ToList();

    private TestRow Row(string pseudonym, string milestone, int index, Random random)
    {
        var row = new TestRow([.. Enumerable.Repeat("", TestProfile.Columns.Length)], Hex(random, 16));
        (row["pseudonym"], row["cell"], row["milestone"]) = (pseudonym, id, milestone);
        foreach (var (name, value) in TestProfile.QuasiIdentifiers.Zip(quasiIdentifiers)) row[name] = value;
        row["sessions"] = Sessions[random.Next(Sessions.Length)];
        row["side_effects"] = SideEffects[random.Next(SideEffects.Length)];
        if (index < 2) row.MakeMeasured(Outcomes[2 + index]);
        else if (random.Next(10) < 4) row.MakeMissing(TestProfile.MissingReasons[random.Next(TestProfile.MissingReasons.Length)]);
        else row.MakeMeasured(Outcomes[random.Next(Outcomes.Length)]);
        return row;
    }

    private static string Hex(Random random, int bytes)
    {
        var buffer = new byte[bytes];
        random.NextBytes(buffer);
        return Convert.ToHexStringLower(buffer);
    }
}
