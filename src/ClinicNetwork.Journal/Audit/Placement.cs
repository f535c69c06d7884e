namespace ClinicNetwork.Journal.Audit;

/// <summary>Something that waits for its place: where it lies, and the entry but for its position.</summary>
/// <param name="Transaction">That wrote it; 0 where there is one writer.</param>
/// <param name="Stream">Of a change; empty: an access.</param>
/// <param name="Key">A change's version, an access's id.</param>
internal sealed record Unplaced(ulong Transaction, string Stream, long Key, AuditEntry Entry);

/// <summary>One round's worth of a tree: what gets which position, and the tree after it. Decides only; the stores read and write.</summary>
internal sealed class Placement
{
    private readonly MerkleFrontier _frontier;

    public Placement(long size, byte[] frontier, IReadOnlyList<Unplaced> waiting)
    {
        _frontier = new(size, frontier);
        var leaves = new List<PlacedLeaf>(waiting.Count);
        foreach (var one in waiting)
        {
            var leaf = AuditLeaf.Of(one.Entry with { Position = _frontier.Size });
            leaves.Add(new(_frontier.Size, one.Stream, one.Key, one.Entry.Subject, leaf));
            _frontier.Add(leaf, Nodes);
        }

        Leaves = leaves;
    }

    public IReadOnlyList<PlacedLeaf> Leaves { get; }

    public List<MerkleNode> Nodes { get; } = [];

    public long Size => _frontier.Size;

    public byte[] Frontier => _frontier.ToStored();

    /// <summary>Null when none is due.</summary>
    public SignedHead? Sign(AuditHeads heads, SignedHead? last) =>
        heads.IsDue(last, Size, Leaves.Count > 0) ? heads.Sign(last, Size, _frontier.Root()) : null;
}

/// <summary>A row of <c>audit_leaf</c>.</summary>
internal readonly record struct PlacedLeaf(long Position, string Stream, long Key, string Subject, byte[] Leaf);
