using ClinicNetwork.Verification.RedTeam;
using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Verification.Tests.RedTeam;

public sealed class MinimalityAttackTests
{
    private static readonly TableHierarchy[] Age = [AttackedText.Hierarchy("age", "1;low;*", "2;low;*", "3;high;*", "4;high;*")];
    private static readonly int[] Levels = [1, 1, 0, 1];

    /// <summary>
    /// low of 1, 1, 2: whoever knows the two of age 1 knows that the third is 2; one claim, right. high of 3, 3: each claim says "4" and is wrong. * has low, low, high, high: no claim.
    /// </summary>
    [Fact]
    public void Claims_about_the_last_member_are_counted_and_judged()
    {
        var result = AttackedText.Attack(Age, new(2), ["age\nlow\nlow\nlow\nhigh\nhigh\n"], ["age\n1\n1\n2\n3\n3\n"]).Of("minimality");
        Assert.Equal((2, 1, 3, 1), (result.Figures["places"], result.Figures["tight_places"], result.Figures["claims"], result.Figures["right_claims"]));
        Assert.Equal(AttackVerdict.Reported, result.Verdict);
    }

    /// <summary>Of two members each is the only one of its part.</summary>
    [Fact]
    public void In_a_class_of_two_each_tells_the_other()
    {
        var result = AttackedText.Attack(Age, new(2), ["age\nlow\nlow\n"], ["age\n1\n2\n"]).Of("minimality");
        Assert.Equal((2, 2), (result.Figures["claims"], result.Figures["right_claims"]));
    }

    [Fact]
    public void Regions_of_a_grid_hold_and_tight_covers_in_their_place_are_a_finding()
    {
        var cohort = Cohort.Draw(3_000, seed: 11);
        var grid = cohort.Grid(Levels);
        var held = Attack(cohort.Published(grid));
        Assert.Equal(AttackVerdict.Held, held.Verdict);
        Assert.True(held.Figures["claims"] > 100, held.Found);
        var planted = Attack(cohort.Published(cohort.TightCoversOf(grid)));
        Assert.Equal(AttackVerdict.Exceeded, planted.Verdict);
        Assert.Equal(1, planted.Figures["right_share"]);

        AttackResult Attack(string release) => AttackedText.Attack(Cohort.Hierarchies, new(2, "p", FixedRegions: true, Attacks: 1), [release], [cohort.Text()]).Of("minimality");
    }

    [Fact]
    public void With_the_grids_regions_one_tight_cover_is_a_finding_without_the_original()
    {
        var cohort = Cohort.Draw(3_000, seed: 12);
        var grid = cohort.Grid(Levels);
        Assert.Equal((AttackVerdict.Held, 0), Outside(cohort.Published(grid)));
        var (verdict, outside) = Outside(cohort.Published(cohort.TightCoversOf(grid)));
        Assert.Equal(AttackVerdict.Exceeded, verdict);
        Assert.True(outside > 5, $"{outside}");

        static (AttackVerdict, double) Outside(string release)
        {
            var result = AttackedText.Attack(Cohort.Hierarchies, new(2, FixedRegions: true), [release], [], regions: Cohort.Regions(Levels)).Of("minimality");
            return (result.Verdict, result.Figures["tuples_outside_grid"]);
        }
    }
}
