using ClinicNetwork.Verification.RedTeam;

namespace ClinicNetwork.Verification.Tests.RedTeam;

/// <summary>Singling out, linkage and inference, against persons of the release and of a control.</summary>
public sealed class ExcessAttackTests
{
    private const string SinglingOut = "singling out, several values";

    private static readonly Cohort People = Cohort.Draw(1_500, seed: 21);
    private static readonly Cohort Others = Cohort.Draw(1_500, seed: 22, first: 10_000);

    [Fact]
    public void Raw_rows_are_singled_out_and_inferred()
    {
        var report = Attack(People.Published(People.Grid(0, 0, 0, 0)));
        Assert.True(report.Of(SinglingOut).Figures["attack_rate"] > 0.99, report.Of(SinglingOut).Found);
        Assert.Equal(AttackVerdict.Exceeded, report.Of(SinglingOut).Verdict);
        Assert.Equal(AttackVerdict.Exceeded, report.Of("inference").Verdict);
        Assert.False(report.Held);
    }

    /// <summary>Four classes of 5,000 persons: so coarse that nothing of one person is told.</summary>
    [Fact]
    public void A_coarse_grid_is_held_by_all_three()
    {
        var (people, others) = (Cohort.Draw(5_000, seed: 23), Cohort.Draw(5_000, seed: 24, first: 10_000));
        var report = AttackedText.Attack(
            Cohort.Hierarchies, new(11, "p", "outcome", Attacks: 5_000), [people.Published(people.Grid(3, 1, 1, 2))], [people.Text()], others.Text());
        Assert.All([SinglingOut, "linkage", "inference"], attack => Assert.True(report.Of(attack).Verdict == AttackVerdict.Held, report.Of(attack).Found));
    }

    /// <summary>Each half of the quasi-identifiers is a number of the person's own.</summary>
    [Fact]
    public void Rows_that_either_half_finds_alone_are_linked()
    {
        var hierarchies = new[] { "a", "b" }.Select(name => AttackedText.Hierarchy(name, Enumerable.Range(0, 1_000).Select(leaf => $"{leaf};*"))).ToArray();
        var original = "a;b\n" + string.Concat(Enumerable.Range(0, 500).Select(row => $"{row};{(row * 7) % 1_000}\n"));
        var control = "a;b\n" + string.Concat(Enumerable.Range(500, 500).Select(row => $"{row};{(row * 7) % 1_000}\n"));
        var result = AttackedText.Attack(hierarchies, new(2, Attacks: 500), [original], [original], control).Of("linkage");
        Assert.Equal(1, result.Figures["attack_rate"]);
        Assert.Equal(AttackVerdict.Exceeded, result.Verdict);
        Assert.Equal(AttackVerdict.Held, AttackedText.Attack(hierarchies, new(2, Attacks: 500), ["a;b\n" + Coarse(500)], [original], control).Of("linkage").Verdict);

        static string Coarse(int rows) => string.Concat(Enumerable.Range(0, rows).Select(row => row % 2 == 0 ? $"{row};*\n" : $"*;{(row * 7) % 1_000}\n"));
    }

    /// <summary>The control is drawn as the original was, and the release tells of nobody (one class): whatever succeeds, succeeds by chance, and the interval holds 0.</summary>
    [Fact]
    public void A_control_of_the_same_distribution_gives_no_excess_where_the_release_tells_of_nobody()
    {
        for (var seed = 1; seed <= 6; seed++)
        {
            var (people, control) = (Cohort.Draw(800, seed), Cohort.Draw(800, seed + 100, first: 10_000));
            var report = AttackedText.Attack(Cohort.Hierarchies, new(11, "p", "outcome", Seed: seed), [people.Published(people.Grid(2, 2, 1, 2))], [people.Text()], control.Text());
            foreach (var result in report.Results.Where(result => result.Figures.ContainsKey("excess")))
            {
                Assert.True(result.Figures["excess_lower"] == 0, $"seed {seed}: {result.Attack}: {result.Found}");
            }
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_results_and_another_one_others()
    {
        var release = People.Published(People.TightCovers(11));
        Assert.Equal(Found(7), Found(7));
        Assert.NotEqual(Found(7), Found(8));

        string Found(int seed) => string.Join('\n', Attack(release, seed).Results.Select(result => result.Found));
    }

    /// <summary>Of 2 among 4, two drawn: 4 of the 6 pairs hold exactly one. Of 3 among 4, all drawn: never. Of 1: as often as it is drawn.</summary>
    [Theory]
    [InlineData(2, 4, 2, 4.0 / 6)]
    [InlineData(3, 4, 4, 0)]
    [InlineData(1, 4, 3, 0.75)]
    [InlineData(0, 4, 2, 0)]
    [InlineData(2, 5, 3, 6.0 / 10)]
    public void A_larger_control_counts_by_its_parts_of_the_originals_size(int matching, int all, int part, double chance) =>
        Assert.Equal(chance, SinglingOutAttack.ExactlyOne(matching, all, part), 12);

    [Fact]
    public void Without_a_control_nothing_is_established_and_fewer_than_200_persons_gate_nothing()
    {
        var raw = People.Published(People.Grid(0, 0, 0, 0));
        Assert.Equal(AttackVerdict.NotEstablished, AttackedText.Attack(Cohort.Hierarchies, new(2, "p", "outcome", Attacks: 300), [raw], [People.Text()]).Of(SinglingOut).Verdict);
        var (few, others) = (People.Part(0, 199), Others.Part(0, 199));
        var report = AttackedText.Attack(Cohort.Hierarchies, new(2, "p", "outcome"), [few.Published(few.Grid(0, 0, 0, 0))], [few.Text()], others.Text());
        Assert.All([SinglingOut, "linkage", "inference"], attack => Assert.Equal(AttackVerdict.NotEstablished, report.Of(attack).Verdict));
    }

    private static RedTeamReport Attack(string release, int seed = 1) => AttackedText.Attack(Cohort.Hierarchies, new(11, "p", "outcome", Seed: seed), [release], [People.Text()], Others.Text());
}
