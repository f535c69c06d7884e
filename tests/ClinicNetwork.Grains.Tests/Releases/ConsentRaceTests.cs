using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Releases;

/// <summary>A withdrawal that is committed while a publication is being made: the publication comes after it and is made without the person.</summary>
public sealed class ConsentRaceTests
{
    /// <summary>Before each step of a publication in turn: preparing, sealing, committing.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_withdrawal_before_any_step_keeps_the_person_out(int step)
    {
        await using var network = await Publishing.PlantedAsync(20);
        var steps = 0;
        Task StepAsync(Append append)
        {
            if (++steps == step)
            {
                return network.Cluster.Patient("n7").SetResearchConsent(Commands.Consent(), Origins.Next());
            }

            network.Journal.BeforeNext(Publishing.Stream, StepAsync);
            return Task.CompletedTask;
        }

        network.Journal.BeforeNext(Publishing.Stream, StepAsync);
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default);

        Assert.Equal(step, steps);
        Assert.Equal(19, (await network.WomenDeliveredAsync(1)).Count);
        Assert.DoesNotContain(await network.DeliveredAsync(1), r => r.Person == "pt-n7");
        Assert.Single(await network.HeldAsync());
    }

    [Fact]
    public async Task A_withdrawal_that_leaves_too_few_for_a_cell_stops_the_batch()
    {
        await using var network = await Publishing.PlantedWomenAsync(14, RecipientClass.ResearchRegistry);
        network.Journal.BeforeNext(Publishing.Stream, _ => network.Cluster.Patient("n7").SetResearchConsent(Commands.Consent(), Origins.Next()));
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default);
        Assert.Empty(await network.BatchesAsync());
        Assert.Empty(await network.CellsAsync());
        Assert.Single(await network.HeldAsync());
    }

    [Fact]
    public async Task A_withdrawal_from_an_old_cell_between_reading_and_committing_keeps_the_person_out()
    {
        await using var network = await Publishing.PlantedAsync(15);
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default);
        await network.MeasureWomenAsync(15);
        network.Journal.BeforeNext(Publishing.Stream, _ => network.Cluster.Patient("n7").SetResearchConsent(Commands.Consent(), Origins.Next()));
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay.AddMonths(1), default);

        var batch = (await network.BatchesAsync(1)).Single();
        Assert.Equal(14, batch.Rows);
        Assert.DoesNotContain("pt-n7", (await network.DeliveredAsync(2)).Select(r => r.Person));
    }

    [Fact]
    public async Task Consent_narrowed_between_reading_and_committing_counts_as_when_it_was_narrowed_before()
    {
        RecipientClass[] wide = [RecipientClass.ResearchRegistry, RecipientClass.Industry];
        await using var network = await Publishing.PlantedAsync(15, wide);
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default);
        Assert.Equal(15, (await network.WomenDeliveredAsync(1)).Count);
        await network.MeasureWomenAsync(15);

        // Who narrows consent has withdrawn towards the classes left out, and towards those alone.
        Task NarrowAsync(string person) => network.Cluster.Patient(person).SetResearchConsent(Commands.Consent(RecipientClass.ResearchRegistry), Origins.Next());
        await NarrowAsync("n6");
        network.Journal.BeforeNext(Publishing.Stream, _ => NarrowAsync("n7"));
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay.AddMonths(1), default);

        for (var batch = 1; batch <= 2; batch++)
        {
            Assert.Equal(15, (await network.WomenDeliveredAsync(batch)).Count);
            var toIndustry = (await network.WomenDeliveredAsync(batch, RecipientClass.Industry)).Select(r => r.Person).ToArray();
            Assert.Equal(13, toIndustry.Length);
            Assert.DoesNotContain(toIndustry, p => p is "pt-n6" or "pt-n7");
        }
    }

    [Fact]
    public async Task Consent_withdrawn_and_given_again_between_reading_and_committing_brings_nobody_back_into_a_cell()
    {
        await using var network = await Publishing.PlantedAsync(15);
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default);
        await network.MeasureWomenAsync(15);
        network.Journal.BeforeNext(Publishing.Stream, async _ =>
        {
            await network.Cluster.Patient("n7").SetResearchConsent(Commands.Consent(), Origins.Next());
            await network.Cluster.Patient("n7").SetResearchConsent(Commands.Consent(RecipientClass.ResearchRegistry), Origins.Next());
        });
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay.AddMonths(1), default);
        Assert.DoesNotContain("pt-n7", (await network.DeliveredAsync(1)).Select(r => r.Person));
        Assert.DoesNotContain("pt-n7", (await network.DeliveredAsync(2)).Select(r => r.Person));
        Assert.Equal(14, (await network.DeliveredAsync(2)).Count);
    }
}
