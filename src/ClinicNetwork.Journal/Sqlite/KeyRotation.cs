using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>As on PostgreSQL, but alone: a page a transaction, so that what is killed is gone on with.</summary>
internal sealed class KeyRotation(SqliteSession session, KeyEncryptionKeys keks, int version, int pageKeys, Action<KeyCount> tell)
{
    public static IReadOnlyList<KeyCount> List(SqliteSession session) =>
        session.List(
            """
            SELECT holder, CASE WHEN wrapped IS NULL THEN 0 ELSE kek_version END, current,
                   (SELECT count(*) FROM key_wrap AS w WHERE w.holder = h.holder AND w.holder_key = h.key_id)
            FROM holder_key AS h ORDER BY holder, current
            """,
            row => new KeyCount(row.GetString(0), row.GetInt32(1), row.GetInt32(2) == 1, row.GetInt64(3)));

    public void Run()
    {
        // The network's first: its version is the one that new keys of clinics get.
        foreach (var holder in session.List(
            "SELECT holder FROM holder_key WHERE current = 1 AND wrapped IS NOT NULL ORDER BY holder <> 'network', holder", row => row.GetString(0)))
        {
            Rotate(holder);
        }

        // Old keys and wraps must not stay in the log.
        session.Number("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private void Rotate(string holder)
    {
        var current = HolderKey.Create(holder);
        Schema.InTransaction(session, () =>
        {
            session.Execute("UPDATE holder_key SET current = 0 WHERE holder = $holder", ("$holder", holder));
            HolderKeys.Add(session, keks.Wrap(current, version));
        });
        var (moved, page) = (0L, 0);
        do
        {
            Schema.InTransaction(session, () => page = MovePage(holder, current));
            moved += page;
        }
        while (page > 0);
        Schema.InTransaction(session, () => session.Execute("DELETE FROM holder_key WHERE holder = $holder AND current = 0", ("$holder", holder)));
        tell(new KeyCount(holder, version, true, moved));
    }

    private int MovePage(string holder, HolderKey current)
    {
        var old = session.List("SELECT holder, key_id, kek_version, wrapped FROM holder_key WHERE holder = $holder AND current = 0", HolderKeys.Read, ("$holder", holder))
            .ConvertAll(keks.Unwrap);
        var wraps = session.List(
            """
            SELECT w.stream, w.holder_key, w.wrapped, d.key_id FROM key_wrap AS w JOIN data_key AS d ON d.stream = w.stream
            WHERE w.holder = $holder AND w.holder_key <> $current LIMIT $limit
            """,
            row =>
            {
                var by = row.GetFieldValue<byte[]>(1);
                return old.First(key => key.KeyId.AsSpan().SequenceEqual(by)).TryUnwrap(row.GetString(0), row.GetFieldValue<byte[]>(3), row.GetFieldValue<byte[]>(2), out var key)
                    ? current.Wrap(key)
                    : throw new StoreDamagedException($"The data key of stream {row.GetString(0)} cannot be unwrapped by the key of {holder}.");
            },
            ("$holder", holder),
            ("$current", current.KeyId),
            ("$limit", pageKeys));
        foreach (var wrap in wraps)
        {
            session.Execute(
                "UPDATE key_wrap SET holder_key = $holder_key, wrapped = $wrapped WHERE stream = $stream AND holder = $holder",
                ("$holder_key", wrap.HolderKeyId),
                ("$wrapped", wrap.Wrapped),
                ("$stream", wrap.Stream),
                ("$holder", holder));
        }

        return wraps.Count;
    }
}
