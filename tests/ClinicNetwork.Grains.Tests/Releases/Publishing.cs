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
        await Task.WhenAll(Enumerable.Range(0, women).Select(n => Planting.PlantAsync(network, "n" + n, Sex.Female, Planting.ScoreOf(n), consent)));
        return network;
    }

    /// <summary>A PHQ-9 of different outcomes for each woman: day 60 is in the window of week 4, day 116 in that of week 12.</summary>
    public static Task MeasureWomenAsync(this NetworkUnderTest network, int women, int day = 60) =>
        Task.WhenAll(Enumerable.Range(0, women).Select(n =>
            network.Cluster.Patient("n" + n).RecordAssessment(Commands.Assess("day" + day, day, Planting.ScoreOf(n)), Origins.Next())));

    /// <summary>The rows that a recipient of a class gets now.</summary>
    public static async Task<IReadOnlyList<BatchRow>> DeliveredAsync(this NetworkUnderTest network, int batch, RecipientClass recipient = RecipientClass.ResearchRegistry) =>
        [.. (await network.Store.Releases.ReadBatchRowsAsync(batch, 0, 10_000, (int)recipient, PublicOutcomes.Policy.K, default)).Where(r => r.Values is not null)];

    /// <summary>Those of the women.</summary>
    public static async Task<IReadOnlyList<BatchRow>> WomenDeliveredAsync(this NetworkUnderTest network, int batch, RecipientClass recipient = RecipientClass.ResearchRegistry) =>
        [.. (await network.DeliveredAsync(batch, recipient)).Where(r => r.Person.StartsWith("pt-n", StringComparison.Ordinal))];

    /// <summary>The publication days held so far.</summary>
    public static async Task<IReadOnlyList<PublicationHeld>> HeldAsync(this NetworkUnderTest network) =>
        [.. (await network.Store.Journal.ReadAsync(Stream, 1, 100, default)).Select(r => (PublicationHeld)r.Events.Single())];

    public static Publication PublicationOf(Append append) => append.Projections.OfType<Projection.Published>().Single().Publication;
}
