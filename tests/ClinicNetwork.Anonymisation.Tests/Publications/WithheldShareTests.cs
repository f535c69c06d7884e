using System.Globalization;
using ClinicNetwork.Anonymisation.Tests.Support;
using ClinicNetwork.Grains.Releases;

namespace ClinicNetwork.Anonymisation.Tests.Publications;

/// <summary>One in twenty milestones is withheld by keyed hash, so that withholding for lack of diversity tells nothing.</summary>
public sealed class WithheldShareTests
{
    [Theory]
    [InlineData("one")]
    [InlineData("two")]
    public void The_keyed_hash_withholds_about_one_in_twenty_of_many_cells(string master)
    {
        var secrets = Secrets.New(master);
        var chances = Enumerable.Range(0, 5_000)
            .SelectMany(i => PublicOutcomes.Policy.Milestones.Select(m => secrets.Chance(string.Create(CultureInfo.InvariantCulture, $"c-{i:x16}"), m)))
            .ToArray();

        Assert.All(chances, chance => Assert.InRange(chance, 0, 1 - double.Epsilon));
        Assert.InRange(chances.Count(c => c < PublicOutcomes.Policy.WithholdShare) / (double)chances.Length, 0.045, 0.055); // 30,000: SD 0.0013
        Assert.InRange(chances.Average(), 0.495, 0.505);
    }

    [Fact]
    public void Another_key_withholds_other_milestones_and_the_same_key_the_same()
    {
        var (one, again, two) = (Secrets.New("one"), Secrets.New("one"), Secrets.New("two"));
        var cells = Enumerable.Range(0, 500).Select(i => $"c-{i}").ToArray();

        Assert.Equal(cells.Select(c => one.Chance(c, "WEEK_4")), cells.Select(c => again.Chance(c, "WEEK_4")));
        Assert.NotEqual(cells.Select(c => one.Chance(c, "WEEK_4") < 0.05), cells.Select(c => two.Chance(c, "WEEK_4") < 0.05));
    }

    /// <summary>Many small cells of diverse outcomes: what is not released was withheld by the hash alone.</summary>
    [Fact]
    public void About_one_in_twenty_diverse_milestones_is_withheld_and_the_manifest_counts_them()
    {
        var (released, withheld, told) = (0, 0, 0);
        for (var seed = 0; seed < 12; seed++)
        {
            var store = new Course(seed, [200, 0, 0, 0, 0, 0, 0], 0, 60, 0).Run();
            released += store.Publications.Sum(p => p.Settled.Count(s => s.Status == "RELEASED"));
            withheld += store.Publications.Sum(p => p.Settled.Count(s => s.Status == "WITHHELD"));
            told += store.Batches.Count == 0 ? 0 : ReleaseFolder.Verify(store).Figures.WithheldCells;
        }

        Assert.True(released > 300, $"Only {released} milestones were released.");
        Assert.InRange(withheld / (double)(released + withheld), 0.02, 0.09);
        Assert.Equal(withheld, told);
    }
}
