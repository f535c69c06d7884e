namespace ClinicNetwork.Journal.Postgres;

/// <summary>The statements of <see cref="PublicationWriter"/>.</summary>
internal static class PublicationStatements
{
    public const string Cells =
        """
        INSERT INTO cell (cell, stream, publication, quarter, recipients, region)
        SELECT n.cell, $1, $2, n.quarter, n.recipients, n.region FROM unnest($3::text[], $4::text[], $5::integer[], $6::bytea[]) AS n(cell, quarter, recipients, region)
        """;

    public const string Settled =
        """
        INSERT INTO settled (cell, milestone, status, publication)
        SELECT n.cell, n.milestone, n.status, $1 FROM unnest($2::text[], $3::text[], $4::text[]) AS n(cell, milestone, status)
        ON CONFLICT (cell, milestone) DO UPDATE SET status = excluded.status, publication = excluded.publication
        """;

    /// <summary>A settled milestone is never looked at again; the values are kept for who is in a cell that is dissolved before the commit.</summary>
    public const string UseOutcomesOfCells =
        """
        UPDATE outcome AS o SET publication = $1 FROM unnest($2::text[], $3::text[]) AS n(cell, milestone), cell_member AS m
        WHERE m.cell = n.cell AND o.person = m.person AND o.milestone = n.milestone AND o.publication IS DISTINCT FROM $1
        """;

    public const string Rows =
        """
        INSERT INTO released (person, milestone, publication, cell, values_)
        SELECT n.person, n.milestone, $1, n.cell, n.values_ FROM unnest($2::text[], $3::text[], $4::text[], $5::bytea[]) AS n(person, cell, milestone, values_)
        """;

    /// <summary>$1: the recipient, $2: persons, one for each row, $3: the time at which consent must hold.</summary>
    public const string CountNotPermitted =
        """
        SELECT count(*) FROM unnest($2::text[]) AS n(person) JOIN agreement AS a ON a.agreement = $1
        LEFT JOIN cell_member AS m ON m.person = n.person LEFT JOIN consent AS s ON s.person = n.person
        WHERE NOT coalesce(s.recipients & ~m.lost & a.required = a.required AND s.until > $3, false)
        """;

    public const string ClearSealed = "DELETE FROM delivery_row WHERE recipient = $1 AND batch = $2 AND row >= $3 AND row < $4";

    public const string SealedRows =
        """
        INSERT INTO delivery_row (recipient, batch, row, person, milestone, publication, epoch, leaf)
        SELECT $1, $2, $3 + n.row - 1, n.person, n.milestone, n.publication, n.epoch, n.leaf
        FROM unnest($4::text[], $5::text[], $6::integer[], $7::integer[], $8::bytea[]) WITH ORDINALITY AS n(person, milestone, publication, epoch, leaf, row)
        """;

    public const string SealedCells =
        """
        INSERT INTO delivery_cell (recipient, cell, batch, epoch)
        SELECT $1, m.cell, $2, max(n.epoch) FROM unnest($3::text[], $4::integer[]) AS n(person, epoch) JOIN cell_member AS m ON m.person = n.person GROUP BY m.cell
        ON CONFLICT (recipient, cell, batch) DO UPDATE SET epoch = greatest(delivery_cell.epoch, excluded.epoch)
        """;

    /// <summary>-1 when a row lies beyond the last.</summary>
    public const string CountSealed = "SELECT CASE WHEN max(row) >= $3 THEN -1 ELSE count(*) END FROM delivery_row WHERE recipient = $1 AND batch = $2";

    public const string Batch =
        """
        INSERT INTO delivery_batch (recipient, number, publication, published_at, rows, root, manifest, signature) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    public const string Tombstones =
        """
        UPDATE delivery_row AS d SET tombstone = $2 FROM unnest($3::integer[], $4::bigint[]) AS n(batch, row)
        WHERE d.recipient = $1 AND d.batch = n.batch AND d.row = n.row AND d.tombstone IS NULL
        """;

    public const string Documents =
        """
        INSERT INTO exchange_document (kind, name, number, document, signature)
        SELECT n.kind, n.name, n.number, n.document, n.signature
        FROM unnest($1::text[], $2::text[], $3::integer[], $4::bytea[], $5::bytea[]) AS n(kind, name, number, document, signature)
        ON CONFLICT DO NOTHING
        """;

    /// <summary>$1: persons, $2: their cells.</summary>
    public static readonly string[] Members =
    [
        "UPDATE pool AS p SET cell = n.cell FROM unnest($1::text[], $2::text[]) AS n(person, cell) WHERE p.person = n.person",
        "INSERT INTO cell_member (person, cell) SELECT * FROM unnest($1::text[], $2::text[])",
    ];

    /// <summary>$1: the publication, $2: persons, $3: milestones.</summary>
    public static readonly string[] ReplaceVersions =
    [
        """
        UPDATE released AS r SET superseded = $1 FROM unnest($2::text[], $3::text[]) AS n(person, milestone)
        WHERE r.person = n.person AND r.milestone = n.milestone AND r.publication < $1 AND r.superseded IS NULL
        """,
        """
        UPDATE outcome AS o SET publication = $1 FROM unnest($2::text[], $3::text[]) AS n(person, milestone)
        WHERE o.person = n.person AND o.milestone = n.milestone AND o.publication IS DISTINCT FROM $1
        """,
    ];

    /// <summary>$1: the publication, $2: cells, $3: their milestones.</summary>
    public static readonly string[] TakeBack =
    [
        """
        UPDATE released AS r SET superseded = $1 FROM unnest($2::text[], $3::text[]) AS n(cell, milestone), cell_member AS m
        WHERE m.cell = n.cell AND r.person = m.person AND r.milestone = n.milestone AND r.publication < $1 AND r.superseded IS NULL
        """,
        """
        DELETE FROM released AS r USING unnest($2::text[], $3::text[]) AS n(cell, milestone), cell_member AS m
        WHERE m.cell = n.cell AND r.person = m.person AND r.milestone = n.milestone AND r.publication = $1
        """,
    ];

    private const string ClearPrepared =
        "DELETE FROM released AS r USING cell_member AS m WHERE m.cell = ANY ($1::text[]) AND r.person = m.person AND r.publication = $2";

    /// <summary>$1: cells, $2: the publication.</summary>
    public static readonly string[] Retire =
    [
        ClearPrepared,
        "UPDATE settled SET status = 'RETIRED' WHERE cell = ANY ($1::text[]) AND publication = $2",
        "UPDATE cell SET retired = true WHERE cell = ANY ($1::text[]) AND $2 > 0",
    ];

    /// <summary>$1: cells, $2: the publication that formed them.</summary>
    public static readonly string[] Dissolve =
    [
        ClearPrepared,
        "UPDATE outcome AS o SET publication = NULL FROM cell_member AS m WHERE m.cell = ANY ($1::text[]) AND o.person = m.person AND o.publication = $2",
        "UPDATE pool AS p SET cell = NULL FROM cell_member AS m WHERE m.cell = ANY ($1::text[]) AND p.person = m.person AND $2 > 0",
        "DELETE FROM settled WHERE cell = ANY ($1::text[]) AND $2 > 0",
        "DELETE FROM cell_member WHERE cell = ANY ($1::text[]) AND $2 > 0",
        "DELETE FROM cell WHERE cell = ANY ($1::text[]) AND $2 > 0",
    ];
}
