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

    /// <summary>Publishing was started; persons n0, n1, … of one cell permit these recipients.</summary>
    public static async Task<NetworkUnderTest> PlantedAsync(int persons, params RecipientClass[] consent)
    {
        var network = await NetworkUnderTest.CreateAsync();
        await network.Cluster.Release.Start(Origins.Next());
        RecipientClass[] permitted = consent.Length > 0 ? consent : [RecipientClass.ResearchRegistry];
        await Task.WhenAll(Enumerable.Range(0, persons).Select(n => Planting.PlantAsync(network, "n" + n, score: Planting.ScoreOf(n), consent: permitted)));
        return network;
    }

    /// <summary>A PHQ-9 of different outcomes in the window of week 4 of each person.</summary>
    public static Task MeasureWeek4Async(this NetworkUnderTest network, int persons) =>
        Task.WhenAll(Enumerable.Range(0, persons).Select(n =>
            network.Cluster.Patient("n" + n).RecordAssessment(Commands.Assess("week4", 60, Planting.ScoreOf(n)), Origins.Next())));

    /// <summary>The rows that a recipient of a class gets now.</summary>
    public static async Task<IReadOnlyList<BatchRow>> DeliveredAsync(this NetworkUnderTest network, int batch, RecipientClass recipient = RecipientClass.ResearchRegistry) =>
        [.. (await network.Store.Releases.ReadBatchRowsAsync(batch, 0, 10_000, (int)recipient, PublicOutcomes.Policy.K, default)).Where(r => r.Values is not null)];

    /// <summary>The publication days held so far.</summary>
    public static async Task<IReadOnlyList<PublicationHeld>> HeldAsync(this NetworkUnderTest network) =>
        [.. (await network.Store.Journal.ReadAsync(Stream, 1, 100, default)).Select(r => (PublicationHeld)r.Events.Single())];

    public static Publication PublicationOf(Append append) => append.Projections.OfType<Projection.Published>().Single().Publication;
}
