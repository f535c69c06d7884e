using ClinicNetwork.Grains.Releases;

namespace ClinicNetwork.Anonymisation.Tests.Engine;

/// <summary>What becomes of a cell's milestone: k = 11, l = 2, 5 % withheld.</summary>
public sealed class MilestoneReleaseTests
{
    private static readonly ReleasePolicy Policy = PublicOutcomes.Policy;

    /// <summary>Nearly everybody responds: within t of the cells below.</summary>
    private static readonly Dictionary<string, double> Usual = new(StringComparer.Ordinal) { ["response"] = 0.8, ["remission"] = 0.1, ["no_change"] = 0.1 };

    private static string? CoarseOf(string? category) => category is null ? null : category is "response" or "remission" ? "response" : "no_change";

    private static MemberAtMilestone[] Members(int living, int withdrawn = 0, int open = 0, string? last = "remission") =>
    [
        .. Enumerable.Range(0, living).Select(i => new MemberAtMilestone($"p{i}", true, i >= open, i == 0 ? last : "response", CoarseOf(i == 0 ? last : "response"))),
        .. Enumerable.Range(0, withdrawn).Select(i => new MemberAtMilestone($"w{i}", false, false, null, null)),
    ];

    [Fact]
    public void Eleven_ready_and_diverse_members_are_released() =>
        Assert.Equal(MilestoneFate.Released, MilestoneRelease.Decide(Policy, Members(11), Usual, 0.5));

    [Fact]
    public void Ten_living_members_retire_the_cell_whatever_else_holds()
    {
        Assert.Equal(MilestoneFate.Retired, MilestoneRelease.Decide(Policy, Members(10), Usual, 0.5));
        Assert.Equal(MilestoneFate.Retired, MilestoneRelease.Decide(Policy, Members(10, withdrawn: 90), Usual, 0.5));
        Assert.Equal(MilestoneFate.Retired, MilestoneRelease.Decide(Policy, Members(10, open: 1), Usual, 0.5));
        Assert.Equal(MilestoneFate.Retired, MilestoneRelease.Decide(Policy, [], Usual, 0.5));
    }

    [Fact]
    public void K_counts_persons_and_not_rows()
    {
        MemberAtMilestone[] twice = [.. Members(10), .. Members(10)];

        Assert.Equal(MilestoneFate.Retired, MilestoneRelease.Decide(Policy, twice, Usual, 0.5));
    }

    [Fact]
    public void One_open_window_keeps_the_whole_cell_waiting_and_a_withdrawn_members_does_not()
    {
        Assert.Equal(MilestoneFate.Waits, MilestoneRelease.Decide(Policy, Members(20, open: 1), Usual, 0.5));
        Assert.Equal(MilestoneFate.Released, MilestoneRelease.Decide(Policy, Members(20, withdrawn: 3), Usual, 0.5));
    }

    [Fact]
    public void One_category_among_the_measured_is_withheld_and_missing_is_no_category()
    {
        Assert.Equal(MilestoneFate.Withheld, MilestoneRelease.Decide(Policy, Members(20, last: "response"), Usual, 0.5));
        Assert.Equal(MilestoneFate.Withheld, MilestoneRelease.Decide(Policy, Members(20, last: null), Usual, 0.5));
        Assert.Equal(MilestoneFate.Released, MilestoneRelease.Decide(Policy, Members(20), Usual, 0.5));
    }

    [Fact]
    public void A_category_that_only_a_withdrawn_member_had_makes_no_diversity()
    {
        MemberAtMilestone[] members = [.. Members(20, last: "response"), new("w", false, true, "worsening", "no_change")];

        Assert.Equal(MilestoneFate.Withheld, MilestoneRelease.Decide(Policy, members, Usual, 0.5));
    }

    [Theory]
    [InlineData(0.0, MilestoneFate.Withheld)]
    [InlineData(0.0499, MilestoneFate.Withheld)]
    [InlineData(0.05, MilestoneFate.Released)]
    [InlineData(0.99, MilestoneFate.Released)]
    public void The_keyed_hash_withholds_one_in_twenty(double chance, MilestoneFate fate) =>
        Assert.Equal(fate, MilestoneRelease.Decide(Policy, Members(15), Usual, chance));

    [Fact]
    public void Chance_does_not_bring_an_open_window_or_a_small_cell_forward()
    {
        Assert.Equal(MilestoneFate.Waits, MilestoneRelease.Decide(Policy, Members(15, open: 2), Usual, 0));
        Assert.Equal(MilestoneFate.Retired, MilestoneRelease.Decide(Policy, Members(5), Usual, 0));
    }

    [Fact]
    public void A_cell_that_is_only_too_far_from_the_others_comes_in_coarse_bands()
    {
        Dictionary<string, double> rarely = new(StringComparer.Ordinal) { ["no_change"] = 0.9, ["response"] = 0.1 };

        Assert.Equal(MilestoneFate.ReleasedCoarse, MilestoneRelease.Decide(Policy, Members(20, last: "worsening"), rarely, 0.5));
        Assert.Equal(0.9, MilestoneRelease.Distance([.. Members(20, last: "worsening").Select(m => m.Sensitive)], rarely), 10);
    }

    [Fact]
    public void Coarse_bands_that_are_not_diverse_are_withheld()
    {
        Dictionary<string, double> rarely = new(StringComparer.Ordinal) { ["no_change"] = 0.9, ["response"] = 0.1 };

        Assert.Equal(MilestoneFate.Withheld, MilestoneRelease.Decide(Policy, Members(20, last: "remission"), rarely, 0.5));
    }

    [Fact]
    public void The_largest_distance_is_allowed_and_no_more()
    {
        Dictionary<string, double> Share(double response) => new(StringComparer.Ordinal) { ["response"] = response, ["no_change"] = 1 - response };
        MemberAtMilestone[] members = [.. Members(20, last: "no_change")]; // 0.95 response

        Assert.Equal(MilestoneFate.Released, MilestoneRelease.Decide(Policy, members, Share(0.4501), 0.5));
        Assert.Equal(MilestoneFate.ReleasedCoarse, MilestoneRelease.Decide(Policy, members, Share(0.4499), 0.5));
    }
}
