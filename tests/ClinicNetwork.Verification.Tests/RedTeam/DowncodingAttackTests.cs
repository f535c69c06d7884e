using ClinicNetwork.Verification.RedTeam;
using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Verification.Tests.RedTeam;

public sealed class DowncodingAttackTests
{
    private static readonly TableHierarchy[] Attributes = [AttackedText.Hierarchy("drug", "x;*", "y;*", "z;*"), AttackedText.Hierarchy("sex", "f;*", "m;*")];

    private const string Original = "drug;sex\nx;f\nx;f\ny;f\ny;f\nz;f\n";
    private const string Release = "drug;sex\nx;f\nx;f\n*;f\n*;f\n*;f\n";

    /// <summary>
    /// k = 2: a member of the class (*, f) of three with x would have been published with (x, f), so its three cells are y or z. In the original x, y, z stand 2, 2, 1 times: by chance
    /// 3/5 would be right.
    /// </summary>
    [Fact]
    public void A_smaller_region_beside_a_larger_one_narrows_its_cells()
    {
        var result = Attack(2, Release, Original);
        Assert.Equal((3, 3, 0, 3), (result.Figures["generalised_cells"], result.Figures["narrowed_cells"], result.Figures["to_a_leaf"], result.Figures["right_cells"]));
        Assert.Equal(0.6, result.Figures["right_by_chance"], 12);
        Assert.Equal(AttackVerdict.Reported, result.Verdict);
    }

    [Fact]
    public void A_row_that_could_have_been_in_the_smaller_region_makes_a_claim_wrong() =>
        Assert.Equal(2, Attack(2, Release, Original.Replace("z;f", "x;f")).Figures["right_cells"]);

    /// <summary>A class of k persons would have been too small without the row, so nothing follows; in a grid it does.</summary>
    [Fact]
    public void Of_a_class_of_k_nothing_follows_unless_it_is_a_grids()
    {
        Assert.Equal(0, Attack(3, Release, Original).Figures["narrowed_cells"]);
        Assert.Equal(3, Attack(3, Release, Original, grid: true).Figures["narrowed_cells"]);
    }

    [Fact]
    public void Two_smaller_regions_leave_one_value()
    {
        var result = Attack(2, Release + "y;f\ny;f\n", Original.Replace("y;f\ny;f\n", "z;f\nz;f\n") + "y;f\ny;f\n");
        Assert.Equal((3, 3), (result.Figures["to_a_leaf"], result.Figures["right_cells"]));
    }

    /// <summary>Where all parts are published beside the whole, the method is not what the attacker believes; nothing is claimed.</summary>
    [Fact]
    public void A_contradiction_claims_nothing() =>
        Assert.Equal(0, Attack(2, Release + "y;f\ny;f\nz;f\nz;f\n", Original + "y;f\ny;f\nz;f\nz;f\n").Figures["narrowed_cells"]);

    [Fact]
    public void Regions_that_differ_in_two_attributes_narrow_no_cell() =>
        Assert.Equal(0, Attack(2, Release.Replace("*;f", "*;*"), Original).Figures["narrowed_cells"]);

    private static AttackResult Attack(int k, string release, string original, bool grid = false) =>
        AttackedText.Attack(Attributes, new(k, FixedRegions: grid, Attacks: 1), [release], [original]).Of("downcoding");
}
