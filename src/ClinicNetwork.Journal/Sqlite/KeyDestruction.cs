using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>What a command destroys, in its transaction and after its other projections.</summary>
internal static class KeyDestruction
{
    /// <summary>As after a withdrawal of consent, and nothing is kept that was kept for the person alone.</summary>
    private static readonly string[] Sweep =
    [
        "UPDATE consent SET recipients = 0 WHERE person = $stream",
        "UPDATE cell_member SET lost = lost | (SELECT recipients FROM cell WHERE cell.cell = cell_member.cell) WHERE person = $stream",
        "DELETE FROM key_wrap WHERE stream = $stream",
        "DELETE FROM pool WHERE person = $stream",
        "DELETE FROM outcome WHERE person = $stream",
        """
        DELETE FROM released WHERE person = $stream AND publication > coalesce(
            (SELECT p.published FROM cell AS c JOIN release_profile AS p ON p.stream = c.stream WHERE c.cell = released.cell), 0)
        """,
        """
        DELETE FROM delivery_row WHERE person = $stream
          AND NOT EXISTS (SELECT 1 FROM delivery_batch AS b WHERE b.recipient = delivery_row.recipient AND b.number = delivery_row.batch)
        """,
        "DELETE FROM due WHERE stream = $stream",
        "DELETE FROM follow_up WHERE stream = $stream",
        "DELETE FROM patient_access WHERE stream = $stream",
        "DELETE FROM patient WHERE stream = $stream",
    ];

    /// <summary>Instead of a request id: no command of this store did it.</summary>
    private const string Restored = "restored";

    public static bool IsOf(Append append) => append.Projections.Any(p => p is Projection.Erased or Projection.HolderDestroyed);

    /// <summary>What is lost once this is committed.</summary>
    public static IReadOnlyList<(string Name, KeyLoss Loss)> Write(SqliteSession writer, Append append, long recordedAt)
    {
        var lost = new List<(string, KeyLoss)>();
        foreach (var projection in append.Projections)
        {
            if (projection is Projection.Erased)
            {
                lost.Add(Lose(writer, append.Origin.RequestId, append.Version, append.Stream, KeyLoss.Erased, "ERASED", recordedAt));
            }
            else if (projection is Projection.HolderDestroyed { Holder: var holder })
            {
                lost.AddRange(Destroy(writer, append.Origin.RequestId, append.Version, holder, recordedAt));
            }
        }

        return lost;
    }

    /// <summary>Whom a restored backup brought back.</summary>
    public static void EraseAgain(SqliteSession writer, string stream)
    {
        var (version, at) = writer.First("SELECT max(version), max(recorded_at) FROM journal WHERE stream = $stream", row => (row.GetInt64(0), row.GetInt64(1)), ("$stream", stream));
        Lose(writer, Restored, version, stream, KeyLoss.Erased, "ERASED", at);
    }

    /// <summary>A clinic's key that a restored backup brought back, and with it the patients whom only this clinic could read then.</summary>
    public static void DestroyAgain(SqliteSession writer, string holder)
    {
        var at = writer.Number("SELECT max(recorded_at) FROM journal");
        Destroy(writer, Restored, 0, holder, at);
    }

    private static List<(string Name, KeyLoss Loss)> Destroy(SqliteSession writer, string requestId, long version, string holder, long recordedAt)
    {
        var orphans = writer.List(
            """
            SELECT stream FROM key_wrap AS w WHERE holder = $holder
              AND NOT EXISTS (SELECT 1 FROM key_wrap AS o WHERE o.stream = w.stream AND o.holder <> w.holder AND o.emergency = 0)
            """,
            row => row.GetString(0),
            ("$holder", holder));
        List<(string, KeyLoss)> lost =
        [
            Lose(writer, requestId, version, holder, KeyLoss.Holder, "HOLDER", recordedAt),
            .. orphans.Select(orphan => Lose(writer, requestId, version, orphan, KeyLoss.Orphaned, "ORPHANED", recordedAt)),
        ];
        writer.Execute("DELETE FROM key_wrap WHERE holder = $holder", ("$holder", holder));
        writer.Execute("DELETE FROM holder_key WHERE holder = $holder", ("$holder", holder));
        HolderKeys.Add(writer, new HolderKeyRow(holder, HolderKey.Create(holder).KeyId, 1, null));
        return lost;
    }

    private static (string Name, KeyLoss Loss) Lose(SqliteSession writer, string requestId, long version, string name, KeyLoss loss, string kind, long recordedAt)
    {
        writer.Execute(
            "INSERT INTO key_gone (name, kind, request_id, version, at) VALUES ($name, $kind, $request_id, $version, $at) ON CONFLICT DO NOTHING",
            ("$name", name),
            ("$kind", kind),
            ("$request_id", requestId),
            ("$version", version),
            ("$at", recordedAt));
        foreach (var sql in loss == KeyLoss.Holder ? [] : Sweep)
        {
            writer.Execute(sql, ("$stream", name));
        }

        return (name, loss);
    }
}
