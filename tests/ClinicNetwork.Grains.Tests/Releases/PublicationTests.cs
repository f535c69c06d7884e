using System.Text.Json;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Releases;

namespace ClinicNetwork.Grains.Tests.Releases;

/// <summary>From treated persons to a batch. All have their first dose on 6 January; the end of induction closes on 7 March, the first publication day is 1 April.</summary>
public sealed class PublicationTests
{
    [Fact]
    public async Task Sixty_consenting_patients_become_two_cells_and_one_batch()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        await network.Cluster.Release.Start(Origins.Next());
        await network.AgreeAsync();
        await Task.WhenAll(Enumerable.Range(0, 60).Select(n => LiveAsync(network.Cluster, "p" + n, n % 2 == 0 ? Sex.Female : Sex.Male, Planting.ScoreOf(n / 2))));

        // Sixty closings and the publication; fourteen totals of 27 ask for a screen, and nobody acts on two levels.
        Assert.Equal(61 + (14 * 2), await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default));

        var cells = await network.CellsAsync();
        Assert.Equal([(30, "2025-Q1", 17), (30, "2025-Q1", 17)], cells.Select(c => (c.Members.Count, c.Quarter, c.Recipients)));
        Assert.Equal(["female", "male"], cells.Select(c => c.Region[0]).Order());
        Assert.Equal(0, await network.Store.Exchange.CountWaitingAsync(network.Clock.Now, default));

        var batch = Assert.Single(await network.BatchesAsync());
        Assert.Equal((1, 60L, Publishing.FirstDay), (batch.Number, batch.Rows, batch.PublishedAt));
        var rows = await network.DeliveredAsync(1);
        Assert.Equal(Enumerable.Range(0, 60).Select(n => "pt-p" + n).Order(), rows.Select(r => r.Person).Order());
        Assert.All(rows, r => Assert.Equal("END_OF_INDUCTION", r.Values![1]));
        Assert.Equal(
            ["4-8,NONE", "4-8,NONE", "4-8,NONE", "4-8,NONE"],
            rows.Select(r => r.Values![12] + "," + r.Values[13]).Distinct().SelectMany(v => Enumerable.Repeat(v, 4)));
        Assert.Equal(
            [("no,no,no", 14), ("no,no,yes", 14), ("yes,no,no", 16), ("yes,yes,no", 16)],
            rows.CountBy(r => string.Join(',', r.Values!.Skip(8).Take(3))).Select(c => (c.Key, c.Value)).Order());
    }

    [Fact]
    public async Task The_manifest_tells_what_was_released()
    {
        await using var network = await Publishing.PlantedAsync(30);
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default);
        var batch = Assert.Single(await network.BatchesAsync());
        var manifest = JsonDocument.Parse(batch.Manifest).RootElement;
        Assert.Equal(1, manifest.GetProperty("batch").GetInt32());
        Assert.Equal("2025-04-01", manifest.GetProperty("published_on").GetString());
        Assert.Equal("", manifest.GetProperty("previous_root").GetString());
        Assert.Equal(Convert.ToHexStringLower(batch.Root), manifest.GetProperty("root").GetString());
        Assert.Equal((44, 44, 2, 14), (Number("rows"), Number("persons"), Number("classes"), Number("class_min")));
        Assert.Equal((4, 0, 0), (Number("l_distinct"), Number("withheld_cells"), Number("retired_cells")));
        Assert.Equal("0", manifest.GetProperty("waiting").GetString());
        Assert.Equal(network.Secrets.Network, manifest.GetProperty("network").GetString());

        int Number(string name) => manifest.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Root_and_signature_are_those_of_the_rows_delivered()
    {
        await using var network = await Publishing.PlantedAsync(30);
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default);
        var batch = Assert.Single(await network.BatchesAsync());
        var rows = await network.DeliveredAsync(1);

        Assert.Equal(batch.Root, Anonymisation.MerkleTree.Root([.. rows.Select(r => r.Leaf)]));
        var form = RecipientForm.Of(network.Secrets, Publishing.Agreement());
        Assert.All(rows, r => Assert.Equal(r.Leaf, form.Seal(1, r.Epoch, r.Person, r.Milestone, r.Values!).Leaf));
        Assert.DoesNotContain(rows, r => r.Values!.Any(v => v.Contains("pt-", StringComparison.Ordinal)));
        using var key = System.Security.Cryptography.ECDsa.Create();
        key.ImportFromPem(network.Secrets.PublicKeyPem);
        Assert.True(key.VerifyData(batch.Manifest, batch.Signature, System.Security.Cryptography.HashAlgorithmName.SHA256));
    }

    [Fact]
    public async Task Fewer_than_k_and_margin_wait_and_nothing_is_published()
    {
        await using var network = await Publishing.PlantedWomenAsync(PublicOutcomes.Policy.K + PublicOutcomes.Policy.Margin - 1, RecipientClass.ResearchRegistry);
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default);
        Assert.Empty(await network.BatchesAsync());
        Assert.Empty(await network.CellsAsync());
        Assert.Equal(13, await network.Store.Exchange.CountWaitingAsync(network.Clock.Now, default));
        Assert.Equal(Publishing.FirstDay.AddMonths(1), (await network.HeldAsync()).Single().NextPublication);
        Assert.Null((await network.HeldAsync()).Single().Batch);
    }

    [Fact]
    public async Task K_and_margin_are_enough()
    {
        await using var network = await Publishing.PlantedAsync(14);
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default);
        Assert.Equal(14, (await network.WomenDeliveredAsync(1)).Count);
    }

    [Fact]
    public async Task Who_does_not_permit_it_is_in_no_batch()
    {
        await using var network = await Publishing.PlantedAsync(20);
        await Planting.PlantAsync(network, "silent", score: 4);
        await network.Cluster.Patient("n0").SetResearchConsent(Commands.Consent(), Origins.Next());
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default);
        var persons = (await network.WomenDeliveredAsync(1)).Select(r => r.Person).ToArray();
        Assert.Equal(19, persons.Length);
        Assert.DoesNotContain("pt-silent", persons);
        Assert.DoesNotContain("pt-n0", persons);
    }

    [Fact]
    public async Task Persons_with_different_recipients_are_in_different_cells()
    {
        await using var network = await Publishing.PlantedAsync(14);
        await network.AgreeAsync(RecipientClass.Industry);
        for (var n = 0; n < 28; n++)
        {
            RecipientClass[] both = [RecipientClass.ResearchRegistry, RecipientClass.Industry];
            await Planting.PlantAsync(network, "both" + n, n % 2 == 0 ? Sex.Female : Sex.Male, Planting.ScoreOf(n / 2), both);
        }

        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default);
        Assert.Equal([(17, 14), (17, 14), (25, 14), (25, 14)], (await network.CellsAsync()).Select(c => (c.Recipients, c.Members.Count)).Order());
        Assert.Equal(56, (await network.DeliveredAsync(1)).Count);
        Assert.Equal(28, (await network.DeliveredAsync(1, RecipientClass.Industry)).Count);
    }

    [Fact]
    public async Task A_cell_that_withdrawals_took_under_k_is_retired_and_releases_nothing_more()
    {
        await using var network = await Publishing.PlantedAsync(14);
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default);
        for (var n = 0; n < 4; n++)
        {
            await network.Cluster.Patient("n" + n).SetResearchConsent(Commands.Consent(), Origins.Next());
        }

        Assert.Empty(await network.WomenDeliveredAsync(1));
        Assert.Equal(Publishing.Men, (await network.DeliveredAsync(1)).Count);
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay.AddMonths(1), default);
        Assert.Equal(["male"], (await network.CellsAsync()).Select(c => c.Region[0]));
        var told = Assert.Single(await network.BatchesAsync(1));
        Assert.Equal(0, told.Rows);
        Assert.Equal((2, 1), ((await network.HeldAsync())[1].Batch, (await network.HeldAsync())[1].CellsRetired));
    }

    [Fact]
    public async Task A_milestone_without_diversity_is_withheld_and_never_released()
    {
        await using var network = await Publishing.PlantedAsync(14);
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay.AddMonths(1), default); // nobody came at weeks 4 and 8
        var second = (await network.HeldAsync())[1];
        Assert.Equal((2, 0, 4), (second.Batch, second.Batches.Length, second.MilestonesWithheld)); // of two cells
        Assert.Equal(["END_OF_INDUCTION", "WEEK_4", "WEEK_8"], (await network.CellsAsync())[0].Settled.Select(m => m.Milestone).Order());
    }

    [Fact]
    public async Task The_second_batch_follows_on_the_root_of_the_first()
    {
        await using var network = await Publishing.PlantedAsync(14);
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default);
        await network.MeasureWomenAsync(14);
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay.AddMonths(1), default);
        var batches = await network.BatchesAsync();
        Assert.Equal([1, 2], batches.Select(b => b.Number));
        Assert.Equal(Convert.ToHexStringLower(batches[0].Root), JsonDocument.Parse(batches[1].Manifest).RootElement.GetProperty("previous_root").GetString());
        var rows = await network.DeliveredAsync(2);
        Assert.Equal(14, rows.Count);
        Assert.All(rows, r => Assert.Equal("WEEK_4", r.Values![1]));
    }

    [Fact]
    public async Task The_next_manifest_tells_what_was_withheld_on_a_day_without_a_batch()
    {
        await using var network = await Publishing.PlantedAsync(14);
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay.AddMonths(1).AddDays(9), default);
        Assert.Equal([1, 2], (await network.HeldAsync()).Select(h => h.Batch));
        await network.MeasureWomenAsync(14, day: 116);
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay.AddMonths(2), default);

        // Weeks 4 and 8 of both cells on the day before, week 12 of the men on this one.
        var second = (await network.BatchesAsync(1)).Single();
        Assert.Equal(14, second.Rows);
        Assert.Equal(5, JsonDocument.Parse(second.Manifest).RootElement.GetProperty("withheld_cells").GetInt32());
    }

    [Fact]
    public async Task Publishing_is_started_once_and_never_before_its_day()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        (await network.Cluster.Release.Publish(Origins.Next())).RefusedAs("PUBLICATION_NOT_DUE", RefusalKind.Precondition);
        var origin = Origins.Next();
        (await network.Cluster.Release.Start(origin)).AcceptedAs(1);
        (await network.Cluster.Release.Start(origin)).AcceptedAs(1);
        (await network.Cluster.Release.Start(Origins.Next())).AcceptedAs(1);
        Assert.Equal(1, await network.Store.Journal.ReadHeadAsync(Streams.OfProfile(PublicOutcomes.Profile), default));
        (await network.Cluster.Release.Publish(Origins.Next())).RefusedAs("PUBLICATION_NOT_DUE", RefusalKind.Precondition);
        Assert.Equal(Publishing.FirstDay, await network.Store.Projections.ReadNextDueAsync(default));
    }

    /// <summary>A whole treatment, command by command: 18 versions.</summary>
    private static async Task LiveAsync(ClusterUnderTest cluster, string name, Sex sex, int score)
    {
        var patient = cluster.Patient(name);
        await patient.Enrol(Commands.Enrol(name) with { Sex = sex }, Origins.Next());
        await patient.RecordConsultation(Commands.Consult(), Origins.Next());
        await patient.CreatePlan(Commands.CreatePlan(), Origins.Next());
        await patient.SetResearchConsent(Commands.Consent(RecipientClass.ResearchRegistry), Origins.Next());
        await patient.RecordAssessment(Commands.Assess("baseline", -1, 24), Origins.Next());
        await patient.TreatAsync(0, 3, 7, 10);
        (await patient.RecordAssessment(Commands.Assess("end", 30, score), Origins.Next())).AcceptedAs(18);
    }
}
