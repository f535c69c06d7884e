using ClinicNetwork.Verification.RedTeam;
using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Verification.Tests.RedTeam;

public sealed class HomogeneityAttackTests
{
    private const string Header = "age;score\n";

    /// <summary>low: three of one value; high: ten of one and one of another, a posterior of 10/11.</summary>
    [Fact]
    public void A_class_that_shares_a_value_discloses_it_and_one_with_nine_in_ten_nearly()
    {
        var result = Attack(Header + Rows("low;7", 3) + Rows("high;7", 10) + Rows("high;8", 1));
        Assert.Equal(AttackVerdict.Exceeded, result.Verdict);
        Assert.Equal((2, 1, 3, 14), (result.Figures["classes"], result.Figures["homogeneous_classes"], result.Figures["disclosed_rows"], result.Figures["rows_known_by_nine_in_ten"]));
        Assert.Equal(3.0 / 14, result.Figures["share_disclosed"], 12);
    }

    [Fact]
    public void Two_values_in_each_class_hold_and_suppressed_rows_are_no_class()
    {
        var result = Attack(Header + Rows("low;7", 2) + Rows("low;8", 2) + Rows("*;9", 4));
        Assert.Equal((AttackVerdict.Held, 1), (result.Verdict, result.Figures["classes"]));
    }

    /// <summary>Two classes that hold together, and not in their batches.</summary>
    [Fact]
    public void One_tuple_in_two_batches_is_two_classes()
    {
        var result = Attack("batch;" + Header + Rows("1;low;7", 2) + Rows("2;low;8", 2));
        Assert.Equal((AttackVerdict.Exceeded, 2), (result.Verdict, result.Figures["homogeneous_classes"]));
    }

    [Fact]
    public void Without_a_sensitive_column_it_is_not_run() =>
        Assert.Equal(AttackVerdict.NotRun, AttackedText.Attack(Hierarchies, new(2), [Header + "low;7\n"], []).Of("homogeneity").Verdict);

    private static readonly TableHierarchy[] Hierarchies = [AttackedText.Hierarchy("age", "1;low;*", "2;low;*", "3;high;*", "4;high;*")];

    private static AttackResult Attack(string release) => AttackedText.Attack(Hierarchies, new(2, Sensitive: "score"), [release], []).Of("homogeneity");

    private static string Rows(string row, int times) => string.Concat(Enumerable.Repeat(row + "\n", times));
}
