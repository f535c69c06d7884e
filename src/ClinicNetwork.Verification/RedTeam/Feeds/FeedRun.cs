using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Verification.RedTeam.Feeds;

/// <summary>What is known beside the folders.</summary>
/// <param name="Known">Persons of the release whose pseudonym and leaves are known: the network knows them, a registry does not. For one folder only.</param>
/// <param name="Control">Persons who are in no release, like those who are.</param>
public sealed record FeedPeople(IReadOnlyList<FeedPerson> Known, IReadOnlyList<FeedPerson> Control)
{
    public static readonly FeedPeople Nobody = new([], []);
}

/// <param name="Seed">The same seed gives the same results.</param>
/// <param name="Attacks">Of each random kind, at most; 1 or more.</param>
/// <param name="Ids">That an attacker may hash; null: none.</param>
public sealed record FeedSettings(int Seed = 1, int Attacks = 2_000, IReadOnlyCollection<string>? Ids = null);

/// <param name="Persons">Pseudonyms of all folders.</param>
public sealed record FeedReport(int K, int Folders, int Batches, long Rows, int Persons, IReadOnlyList<AttackResult> Results)
{
    public bool Held => Results.All(result => result.Verdict != AttackVerdict.Exceeded);
}

/// <summary>Attacks release folders (docs/release-format.md), of one recipient or of several who collude. What each attack assumes is said at its class.</summary>
public static class FeedRun
{
    /// <param name="folders">1 or more, each of another recipient.</param>
    /// <exception cref="FeedFormatException">A folder cannot be read.</exception>
    public static FeedReport Attack(IReadOnlyList<string> folders, FeedPeople people, FeedSettings settings, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(folders.Count);
        var feeds = new FeedReader(folders).Read(cancellationToken);
        List<AttackResult> results =
        [
            DisjointnessAttack.Run(feeds, cancellationToken),
            .. PrefixAttack.Run(feeds, cancellationToken),
            .. CoalitionAttack.Run(feeds, cancellationToken),
            CountsAttack.Run(feeds),
            PseudonymAttack.Run(feeds, settings.Ids ?? [], cancellationToken),
            .. WithholdingAttack.Run(feeds),
            .. Persons(feeds, people, settings, cancellationToken),
        ];
        return new(
            feeds.K, folders.Count, feeds.Feeds.Sum(feed => feed.Batches.Count), feeds.Feeds.Sum(feed => feed.Batches.Sum(batch => (long)batch.Rows.Length)), feeds.Feeds.Sum(feed => feed.Persons.Count), results);
    }

    private static IEnumerable<AttackResult> Persons(FeedSet feeds, FeedPeople people, FeedSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            return PersonAttacks.Run(feeds.Feeds[0], feeds.Regions, people, settings, cancellationToken);
        }
        catch (TableFormatException)
        {
            throw new FeedFormatException(feeds.Feeds[0].Name, "the last manifest's hierarchies are no trees; verify the folder first");
        }
    }
}
