namespace ClinicNetwork.Verification.Audit;

/// <summary>An entry as the network tells it (docs/audit.md).</summary>
/// <param name="AtMilliseconds">Since 1970, UTC.</param>
/// <param name="Content">32 bytes, or none.</param>
public sealed record AuditedEntry(
    long AtMilliseconds, string Action, string Actor, string Site, string Subject, long Version, string Purpose, string Outcome, int Count, ReadOnlyMemory<byte> Content);

/// <summary>What the network tells of a position: the leaf in its tree, and what it was made from; null: that is gone.</summary>
public readonly record struct PlacedLeaf(long Position, ReadOnlyMemory<byte> Leaf, AuditedEntry? Entry);

/// <summary>A head as the network tells it.</summary>
/// <param name="Note">What was signed.</param>
public sealed record AuditHead(long Number, byte[] Note, byte[] Signature);

/// <summary>One reason not to trust the audit.</summary>
/// <param name="Rule">One of <see cref="AuditRules"/>.</param>
/// <param name="Position">The first bad entry, where one can be named.</param>
public sealed record AuditFinding(string Rule, long? Position, string Message);

/// <summary>What the verification decided.</summary>
/// <param name="Finding">Null: accepted.</param>
/// <param name="Size">Entries that were looked at.</param>
/// <param name="SignedSize">Entries under the newest head that holds.</param>
/// <param name="Heads">Heads that hold.</param>
/// <param name="Root">Of the newest head that holds, to be kept for the next time; empty when there is none.</param>
public sealed record AuditReport(AuditFinding? Finding, long Size, long SignedSize, long Heads, string Origin, string Root);

/// <summary>What an earlier verification has seen, kept where the network's operators cannot change it.</summary>
/// <param name="Origin">First line of the heads.</param>
/// <param name="Root">Base64.</param>
public sealed record SeenRoot(string Origin, long Size, string Root);

/// <summary>Rules of docs/audit.md.</summary>
public static class AuditRules
{
    /// <summary>The key is none, or another than before: whoever signs now is not who signed then.</summary>
    public const string Key = "KEY";

    /// <summary>A head's signature does not hold, or it is no head, or its size or time is before that of the one before it.</summary>
    public const string Head = "HEAD";

    /// <summary>An entry is not what its leaf was made from.</summary>
    public const string Altered = "ENTRY_ALTERED";

    /// <summary>What a leaf was made from is gone, or a position has no leaf.</summary>
    public const string Gone = "ENTRY_GONE";

    /// <summary>An entry was put in; the later ones were moved up.</summary>
    public const string Inserted = "ENTRY_INSERTED";

    /// <summary>An entry was taken out; the later ones were moved down.</summary>
    public const string Removed = "ENTRY_REMOVED";

    /// <summary>Entries have changed places.</summary>
    public const string Swapped = "ENTRY_SWAPPED";

    /// <summary>The entries are not those under a signed head.</summary>
    public const string Root = "ROOT";

    /// <summary>There are entries, and no head is signed.</summary>
    public const string Unsigned = "UNSIGNED";

    /// <summary>Entries at the end are missing: a head, or an earlier verification, has seen more.</summary>
    public const string Truncated = "TRUNCATED";

    /// <summary>The signed tree does not begin with what an earlier verification has seen.</summary>
    public const string Forked = "FORKED";

    /// <summary>Forked, by a store that says that it was restored from a backup, or by another store.</summary>
    public const string Origin = "ORIGIN";
}
