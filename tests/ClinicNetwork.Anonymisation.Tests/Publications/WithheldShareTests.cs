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
    public void About_one_in_twenty_diverse_milestones_is_withheld()
    {
        var (released, withheld) = (0, 0);
        for (var seed = 0; seed < 10; seed++)
        {
            var store = new Course(seed, [200, 0, 0, 0, 0, 0, 0], 0, 60, 0).Run();
            released += store.Cells.Values.Sum(c => c.Settled.Count(s => s.Status == "RELEASED"));
            withheld += store.Cells.Values.Sum(c => c.Settled.Count(s => s.Status == "WITHHELD"));
        }

        Assert.True(released > 300, $"Only {released} milestones were released.");
        Assert.InRange(withheld / (double)(released + withheld), 0.02, 0.09);
    }

    /// <summary>One cell alone: the day on which its milestone is withheld has no batch, so the next manifest has to tell it.</summary>
    [Fact]
    public void A_milestone_withheld_on_a_day_without_a_batch_is_told_by_the_next_manifest()
    {
        var store = Course.NewStore();
        for (var i = 0; i < 20; i++)
            store.Persons.Add($"p{i:00}", new VirtualPerson($"p{i:00}", "2025-Q1", ["female", "45-49", "ketamine-iv", "SEVERE"]) { Recipients = Course.Registry });
        foreach (var (day, milestone) in PublicOutcomes.Policy.Milestones.Take(3).Index())
        {
            foreach (var person in store.Persons.Values)
                person.Outcomes[milestone] = Course.Outcome(day == 1 || person.Id != "p03" ? "response" : "worsening");
            store.Publish(Course.Day(day), PublicOutcomes.Policy with { WithholdShare = 0 });
        }

        Assert.Equal(2, store.Of("ag-registry").Count);
        Assert.Equal(1, ReleaseFolder.Verify(store, store.Agreements[0]).Figures.WithheldCells);
    }
}
