namespace ClinicNetwork.Journal;

/// <summary>
/// The queries of <see cref="IExchangeStore"/>, the same for every kind of store. $2 is what a recipient requires, $3 its k, the last number the time at which consent
/// must hold. Consent is judged in the statement that reads: what a cell was not formed for, and what was ever withdrawn (<c>lost</c>), is never given.
/// </summary>
internal static class ExchangeReads
{
    private const string PermitsSome = "(s.recipients & 15) <> 0 AND (s.recipients & 240) <> 0";

    private const string StillPermitsSome = "(s.recipients & ~coalesce(m.lost, 0) & 15) <> 0 AND (s.recipients & ~coalesce(m.lost, 0) & 240) <> 0";

    private const string Permits = "(s.recipients & ~m.lost & $2) = $2";

    private const string IsCommitted = "EXISTS (SELECT 1 FROM delivery_batch AS b WHERE b.recipient = $1 AND b.number = d.batch)";

    public const string Published = "SELECT published FROM release_profile WHERE stream = $1";

    /// <summary>Person, recipients, entered_at, version, facts, quarter, cell.</summary>
    public const string Waiting =
        $"""
        SELECT w.person, s.recipients, w.entered_at, w.version, w.facts, CAST(NULL AS text), w.cell
        FROM pool AS w JOIN consent AS s ON s.person = w.person LEFT JOIN cell AS c ON c.cell = w.cell LEFT JOIN release_profile AS p ON p.stream = c.stream
        WHERE w.person > $1 AND s.until > $3 AND {PermitsSome} AND (w.cell IS NULL OR c.publication > coalesce(p.published, 0))
        ORDER BY w.person LIMIT $2
        """;

    /// <summary>As <see cref="Waiting"/>, of persons in or out of a cell. Each kind of store says of whom.</summary>
    public const string Persons =
        $"""
        SELECT s.person, s.recipients & ~coalesce(m.lost, 0), coalesce(w.entered_at, 0), coalesce(w.version, 0), w.facts, c.quarter, m.cell
        FROM consent AS s LEFT JOIN cell_member AS m ON m.person = s.person LEFT JOIN cell AS c ON c.cell = m.cell LEFT JOIN pool AS w ON w.person = s.person
        WHERE s.until > $2 AND {StillPermitsSome} AND s.person
        """;

    public const string CountWaiting =
        $"SELECT count(*) FROM pool AS w JOIN consent AS s ON s.person = w.person WHERE w.cell IS NULL AND s.until > $1 AND {PermitsSome}";

    public const string Cells = "SELECT cell, stream, quarter, recipients, publication, region FROM cell WHERE NOT retired ORDER BY cell";

    public const string CellMembers =
        """
        SELECT m.cell, m.person, CASE WHEN s.until > $1 THEN s.recipients & ~m.lost ELSE 0 END
        FROM cell_member AS m JOIN cell AS c ON c.cell = m.cell LEFT JOIN consent AS s ON s.person = m.person WHERE NOT c.retired ORDER BY m.cell, m.person
        """;

    public const string Settled =
        "SELECT s.cell, s.milestone, s.status, s.publication FROM settled AS s JOIN cell AS c ON c.cell = s.cell WHERE NOT c.retired ORDER BY s.cell, s.milestone";

    /// <summary>Of present versions that no prepared one replaces already.</summary>
    public const string Revised =
        $"""
        SELECT DISTINCT r.cell, r.milestone
        FROM outcome AS o JOIN released AS r ON r.person = o.person AND r.milestone = o.milestone
        JOIN cell AS c ON c.cell = r.cell JOIN release_profile AS p ON p.stream = c.stream
        JOIN cell_member AS m ON m.person = o.person JOIN consent AS s ON s.person = o.person
        WHERE o.publication IS NULL AND r.superseded IS NULL AND r.publication <= p.published AND NOT c.retired AND s.until > $2
          AND (s.recipients & c.recipients & ~m.lost & 15) <> 0 AND (s.recipients & c.recipients & ~m.lost & 240) <> 0
        ORDER BY r.cell, r.milestone LIMIT $1
        """;

    /// <summary>Person, milestone, cell, publication, values, epoch, batch and row that it corrects.</summary>
    public const string Undelivered =
        $"""
        WITH living AS MATERIALIZED (
            SELECT m.cell FROM cell_member AS m JOIN cell AS c ON c.cell = m.cell JOIN consent AS s ON s.person = m.person
            WHERE {Permits} AND s.until > $8 AND (c.recipients & $2) = $2 GROUP BY m.cell HAVING count(*) >= $3)
        SELECT r.person, r.milestone, r.cell, r.publication, r.values_,
               (SELECT d.epoch FROM delivery_cell AS d WHERE d.recipient = $1 AND d.cell = r.cell AND {IsCommitted} ORDER BY d.batch DESC LIMIT 1),
               e.batch, e.row
        FROM released AS r JOIN cell_member AS m ON m.person = r.person JOIN consent AS s ON s.person = r.person
        LEFT JOIN delivery_row AS e ON e.person = r.person AND e.recipient = $1 AND e.milestone = r.milestone AND e.publication = (
            SELECT max(d.publication) FROM delivery_row AS d
            WHERE d.person = r.person AND d.recipient = $1 AND d.milestone = r.milestone AND d.publication < r.publication AND d.tombstone IS NULL AND {IsCommitted})
        WHERE (r.person, r.milestone) > ($5, $6) AND r.publication <= $4 AND (r.superseded IS NULL OR r.superseded > $4)
          AND {Permits} AND s.until > $8 AND r.cell IN (SELECT l.cell FROM living AS l)
          AND NOT EXISTS (
              SELECT 1 FROM delivery_row AS d
              WHERE d.person = r.person AND d.recipient = $1 AND d.milestone = r.milestone AND d.publication = r.publication AND {IsCommitted})
        ORDER BY r.person, r.milestone LIMIT $7
        """;

    /// <summary>Batch, row, person, cell, milestone, leaf.</summary>
    public const string Untold =
        $"""
        WITH living AS MATERIALIZED (
            SELECT m.cell FROM cell_member AS m JOIN cell AS c ON c.cell = m.cell JOIN consent AS s ON s.person = m.person
            WHERE {Permits} AND s.until > $6 AND (c.recipients & $2) = $2 GROUP BY m.cell HAVING count(*) >= $3)
        SELECT d.batch, d.row, d.person, m.cell, d.milestone, d.leaf
        FROM delivery_row AS d JOIN cell_member AS m ON m.person = d.person LEFT JOIN consent AS s ON s.person = d.person
        LEFT JOIN released AS r ON r.person = d.person AND r.milestone = d.milestone AND r.publication = d.publication
        WHERE d.recipient = $1 AND d.tombstone IS NULL AND {IsCommitted}
          AND NOT coalesce({Permits} AND s.until > $6 AND (r.superseded IS NULL OR r.superseded > $4) AND r.cell IN (SELECT l.cell FROM living AS l), false)
        ORDER BY d.batch, d.row LIMIT $5
        """;

    public const string Batches =
        """
        SELECT number, publication, published_at, rows, root, manifest, signature, acknowledged_at
        FROM delivery_batch WHERE recipient = $1 AND number > $2 ORDER BY number LIMIT $3
        """;

    /// <summary>
    /// Row, person, cell, milestone, publication, epoch, leaf, tombstone, values. What was told to be withdrawn or corrected is never given again. What is corrected and was not told yet is given as it was:
    /// without it, and before its correction, the cell would be short for a recipient whose next publication day comes later. Persons, and of each cell no more than k members, are looked up one by one:
    /// a planner that cannot know how many permit would join whole tables for each page.
    /// </summary>
    public const string BatchRows =
        $"""
        WITH page AS MATERIALIZED (
            SELECT d.row, d.person, d.milestone, d.publication, d.epoch, d.leaf, d.tombstone, (SELECT m.cell FROM cell_member AS m WHERE m.person = d.person) AS cell
            FROM delivery_row AS d WHERE d.recipient = $1 AND d.batch = $4 AND d.row >= $5 ORDER BY d.row LIMIT $6),
        living AS MATERIALIZED (
            SELECT q.cell FROM (SELECT DISTINCT p.cell FROM page AS p) AS q JOIN cell AS c ON c.cell = q.cell
            WHERE (c.recipients & $2) = $2 AND (
                SELECT count(*) FROM (
                    SELECT 1 FROM cell_member AS m JOIN consent AS s ON s.person = m.person
                    WHERE m.cell = q.cell AND {Permits} AND s.until > $7 LIMIT $3) AS permitting) >= $3)
        SELECT d.row, d.person, coalesce(d.cell, ''), d.milestone, d.publication, d.epoch, d.leaf, d.tombstone,
               CASE WHEN d.tombstone IS NULL AND d.cell IN (SELECT l.cell FROM living AS l) THEN (
                   SELECT r.values_ FROM released AS r JOIN cell_member AS m ON m.person = r.person JOIN consent AS s ON s.person = r.person
                   WHERE r.person = d.person AND r.milestone = d.milestone AND r.publication = d.publication AND length(r.values_) > 0 AND {Permits} AND s.until > $7) END
        FROM page AS d ORDER BY d.row
        """;

    public const string Agreements =
        """
        SELECT agreement, partner, profile, required, fields, valid_from, valid_to, quota, epoch, status
        FROM agreement WHERE $1 = '' OR partner = $1 ORDER BY agreement
        """;

    public const string Documents =
        "SELECT number, document, signature FROM exchange_document WHERE kind = $1 AND name = $2 AND number > $3 ORDER BY number LIMIT $4";
}
