namespace ClinicNetwork.Journal.Postgres;

/// <summary>The statements of <see cref="KeySteps"/>; each takes only commands that this very transaction has inserted.</summary>
internal static class KeyStatements
{
    private const string Inserted = ProjectionStatements.Inserted;

    /// <summary>What this transaction has made unreadable.</summary>
    private const string Gone = "(SELECT g.name FROM key_gone AS g WHERE g.tx = pg_current_xact_id() AND g.kind <> 'HOLDER')";

    private const string GoneHolders = "(SELECT g.name FROM key_gone AS g WHERE g.tx = pg_current_xact_id() AND g.kind = 'HOLDER')";

    /// <summary>A number that nobody else locks by chance.</summary>
    private const string KeysLock = "109317309430131";

    /// <summary>
    /// First in every group, so that what follows is read after it: commands share it, the destruction of a holder's key has it alone. Whatever a command wrote
    /// is there when the destruction looks who holds what, and later commands see what it took.
    /// </summary>
    public const string ShareKeys = $"SELECT pg_advisory_xact_lock_shared({KeysLock})";

    public const string HaveKeysAlone = $"SELECT pg_advisory_xact_lock({KeysLock})";

    /// <summary>Only under the key-encryption key that is in use: else the wrap's foreign key fails, and both are made again.</summary>
    public const string AddHolders =
        $"""
        INSERT INTO holder_key (holder, key_id, kek_version, wrapped, current)
        SELECT n.holder, n.key_id, n.kek_version, n.wrapped, true
        FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::bytea[]) AS n(stream, version, holder, key_id, kek_version, wrapped)
        WHERE {Inserted} AND n.kek_version = coalesce((SELECT h.kek_version FROM holder_key AS h WHERE h.holder = 'network' AND h.current), n.kek_version)
        ORDER BY n.holder
        ON CONFLICT DO NOTHING
        """;

    /// <summary>In the order of a rotation: holders' keys, by whichever id they have by now, then wraps.</summary>
    public const string KeepHolders =
        "SELECT count(*) FROM (SELECT 1 FROM holder_key AS h WHERE h.holder = ANY ($1::text[]) ORDER BY h.holder, h.key_id FOR KEY SHARE) AS kept";

    public const string AddWraps =
        $"""
        INSERT INTO key_wrap (stream, holder, holder_key, wrapped, emergency)
        SELECT n.stream, n.holder, n.holder_key, n.wrapped, n.emergency
        FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[], $5::bytea[], $6::boolean[]) AS n(stream, version, holder, holder_key, wrapped, emergency)
        WHERE {Inserted}
        ON CONFLICT DO NOTHING
        """;

    /// <summary>Of a site that has access for another reason than before. For commands by which a site with a key holds the patient.</summary>
    public const string MarkWraps =
        $"""
        UPDATE key_wrap AS w SET emergency = n.emergency
        FROM unnest($1::text[], $2::bigint[], $3::text[], $4::boolean[]) AS n(stream, version, holder, emergency)
        WHERE w.stream = n.stream AND w.holder = n.holder AND w.emergency <> n.emergency AND {Inserted}
        """;

    /// <summary>Of those that may not read any more; never the last one of a stream that is not for an emergency.</summary>
    public const string ClearWraps =
        $"""
        DELETE FROM key_wrap AS w USING unnest($1::text[], $2::bigint[]) AS n(stream, version)
        WHERE w.stream = n.stream AND {Inserted}
          AND NOT EXISTS (SELECT FROM patient_access AS a WHERE a.site = w.holder AND a.stream = w.stream)
          AND EXISTS (
              SELECT FROM key_wrap AS k WHERE k.stream = w.stream AND k.holder <> w.holder AND NOT k.emergency
                AND (w.emergency OR EXISTS (SELECT FROM patient_access AS a WHERE a.site = k.holder AND a.stream = k.stream)))
        """;

    public const string Erase =
        $"""
        INSERT INTO key_gone (name, kind, request_id, version, at)
        SELECT n.stream, 'ERASED', n.request_id, n.version, n.at
        FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[]) AS n(stream, version, request_id, at) WHERE {Inserted}
        """;

    /// <summary>A rotation has moved its page, or waits and finds the key gone.</summary>
    public const string LockHolders =
        "SELECT count(*) FROM (SELECT 1 FROM holder_key AS h WHERE h.holder = ANY ($1::text[]) ORDER BY h.holder, h.key_id FOR UPDATE) AS locked";

    public const string LoseHolders =
        $"""
        INSERT INTO key_gone (name, kind, request_id, version, at)
        SELECT n.holder, 'HOLDER', n.request_id, n.version, n.at
        FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::bigint[]) AS n(stream, version, holder, request_id, at) WHERE {Inserted}
        ON CONFLICT DO NOTHING
        """;

    /// <summary>A wrap for an emergency keeps nothing: it ends with the key of the last clinic that holds the patient.</summary>
    private const string Orphan =
        $"""
        INSERT INTO key_gone (name, kind, request_id, version, at)
        SELECT w.stream, 'ORPHANED', g.request_id, g.version, g.at
        FROM key_gone AS g JOIN key_wrap AS w ON w.holder = g.name
        WHERE g.tx = pg_current_xact_id() AND g.kind = 'HOLDER'
          AND NOT EXISTS (SELECT FROM key_wrap AS o WHERE o.stream = w.stream AND o.holder <> w.holder AND NOT o.emergency)
        ON CONFLICT DO NOTHING
        """;

    private const string ClearHolderWraps = $"DELETE FROM key_wrap WHERE holder IN {GoneHolders}";

    private const string ClearHolders = $"DELETE FROM holder_key WHERE holder IN {GoneHolders}";

    /// <summary>So that nobody makes another key for it. The key's id was never one.</summary>
    private const string BuryHolders =
        $"""
        INSERT INTO holder_key (holder, key_id, kek_version, wrapped, current)
        SELECT g.name, uuid_send(gen_random_uuid()), 1, NULL, true FROM key_gone AS g WHERE g.tx = pg_current_xact_id() AND g.kind = 'HOLDER'
        """;

    /// <summary>After holders' keys are marked as destroyed, before <see cref="Sweep"/>.</summary>
    public static readonly string[] SweepHolders = [Orphan, ClearHolderWraps, ClearHolders, BuryHolders];

    /// <summary>
    /// As after a withdrawal of consent, and nothing is kept that was kept for the person alone. Consent first: a publication that holds it in share
    /// mode is waited for. Who stores a first snapshot holds the data key's row, and finds it gone otherwise.
    /// </summary>
    public static readonly string[] Sweep =
    [
        $"UPDATE consent SET recipients = 0 WHERE person IN {Gone}",
        $"UPDATE cell_member AS m SET lost = m.lost | c.recipients FROM cell AS c WHERE c.cell = m.cell AND m.person IN {Gone}",
        $"DELETE FROM key_wrap WHERE stream IN {Gone}",
        $"DELETE FROM pool WHERE person IN {Gone}",
        $"DELETE FROM outcome WHERE person IN {Gone}",
        $"DELETE FROM released AS r USING cell AS c, release_profile AS p WHERE c.cell = r.cell AND p.stream = c.stream AND r.publication > p.published AND r.person IN {Gone}",
        $"DELETE FROM delivery_row AS d WHERE d.person IN {Gone} AND NOT EXISTS (SELECT FROM delivery_batch AS b WHERE b.recipient = d.recipient AND b.number = d.batch)",
        $"DELETE FROM due WHERE stream IN {Gone}",
        $"DELETE FROM follow_up WHERE stream IN {Gone}",
        $"DELETE FROM patient_access WHERE stream IN {Gone}",
        $"DELETE FROM patient WHERE stream IN {Gone}",
        $"UPDATE data_key SET gone = true WHERE stream IN {Gone}",
        $"DELETE FROM OrleansStorage WHERE GrainIdExtensionString IN {Gone}",
    ];
}
