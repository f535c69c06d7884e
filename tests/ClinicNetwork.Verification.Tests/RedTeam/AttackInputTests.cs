using ClinicNetwork.Verification.RedTeam;
using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Verification.Tests.RedTeam;

public sealed class AttackInputTests
{
    private const string Marker = "MARKER-7";

    private static readonly TableHierarchy[] Age = [AttackedText.Hierarchy("age", "1;low;*", "2;low;*", "3;high;*", $"{Marker};high;*")];

    /// <summary>Release, original, control, and what is refused of them.</summary>
    public static TheoryData<string, string, string?, string> Refused => new()
    {
        { "p;age\na;low\nb;OTHER\n", "p;age\na;1\nb;2\n", null, "row 2, column age: no label of its hierarchy" },
        { "p;age\na;low\nb;low\n", "p;age\na;1\nb;low\n", null, "row 2, column age: no leaf of its hierarchy" },
        { $"p;age\na;low\nb;{Marker}\n", "p;age\na;1\nb;3\n", null, "row 2, column age: does not cover the original's value" },
        { "p;age\na;low\n", "p;age\na;1\nb;2\n", null, "has 1 rows, its original 2" },
        { "p;sex\na;f\n", "p;age\na;1\n", null, "no column age" },
        { $"p;age\n{Marker};low\n", $"p;age\n{Marker};1\n", $"p;age\nx;1\n{Marker};2\n", "row 2, column p: the person is in an original too" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Files_that_do_not_fit_are_refused_with_row_column_and_rule_and_without_their_content(string release, string original, string? control, string message)
    {
        var error = Assert.Throws<AttackInputException>(() => AttackedText.Attack(Age, new(2, "p"), [release], [original], control));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Marker, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("OTHER", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_originals_need_persons_and_one_for_each_release()
    {
        const string Table = "age\n1\n2\n";
        Assert.Contains("--person", Assert.Throws<AttackInputException>(() => AttackedText.Attack(Age, new(2), [Table, Table], [Table, Table])).Message, StringComparison.Ordinal);
        const string Named = "p;age\na;1\nb;2\n";
        Assert.Contains("one original", Assert.Throws<AttackInputException>(() => AttackedText.Attack(Age, new(2, "p"), [Named], [Named, Named])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_original_what_needs_it_says_so_and_the_rest_runs()
    {
        var report = AttackedText.Attack(Age, new(2, Sensitive: "score"), ["age;score\nlow;1\nlow;1\n"], []);
        Assert.Equal(AttackVerdict.Exceeded, report.Of("homogeneity").Verdict);
        Assert.Equal(AttackVerdict.Reported, report.Of("downcoding").Verdict);
        Assert.All(report.Results.Where(result => result.Attack is not ("homogeneity" or "downcoding")), result => Assert.Equal(AttackVerdict.NotRun, result.Verdict));
    }

    [Fact]
    public void A_release_in_which_all_is_suppressed_tells_nothing() =>
        Assert.True(AttackedText.Attack(Age, new(2, Sensitive: "score"), ["age;score\n*;1\n*;1\n"], ["age;score\n1;1\n2;1\n"], "age;score\n3;1\n").Held);
}
