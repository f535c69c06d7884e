using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>What a group writes about keys: holders' keys and wraps before its projections, what is destroyed after them.</summary>
internal static class KeySteps
{
    /// <summary>What every group begins with.</summary>
    public static NpgsqlBatchCommand Lock(IReadOnlyList<PendingAppend> appends) =>
        Query.Step(appends.Any(append => append.Append.Projections.Any(p => p is Projection.HolderDestroyed)) ? KeyStatements.HaveKeysAlone : KeyStatements.ShareKeys);

    public static IEnumerable<NpgsqlBatchCommand> Of(IReadOnlyList<PendingAppend> appends)
    {
        // In one order in every writer.
        var holders = appends.SelectMany(append => append.KeyRows.NewHolders.Select(row => (Append: append, Row: row))).OrderBy(one => one.Row.Holder, StringComparer.Ordinal).ToList();
        if (holders.Count > 0)
        {
            yield return Query.Step(
                KeyStatements.AddHolders,
                Query.Texts(holders, one => one.Append.Stream),
                Query.Longs(holders, one => one.Append.Version),
                Query.Texts(holders, one => one.Row.Holder),
                Query.Blobs(holders, one => one.Row.KeyId),
                Query.Ints(holders, one => one.Row.KekVersion),
                Query.Blobs(holders, one => one.Row.Wrapped!));
        }

        var wraps = WrapsOf(appends);
        if (wraps.Exists(one => one.Append.Version > 1))
        {
            yield return Query.Step(KeyStatements.KeepHolders, Query.Texts(wraps, one => one.Row.Holder));
        }

        if (wraps.Count > 0)
        {
            yield return Query.Step(
                KeyStatements.AddWraps,
                Query.Texts(wraps, one => one.Append.Stream),
                Query.Longs(wraps, one => one.Append.Version),
                Query.Texts(wraps, one => one.Row.Holder),
                Query.Blobs(wraps, one => one.Row.HolderKeyId),
                Query.Blobs(wraps, one => one.Row.Wrapped),
                Query.Flags(wraps, one => one.Row.Emergency));
        }
    }

    public static IEnumerable<NpgsqlBatchCommand> After(IReadOnlyList<PendingAppend> appends)
    {
        var changed = appends.Where(append => append.Version > 1 && Wrapping.ReadersOf(append.Append).Count > 0).ToList();
        if (changed.Count > 0)
        {
            var wraps = WrapsOf(changed.Where(append => Wrapping.IsHeld(append.KeyRows.Wraps)));
            yield return Query.Step(
                KeyStatements.MarkWraps,
                Query.Texts(wraps, one => one.Append.Stream),
                Query.Longs(wraps, one => one.Append.Version),
                Query.Texts(wraps, one => one.Row.Holder),
                Query.Flags(wraps, one => one.Row.Emergency));
            yield return Own(KeyStatements.ClearWraps, changed);
        }

        var erased = appends.Where(append => append.Append.Projections.Any(p => p is Projection.Erased)).ToList();
        var destroyed = appends.Where(append => append.Append.Projections.Any(p => p is Projection.HolderDestroyed)).ToList();
        if (erased.Count > 0)
        {
            yield return Own(KeyStatements.Erase, erased, Query.Texts(erased, append => append.Append.Origin.RequestId), Query.Longs(erased, append => append.RecordedAt));
        }

        if (destroyed.Count > 0)
        {
            NpgsqlParameter Holders() => Query.Texts(destroyed, append => append.Append.Projections.OfType<Projection.HolderDestroyed>().First().Holder);
            yield return Query.Step(KeyStatements.LockHolders, Holders());
            yield return Own(KeyStatements.LoseHolders, destroyed, Holders(), Query.Texts(destroyed, append => append.Append.Origin.RequestId), Query.Longs(destroyed, append => append.RecordedAt));
            foreach (var sql in KeyStatements.SweepHolders)
            {
                yield return Query.Step(sql);
            }
        }

        foreach (var sql in erased.Count + destroyed.Count > 0 ? KeyStatements.Sweep : [])
        {
            yield return Query.Step(sql);
        }
    }

    private static List<(PendingAppend Append, KeyWrapRow Row)> WrapsOf(IEnumerable<PendingAppend> appends) =>
        [.. appends.SelectMany(append => append.KeyRows.Wraps.Select(row => (append, row)))];

    /// <summary>$1 and $2 are stream and version, by which the statement knows whether the command was inserted.</summary>
    private static NpgsqlBatchCommand Own(string sql, List<PendingAppend> appends, params ReadOnlySpan<NpgsqlParameter> further) =>
        Query.Step(sql, [Query.Texts(appends, append => append.Stream), Query.Longs(appends, append => append.Version), .. further]);
}
