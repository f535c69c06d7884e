using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Releases;

/// <summary>Networks with persons ready for publication, and what was published.</summary>
internal static class Publishing
{
    public const string Stream = "rl-public-outcomes";

    public static readonly DateTimeOffset FirstDay = new(2025, 4, 1, 6, 0, 0, TimeSpan.Zero);

    /// <summary>Men beside the women, so that there are two cells: everybody together is never released.</summary>
    public const int Men = 14;

    /// <summary>Publishing was started; women n0, n1, … and 14 men m0, m1, …, who differ in nothing else, permit these recipients.</summary>
    public static async Task<NetworkUnderTest> PlantedAsync(int women, params RecipientClass[] consent)
    {
        RecipientClass[] permitted = consent.Length > 0 ? consent : [RecipientClass.ResearchRegistry];
        var network = await PlantedWomenAsync(women, permitted);
        await Task.WhenAll(Enumerable.Range(0, Men).Select(n => Planting.PlantAsync(network, "m" + n, Sex.Male, Planting.ScoreOf(n), permitted)));
        return network;
    }

    /// <summary>Publishing was started; women n0, n1, … who differ in nothing permit these recipients, and there is nobody else.</summary>
    public static async Task<NetworkUnderTest> PlantedWomenAsync(int women, params RecipientClass[] consent)
    {
        var network = await NetworkUnderTest.CreateAsync();
        await network.Cluster.Release.Start(Origins.Next());
        foreach (var recipient in consent)
        {
            await network.AgreeAsync(recipient);
        }

        await Task.WhenAll(Enumerable.Range(0, women).Select(n => Planting.PlantAsync(network, "n" + n, Sex.Female, Planting.ScoreOf(n), consent)));
        return network;
    }

    /// <summary>A PHQ-9 of different outcomes for each woman: day 60 is in the window of week 4, day 116 in that of week 12.</summary>
    public static Task MeasureWomenAsync(this NetworkUnderTest network, int women, int day = 60) =>
        Task.WhenAll(Enumerable.Range(0, women).Select(async n =>
            Assert.Null((await network.Cluster.Patient("n" + n).RecordAssessment(Commands.Assess("day" + day, day, Planting.ScoreOf(n)), Origins.Next())).Refusal)));

    /// <summary>An agreement for research that is in force, of one class of recipients.</summary>
    public static async Task AgreeAsync(this NetworkUnderTest network, RecipientClass recipient = RecipientClass.ResearchRegistry)
    {
        var agreement = Agreement(recipient);
        var append = new Append(
            "pa-" + agreement.Partner, 1, [], Origins.Next(), "Agree", [new PublishingStarted(FirstDay)], Accepted.Instance, [new Projection.AgreementSet(agreement)]);
        Assert.IsType<AppendOutcome.Appended>(await network.Store.Journal.AppendAsync(append, default));
    }

    public static AgreementRecord Agreement(RecipientClass recipient = RecipientClass.ResearchRegistry) => new(
        "ag-" + recipient, recipient.ToString(), ReleaseProfiles.PublicOutcomes.Id, ReleasePermission.Of(recipient, ResearchPurpose.Research), ReleaseProfiles.PublicOutcomes.Columns,
        FirstDay.AddYears(-1), FirstDay.AddYears(9), 0, 1, "ACTIVE");

    public static Task<IReadOnlyList<DeliveryBatch>> BatchesAsync(this NetworkUnderTest network, int after = 0, RecipientClass recipient = RecipientClass.ResearchRegistry) =>
        network.Store.Exchange.ReadBatchesAsync(Agreement(recipient).Agreement, after, 10, default);

    public static Task<IReadOnlyList<ReleaseCell>> CellsAsync(this NetworkUnderTest network) => network.Store.Exchange.ReadCellsAsync(network.Clock.Now, default);

    /// <summary>The rows that a recipient of a class gets now.</summary>
    public static async Task<IReadOnlyList<DeliveryRow>> DeliveredAsync(this NetworkUnderTest network, int batch, RecipientClass recipient = RecipientClass.ResearchRegistry) =>
    [
        .. (await network.Store.Exchange.ReadBatchRowsAsync(
            Agreement(recipient).Agreement, batch, 0, 10_000, Agreement(recipient).Required, PublicOutcomes.K, network.Clock.Now, default)).Where(r => r.Values is not null),
    ];

    /// <summary>Those of the women.</summary>
    public static async Task<IReadOnlyList<DeliveryRow>> WomenDeliveredAsync(this NetworkUnderTest network, int batch, RecipientClass recipient = RecipientClass.ResearchRegistry) =>
        [.. (await network.DeliveredAsync(batch, recipient)).Where(r => r.Person.StartsWith("pt-n", StringComparison.Ordinal))];

    /// <summary>The publication days held so far.</summary>
    public static async Task<IReadOnlyList<PublicationHeld>> HeldAsync(this NetworkUnderTest network) =>
        [.. (await network.Store.Journal.ReadAsync(Stream, 0, 500, default)).SelectMany(r => r.Events).OfType<PublicationHeld>()];
}
