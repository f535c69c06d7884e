using ClinicNetwork.BlackBox.Tests.Care;

namespace ClinicNetwork.BlackBox.Tests.Durability;

/// <summary>The verdicts of reliability.md, section 4, from what the wire shows alone: I1, I2, I3, I5 and, for the home clinic's feed, I6.</summary>
internal static class HistoryChecker
{
    private const int ChecksAtOnce = 16;

    /// <param name="retried">True after every operation was sent again: then what was unknown is there too.</param>
    public static async Task CheckAsync(Network network, IReadOnlyList<string> patients, IReadOnlyCollection<Operation> operations, bool retried, string seed)
    {
        var byPatient = operations.ToLookup(o => o.Patient);
        await Parallel.ForEachAsync(patients, new ParallelOptions { MaxDegreeOfParallelism = ChecksAtOnce }, async (patient, _) =>
        {
            var history = await network.HistoryAsync(patient);
            Assert.True(history.Select(e => e.Version).SequenceEqual(Enumerable.Range(1, history.Count).Select(v => (long)v)), $"{seed}: I3, {patient} has a gap or a double in its versions");
            var versions = history.ToLookup(e => e.RequestId);
            Assert.All(versions, entries => Assert.True(entries.Count() == 1, $"{seed}: I1, {entries.Key} is in {patient}'s history {entries.Count()} times"));
            foreach (var operation in byPatient[patient])
            {
                Check(operation, versions[operation.RequestId].SingleOrDefault(), retried, seed);
            }
        });
    }

    public static async Task CheckFeedAsync(Network network, string site, IReadOnlyList<string> patients, string seed)
    {
        var changes = await network.FeedAsync(site);
        Assert.True(changes.DistinctBy(c => (c.Patient, c.Version)).Count() == changes.Count, $"{seed}: I6, the feed holds a change twice");
        foreach (var patient in patients)
        {
            var history = await network.HistoryAsync(patient);
            Assert.True(
                history.Select(e => (e.Version, e.Command)).SequenceEqual(changes.Where(c => c.Patient == patient).Select(c => (c.Version, c.Command))),
                $"{seed}: I6, the home clinic's feed of {patient} is not its history");
        }
    }

    private static void Check(Operation operation, Protocol.Care.V1.HistoryEntry? entry, bool retried, string seed)
    {
        if (operation.Acknowledged)
        {
            Assert.True(entry is not null, $"{seed}: I1, an acknowledged {operation.Command} is lost");
            Assert.True(operation.Answers.All(a => a.Version == entry.Version), $"{seed}: I1, {operation.Command} is at version {entry.Version}, acknowledged at {operation.Version}");
            Assert.Equal(operation.Command, entry.Command);
            Assert.True(operation.Answers.All(a => a.Answer.Equals(operation.Answers.First().Answer)), $"{seed}: I5, the attempts of one {operation.Command} got different answers");
        }
        else if (operation.OnlyRefused)
        {
            Assert.True(entry is null, $"{seed}: I2, a refused {operation.Command} was applied");
        }
        else if (retried)
        {
            Assert.True(operation.Refusable && entry is null, $"{seed}: {operation.Command} was neither acknowledged nor refused when sent again");
        }
    }
}
