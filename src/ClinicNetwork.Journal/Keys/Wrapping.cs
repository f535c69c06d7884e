namespace ClinicNetwork.Journal.Keys;

/// <summary>Whose keys a command needs, and whether it must be written under one of them.</summary>
internal static class Wrapping
{
    /// <summary>Those for whom the stream's data key is wrapped by this command; empty when it changes nothing about that.</summary>
    public static IReadOnlyList<string> ReadersOf(Append append) =>
        append.Projections.OfType<Projection.SitesSet>().LastOrDefault() is { Sites.Count: > 0 } set ? [.. set.Sites.Distinct(StringComparer.Ordinal)]
        : append.Version == 1 ? [HolderKey.Network]
        : [];

    /// <summary>Holders that get a key by this command if they have none.</summary>
    public static IEnumerable<string> HoldersOf(Append append) =>
        ReadersOf(append).Concat(append.Projections.OfType<Projection.HolderAdded>().Select(added => added.Holder)).Distinct(StringComparer.Ordinal);

    public static KeyWrapRow Wrap(Append append, HolderKey holder, StreamKey key) =>
        holder.Wrap(key) with { Emergency = append.Projections.OfType<Projection.SitesSet>().LastOrDefault()?.ForEmergency.Contains(holder.Holder) ?? false };

    /// <summary>
    /// Whether a site that reads not for an emergency alone is among those for whom a command wraps. Else no wrap of before becomes one for an emergency: it may be
    /// all that keeps the record from being lost.
    /// </summary>
    public static bool IsHeld(IReadOnlyList<KeyWrapRow> wraps) => wraps.Any(wrap => !wrap.Emergency);

    /// <summary>Those for whom the key of an older version's stream is wrapped.</summary>
    /// <param name="sites">That may read it; none for what is no patient's.</param>
    public static IReadOnlyList<string> ReadersOfOld(IEnumerable<string> sites) => sites.ToList() is { Count: > 0 } some ? some : [HolderKey.Network];

    public static KeyLoss LossOf(string kind) => kind switch
    {
        "ERASED" => KeyLoss.Erased,
        "ORPHANED" => KeyLoss.Orphaned,
        "HOLDER" => KeyLoss.Holder,
        _ => throw new StoreDamagedException($"key_gone holds the kind {kind}, which this version does not know."),
    };

    /// <summary>By whichever holder's wrap opens: one that was damaged takes nothing from the others.</summary>
    /// <param name="unwrap"><see cref="KeyEncryptionKeys.Unwrap"/>.</param>
    /// <param name="wraps">Each with the holder's own key.</param>
    public static StreamKey Open(Func<HolderKeyRow, HolderKey> unwrap, string stream, byte[] dataKeyId, IEnumerable<(byte[] Wrapped, HolderKeyRow Holder)> wraps)
    {
        foreach (var (wrapped, holder) in wraps)
        {
            try
            {
                if (unwrap(holder).TryUnwrap(stream, dataKeyId, wrapped, out var key))
                {
                    return key;
                }
            }
            catch (StoreDamagedException)
            {
                // The next holder's may do.
            }
        }

        throw new StoreDamagedException($"The data key of stream {stream} cannot be unwrapped.");
    }
}
