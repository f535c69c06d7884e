namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// The statements of <see cref="ProjectionSteps"/>. $1 and $2 are stream and version; each statement takes only rows of commands that this
/// very transaction has inserted.
/// </summary>
internal static class ProjectionStatements
{
    /// <summary>As a subquery for one value, so that it is a look-up by key for each row, whatever the planner thinks of the table.</summary>
    internal const string Inserted =
        "(SELECT j.tx = pg_current_xact_id() FROM journal AS j WHERE j.stream = n.stream AND j.version = n.version)";

    public const string Clinic =
        $"INSERT INTO clinic (stream, clinic) SELECT n.stream, n.clinic FROM unnest($1::text[], $2::bigint[], $3::text[]) AS n(stream, version, clinic) WHERE {Inserted}";

    public const string Patient =
        $"""
        INSERT INTO patient (stream, home_clinic, record_number, given_name, family_name, birth_date)
        SELECT n.stream, n.home_clinic, n.record_number, n.given_name, n.family_name, n.birth_date
        FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[])
             AS n(stream, version, home_clinic, record_number, given_name, family_name, birth_date)
        WHERE {Inserted}
        ON CONFLICT (stream) DO UPDATE SET home_clinic = excluded.home_clinic, record_number = excluded.record_number,
            given_name = excluded.given_name, family_name = excluded.family_name, birth_date = excluded.birth_date
        """;

    public const string PatientConsent =
        $"""
        INSERT INTO consent (person, recipients) SELECT n.stream, 0 FROM unnest($1::text[], $2::bigint[]) AS n(stream, version) WHERE {Inserted}
        ON CONFLICT (person) DO NOTHING
        """;

    public const string SitesClear =
        $"DELETE FROM patient_access AS a USING unnest($1::text[], $2::bigint[]) AS n(stream, version) WHERE a.stream = n.stream AND {Inserted}";

    public const string SitesSet =
        $"""
        INSERT INTO patient_access (site, stream)
        SELECT n.site, n.stream FROM unnest($1::text[], $2::bigint[], $3::text[]) AS n(stream, version, site) WHERE {Inserted}
        ON CONFLICT DO NOTHING
        """;

    public const string DoubleDismissed =
        $"""
        UPDATE probable_double AS d SET dismissed_in = n.stream, dismissed_version = n.version
        FROM unnest($1::text[], $2::bigint[], $3::text[]) AS n(stream, version, double)
        WHERE d.double = n.double AND d.dismissed_in IS NULL AND {Inserted}
        """;

    public const string DoubleReopened =
        $"""
        UPDATE probable_double AS d SET dismissed_in = NULL, dismissed_version = NULL
        FROM unnest($1::text[], $2::bigint[], $3::text[]) AS n(stream, version, double)
        WHERE d.double = n.double AND d.dismissed_in = n.stream AND {Inserted}
        """;

    public const string Feed =
        $"""
        INSERT INTO feed (site, stream, version, kind, plan_changed, command, recorded_at)
        SELECT n.site, n.stream, n.version, n.kind, n.plan_changed, n.command, n.recorded_at
        FROM unnest($1::text[], $2::bigint[], $3::text[], $4::integer[], $5::boolean[], $6::text[], $7::bigint[])
             WITH ORDINALITY AS n(stream, version, site, kind, plan_changed, command, recorded_at, place)
        WHERE {Inserted}
        ORDER BY n.place
        """;

    /// <summary>Open rows are told by coalesce, which no index of open rows fits: a planner without statistics reads all that is open through it, once for each command.</summary>
    public const string DueDone =
        $"""
        UPDATE due SET done_version = n.version, done_at = n.now
        FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[]) AS n(stream, version, kind, now)
        WHERE due.stream = n.stream AND due.kind = n.kind AND coalesce(due.done_version, 0) = 0 AND {Inserted}
        """;

    /// <summary>
    /// A row that was done at its time or later stays done: its request id may be used up, and an open row that answers "already done" would
    /// be run without end. One that was taken back before its time, or by this very command, is due again: nothing must be forgotten.
    /// </summary>
    public const string DueSet =
        $"""
        INSERT INTO due (stream, kind, at)
        SELECT n.stream, n.kind, n.at FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[]) AS n(stream, version, kind, at) WHERE {Inserted}
        ON CONFLICT (stream, kind, at) DO UPDATE SET done_version = NULL, done_at = NULL, leased_until = NULL
        WHERE due.done_at < due.at
           OR (SELECT j.tx = pg_current_xact_id() FROM journal AS j WHERE j.stream = due.stream AND j.version = due.done_version)
        """;

    public const string FollowUpDone =
        $"""
        UPDATE follow_up SET done = true FROM unnest($1::text[], $2::bigint[], $3::text[]) AS n(stream, version, milestone)
        WHERE follow_up.stream = n.stream AND follow_up.milestone = n.milestone AND {Inserted}
        """;

    public const string FollowUpSet =
        $"""
        INSERT INTO follow_up (stream, milestone, clinic, opens_at, closes_at, ends_at)
        SELECT n.stream, n.milestone, n.clinic, n.opens_at, n.closes_at, n.ends_at
        FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[])
             AS n(stream, version, milestone, clinic, opens_at, closes_at, ends_at)
        WHERE {Inserted}
        ON CONFLICT (stream, milestone)
        DO UPDATE SET clinic = excluded.clinic, opens_at = excluded.opens_at, closes_at = excluded.closes_at, ends_at = excluded.ends_at, done = false
        """;

    /// <summary>Shared with each other and with what prepares a publication; what seals or commits has it alone.</summary>
    public const string LockProfile = "SELECT count(*) FROM (SELECT 1 FROM release_profile ORDER BY stream FOR SHARE) AS locked";

    /// <summary>Only when something that was permitted is not any more, or a period was over: what widens consent waits for nobody.</summary>
    public const string LockProfileToWithdraw =
        """
        SELECT count(*) FROM (
            SELECT 1 FROM release_profile WHERE EXISTS (
                SELECT FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[]) AS n(stream, recipients, until, now) JOIN consent AS c ON c.person = n.stream
                WHERE c.recipients & ~n.recipients <> 0 OR n.until < c.until OR c.until <= n.now)
            ORDER BY stream FOR SHARE) AS locked
        """;

    /// <summary>First, by itself: a publication that holds the rows in share mode is waited for, and its cells are then seen.</summary>
    public const string LockConsent =
        "SELECT count(*) FROM (SELECT 1 FROM consent WHERE person = ANY ($1::text[]) ORDER BY person FOR NO KEY UPDATE) AS locked";

    /// <summary>Before <see cref="ConsentSet"/>: a period that was over takes everything away, whatever is permitted from now on.</summary>
    public const string ConsentLost =
        $"""
        UPDATE cell_member AS m SET lost = m.lost | CASE WHEN s.until <= n.now OR n.until <= n.now THEN c.recipients ELSE c.recipients & ~n.recipients END
        FROM unnest($1::text[], $2::bigint[], $3::integer[], $4::bigint[], $5::bigint[]) AS n(stream, version, recipients, until, now), cell AS c, consent AS s
        WHERE m.person = n.stream AND c.cell = m.cell AND s.person = n.stream AND {Inserted}
        """;

    public const string ConsentSet =
        $"""
        INSERT INTO consent (person, recipients, until)
        SELECT n.stream, n.recipients, n.until
        FROM unnest($1::text[], $2::bigint[], $3::integer[], $4::bigint[], $5::bigint[]) AS n(stream, version, recipients, until, now) WHERE {Inserted}
        ON CONFLICT (person) DO UPDATE SET recipients = excluded.recipients, until = excluded.until
        """;

    /// <summary>What was prepared of who permits nobody of the cell any more.</summary>
    public const string ClearPrepared =
        $"""
        DELETE FROM released AS r
        USING unnest($1::text[], $2::bigint[]) AS n(stream, version), cell_member AS m, cell AS c, release_profile AS p, consent AS s
        WHERE m.person = n.stream AND c.cell = m.cell AND p.stream = c.stream AND s.person = n.stream AND r.person = n.stream AND r.publication > p.published
          AND (s.recipients & c.recipients & ~m.lost & 15 = 0 OR s.recipients & c.recipients & ~m.lost & 240 = 0) AND {Inserted}
        """;

    /// <summary>What was sealed, and not committed, for a recipient who is not permitted any more: the commit then finds a row too few.</summary>
    public const string ClearSealed =
        $"""
        DELETE FROM delivery_row AS d USING unnest($1::text[], $2::bigint[]) AS n(stream, version), cell_member AS m, consent AS s
        WHERE d.person = n.stream AND m.person = n.stream AND s.person = n.stream
          AND NOT EXISTS (SELECT FROM delivery_batch AS b WHERE b.recipient = d.recipient AND b.number = d.batch)
          AND NOT EXISTS (SELECT FROM agreement AS a WHERE a.agreement = d.recipient AND s.recipients & ~m.lost & a.required = a.required)
          AND {Inserted}
        """;

    /// <summary>Who is in a cell is there once and for ever and does not wait again. Who enters again has waited since the first time.</summary>
    public const string Pool =
        $"""
        INSERT INTO pool (person, version, facts, entered_at)
        SELECT n.stream, n.version, n.facts, n.now FROM unnest($1::text[], $2::bigint[], $3::bytea[], $4::bigint[]) AS n(stream, version, facts, now)
        WHERE {Inserted} AND NOT EXISTS (SELECT 1 FROM cell_member AS m WHERE m.person = n.stream)
        ON CONFLICT (person) DO UPDATE SET version = excluded.version, facts = excluded.facts
        """;

    public const string Outcome =
        $"""
        INSERT INTO outcome (person, milestone, version, values_)
        SELECT n.stream, n.milestone, n.version, n.values_
        FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[]) AS n(stream, version, milestone, values_) WHERE {Inserted}
        ON CONFLICT (person, milestone) DO UPDATE SET version = excluded.version, values_ = excluded.values_, publication = NULL
        """;

    /// <summary>Of what waits, or was released: then it waits again, as a correction. What was withheld stays so.</summary>
    public const string OutcomeRevised =
        $"""
        INSERT INTO outcome AS o (person, milestone, version, values_)
        SELECT n.stream, n.milestone, n.version, n.values_
        FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[]) AS n(stream, version, milestone, values_)
        WHERE {Inserted}
          AND (EXISTS (SELECT FROM outcome AS w WHERE w.person = n.stream AND w.milestone = n.milestone)
               OR EXISTS (SELECT FROM released AS r WHERE r.person = n.stream AND r.milestone = n.milestone AND r.superseded IS NULL))
        ON CONFLICT (person, milestone) DO UPDATE SET version = excluded.version, values_ = excluded.values_, publication = CASE
            WHEN EXISTS (SELECT FROM released AS r WHERE r.person = o.person AND r.milestone = o.milestone AND r.superseded IS NULL) THEN NULL ELSE o.publication END
        """;

    public const string Agreement =
        $"""
        INSERT INTO agreement (agreement, partner, profile, required, fields, valid_from, valid_to, quota, epoch, status)
        SELECT n.agreement, n.partner, n.profile, n.required, n.fields, n.valid_from, n.valid_to, n.quota, n.epoch, n.status
        FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::text[], $8::bigint[], $9::bigint[], $10::bigint[], $11::integer[], $12::text[])
             AS n(stream, version, agreement, partner, profile, required, fields, valid_from, valid_to, quota, epoch, status)
        WHERE {Inserted}
        ON CONFLICT (agreement) DO UPDATE SET partner = excluded.partner, profile = excluded.profile, required = excluded.required, fields = excluded.fields,
            valid_from = excluded.valid_from, valid_to = excluded.valid_to, quota = excluded.quota, epoch = excluded.epoch, status = excluded.status
        """;

    public const string Acknowledged =
        $"""
        UPDATE delivery_batch AS b SET acknowledged_at = n.at
        FROM unnest($1::text[], $2::bigint[], $3::text[], $4::integer[], $5::bigint[]) AS n(stream, version, recipient, number, at)
        WHERE b.recipient = n.recipient AND b.number = n.number AND b.acknowledged_at IS NULL AND {Inserted}
        """;

    public const string Document =
        $"""
        INSERT INTO exchange_document (kind, name, number, document, signature)
        SELECT n.kind, n.name, n.number, n.document, n.signature
        FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::integer[], $6::bytea[], $7::bytea[])
             AS n(stream, version, kind, name, number, document, signature)
        WHERE {Inserted}
        ON CONFLICT DO NOTHING
        """;
}
