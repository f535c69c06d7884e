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

    public const string Feed =
        $"""
        INSERT INTO feed (site, stream, version, kind, plan_changed, command, recorded_at)
        SELECT n.site, n.stream, n.version, n.kind, n.plan_changed, n.command, n.recorded_at
        FROM unnest($1::text[], $2::bigint[], $3::text[], $4::integer[], $5::boolean[], $6::text[], $7::bigint[])
             WITH ORDINALITY AS n(stream, version, site, kind, plan_changed, command, recorded_at, place)
        WHERE {Inserted}
        ORDER BY n.place
        """;

    public const string DueDone =
        $"""
        UPDATE due SET done_version = n.version, done_at = n.now
        FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[]) AS n(stream, version, kind, now)
        WHERE due.stream = n.stream AND due.kind = n.kind AND due.done_version IS NULL AND {Inserted}
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

    /// <summary>The consent row first, by itself: a publication that holds it in share mode is waited for, and its cells are then seen.</summary>
    public const string ConsentSet =
        $"""
        INSERT INTO consent (person, recipients)
        SELECT n.stream, n.recipients FROM unnest($1::text[], $2::bigint[], $3::integer[]) AS n(stream, version, recipients) WHERE {Inserted}
        ON CONFLICT (person) DO UPDATE SET recipients = excluded.recipients
        """;

    public const string ConsentLost =
        $"""
        UPDATE cell_member AS m SET lost = m.lost | (c.recipients & ~n.recipients)
        FROM unnest($1::text[], $2::bigint[], $3::integer[]) AS n(stream, version, recipients), cell AS c
        WHERE m.person = n.stream AND c.cell = m.cell AND {Inserted}
        """;

    public const string LockConsent =
        "SELECT count(*) FROM (SELECT 1 FROM consent WHERE person = ANY ($1::text[]) ORDER BY person FOR NO KEY UPDATE) AS locked";

    /// <summary>Who is in a cell is there once and for ever and does not wait again.</summary>
    public const string Pool =
        $"""
        INSERT INTO pool (person, version, facts)
        SELECT n.stream, n.version, n.facts FROM unnest($1::text[], $2::bigint[], $3::bytea[]) AS n(stream, version, facts)
        WHERE {Inserted} AND NOT EXISTS (SELECT 1 FROM cell_member AS m WHERE m.person = n.stream)
        ON CONFLICT (person) DO UPDATE SET version = excluded.version, facts = excluded.facts
        """;

    public const string Outcome =
        $"""
        INSERT INTO outcome (person, milestone, version, values_)
        SELECT n.stream, n.milestone, n.version, n.values_
        FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[]) AS n(stream, version, milestone, values_) WHERE {Inserted}
        ON CONFLICT (person, milestone) DO UPDATE SET version = excluded.version, values_ = excluded.values_
        """;

    public const string OutcomeRevised =
        $"""
        UPDATE outcome AS o SET version = n.version, values_ = n.values_
        FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[]) AS n(stream, version, milestone, values_)
        WHERE o.person = n.stream AND o.milestone = n.milestone AND {Inserted}
        """;
}
