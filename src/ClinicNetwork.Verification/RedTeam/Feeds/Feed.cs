namespace ClinicNetwork.Verification.RedTeam.Feeds;

internal enum FeedRowState : byte
{
    /// <summary>Only its hash is there.</summary>
    Leaf,

    /// <summary>May be used now.</summary>
    Living,

    /// <summary>A later manifest tells that it is withdrawn; its values are still there.</summary>
    Withdrawn,

    /// <summary>A later row corrects it; its values are still there.</summary>
    Superseded,
}

/// <param name="Person">Number within the feed, by pseudonym.</param>
/// <param name="Cell">Number that all feeds share, as of <paramref name="Region"/>.</param>
/// <param name="Content">Hash of the values of all columns that every feed has, beside pseudonym, cell, milestone and quasi-identifiers.</param>
/// <param name="Outcome">0 worsening, 1 remission, 2 response, 3 no change; −1 missing or not told.</param>
internal record struct FeedRow(int Person, int Cell, int Region, ulong Content, byte Milestone, sbyte Outcome, FeedRowState State, bool Correction)
{
    public readonly bool HasValues => State != FeedRowState.Leaf;

    public readonly long Slot => SlotOf(Cell, Milestone);

    public static long SlotOf(int cell, byte milestone) => ((long)cell << 8) | milestone;
}

/// <summary>One batch of a recipient.</summary>
/// <param name="Members">That the manifest tells, by <see cref="FeedRow.Slot"/>.</param>
internal sealed record FeedBatch(FeedManifest Manifest, FeedRow[] Rows, IReadOnlyDictionary<long, int> Members);

/// <summary>All that one recipient has.</summary>
/// <param name="Name">Its folder.</param>
/// <param name="Batches">1..n in order.</param>
/// <param name="Persons">Pseudonyms by number; what a re-key list replaced is the new one.</param>
internal sealed record Feed(string Name, string Recipient, IReadOnlyList<FeedBatch> Batches, IReadOnlyDictionary<UInt128, int> Persons)
{
    public int K => Batches.Count == 0 ? Limits.KMin : Batches.Max(batch => batch.Manifest.K);

    /// <summary>Every row that has values, with its batch, 1..n.</summary>
    public IEnumerable<(int Batch, FeedRow Row)> Rows()
    {
        for (var b = 0; b < Batches.Count; b++)
        {
            foreach (var row in Batches[b].Rows)
            {
                if (row.HasValues)
                {
                    yield return (b + 1, row);
                }
            }
        }
    }
}

/// <summary>Several recipients' feeds, coded alike.</summary>
internal sealed record FeedSet(IReadOnlyList<Feed> Feeds, FeedRegions Regions)
{
    public int K => Feeds.Max(feed => feed.K);
}
