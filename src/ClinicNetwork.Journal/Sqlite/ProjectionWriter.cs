using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>
/// Writes a command's projections in its transaction, in the order given. Returns the name of a unique key that is taken, or null; then
/// the caller undoes the savepoint.
/// </summary>
internal sealed class ProjectionWriter(BlindIndex index, PublicationWriter publications)
{
    public string? Write(SqliteSession writer, Append append, StreamKey key, long recordedAt)
    {
        foreach (var projection in append.Projections)
        {
            if (Write(writer, append, key, recordedAt, projection) is { } taken)
            {
                return taken;
            }
        }

        return null;
    }

    private string? Write(SqliteSession writer, Append append, StreamKey key, long recordedAt, Projection projection)
    {
        switch (projection)
        {
            case Projection.ClinicIndexed clinic:
                return writer.Execute(
                    "INSERT INTO clinic (stream, clinic) VALUES ($stream, $clinic) ON CONFLICT DO NOTHING",
                    ("$stream", append.Stream),
                    ("$clinic", clinic.Clinic)) == 1 ? null : "clinic";
            case Projection.PatientIndexed patient:
                return WritePatient(writer, append.Stream, patient);
            case Projection.SitesSet sites:
                WriteSites(writer, append.Stream, sites.Sites);
                return null;
            case Projection.FeedReference reference:
                writer.Execute(
                    "INSERT INTO feed (site, stream, version, kind, plan_changed) VALUES ($site, $stream, $version, $kind, $plan_changed)",
                    ("$site", reference.Site),
                    ("$stream", append.Stream),
                    ("$version", append.Version),
                    ("$kind", (int)reference.Kind),
                    ("$plan_changed", reference.PlanChanged ? 1 : 0));
                return null;
            case Projection.DueSet due:
                WriteDue(writer, append, due);
                return null;
            case Projection.DueDone done:
                writer.Execute(
                    "UPDATE due SET done_version = $version, done_at = $now WHERE stream = $stream AND kind = $kind AND done_version IS NULL",
                    ("$version", append.Version),
                    ("$now", recordedAt),
                    ("$stream", append.Stream),
                    ("$kind", done.Kind));
                return null;
            case Projection.FollowUpSet visit:
                WriteFollowUp(writer, append.Stream, visit);
                return null;
            case Projection.FollowUpDone visit:
                writer.Execute(
                    "UPDATE follow_up SET done = 1 WHERE stream = $stream AND milestone = $milestone",
                    ("$stream", append.Stream),
                    ("$milestone", visit.Milestone));
                return null;
            case Projection.ConsentSet consent:
                writer.Execute(
                    """
                    INSERT INTO consent (person, recipients) VALUES ($person, $recipients)
                    ON CONFLICT (person) DO UPDATE SET recipients = excluded.recipients
                    """,
                    ("$person", append.Stream),
                    ("$recipients", consent.Recipients));
                writer.Execute(
                    """
                    UPDATE cell_member SET lost = lost | ((SELECT recipients FROM cell WHERE cell.cell = cell_member.cell) & ~$recipients)
                    WHERE person = $person
                    """,
                    ("$person", append.Stream),
                    ("$recipients", consent.Recipients));
                return null;
            case Projection.PoolEntered entry:
                WritePool(writer, append, key, entry);
                return null;
            case Projection.OutcomeReady outcome:
                WriteOutcome(writer, append, key, outcome);
                return null;
            case Projection.OutcomeRevised outcome:
                ReviseOutcome(writer, append, key, outcome);
                return null;
            case Projection.Published published:
                return publications.Write(writer, key, published.Publication);
            case Projection.HolderAdded or Projection.Erased or Projection.HolderDestroyed:
                return null; // About keys: after all others.
            default:
                throw new NotSupportedException($"No table for {projection.GetType().Name}.");
        }
    }

    private string? WritePatient(SqliteSession writer, string stream, Projection.PatientIndexed patient)
    {
        var recordNumber = index.RecordNumber(patient.HomeClinic, patient.RecordNumber);
        var taken = writer.Number(
            "SELECT count(*) FROM patient WHERE home_clinic = $home_clinic AND record_number = $record_number AND stream <> $stream",
            ("$home_clinic", patient.HomeClinic),
            ("$record_number", recordNumber),
            ("$stream", stream));
        if (taken > 0)
        {
            return "record_number";
        }

        writer.Execute(
            """
            INSERT INTO patient (stream, home_clinic, record_number, given_name, family_name, birth_date)
            VALUES ($stream, $home_clinic, $record_number, $given_name, $family_name, $birth_date)
            ON CONFLICT (stream) DO UPDATE SET home_clinic = excluded.home_clinic, record_number = excluded.record_number,
                given_name = excluded.given_name, family_name = excluded.family_name, birth_date = excluded.birth_date
            """,
            ("$stream", stream),
            ("$home_clinic", patient.HomeClinic),
            ("$record_number", recordNumber),
            ("$given_name", index.Name("given-name", patient.GivenName)),
            ("$family_name", index.Name("family-name", patient.FamilyName)),
            ("$birth_date", index.BirthDate(patient.BirthDate)));
        writer.Execute("INSERT INTO consent (person, recipients) VALUES ($person, 0) ON CONFLICT (person) DO NOTHING", ("$person", stream));
        return null;
    }

    private static void WriteSites(SqliteSession writer, string stream, IReadOnlyList<string> sites)
    {
        writer.Execute("DELETE FROM patient_access WHERE stream = $stream", ("$stream", stream));
        foreach (var site in sites)
        {
            writer.Execute(
                "INSERT INTO patient_access (site, stream) VALUES ($site, $stream) ON CONFLICT DO NOTHING",
                ("$site", site),
                ("$stream", stream));
        }
    }

    /// <summary>
    /// A row that was done at its time or later stays done: its request id may be used up, and an open row that answers "already done" would
    /// be run without end. One that was taken back before its time, or by this very command, is due again: nothing must be forgotten.
    /// </summary>
    private static void WriteDue(SqliteSession writer, Append append, Projection.DueSet due) =>
        writer.Execute(
            """
            INSERT INTO due (stream, kind, at) VALUES ($stream, $kind, $at)
            ON CONFLICT (stream, kind, at)
            DO UPDATE SET done_version = NULL, done_at = NULL WHERE done_version = $version OR done_at < at
            """,
            ("$stream", append.Stream),
            ("$kind", due.Kind),
            ("$at", StoredTime.ToStored(due.At)),
            ("$version", append.Version));

    private static void WriteFollowUp(SqliteSession writer, string stream, Projection.FollowUpSet visit) =>
        writer.Execute(
            """
            INSERT INTO follow_up (stream, milestone, clinic, opens_at, closes_at, ends_at) VALUES ($stream, $milestone, $clinic, $opens_at, $closes_at, $ends_at)
            ON CONFLICT (stream, milestone)
            DO UPDATE SET clinic = excluded.clinic, opens_at = excluded.opens_at, closes_at = excluded.closes_at, ends_at = excluded.ends_at, done = 0
            """,
            ("$stream", stream),
            ("$milestone", visit.Milestone),
            ("$clinic", visit.Clinic),
            ("$opens_at", StoredTime.ToStored(visit.OpensAt)),
            ("$closes_at", StoredTime.ToStored(visit.ClosesAt)),
            ("$ends_at", visit.EndsAt is { } ends ? StoredTime.ToStored(ends) : long.MaxValue));

    /// <summary>Who is in a cell is there once and for ever and does not wait again.</summary>
    private static void WritePool(SqliteSession writer, Append append, StreamKey key, Projection.PoolEntered entry)
    {
        var facts = PayloadCodec.EncodeValues([entry.Quarter, .. entry.QuasiIdentifiers]);
        writer.Execute(
            """
            INSERT INTO pool (person, version, facts)
            SELECT $person, $version, $facts WHERE NOT EXISTS (SELECT 1 FROM cell_member WHERE person = $person)
            ON CONFLICT (person) DO UPDATE SET version = excluded.version, facts = excluded.facts
            """,
            ("$person", append.Stream),
            ("$version", append.Version),
            ("$facts", Envelope.Seal(key, ReleasePlaces.Pool(append.Stream, append.Version), facts)));
    }

    private static void WriteOutcome(SqliteSession writer, Append append, StreamKey key, Projection.OutcomeReady outcome) =>
        writer.Execute(
            """
            INSERT INTO outcome (person, milestone, version, values_) VALUES ($person, $milestone, $version, $values)
            ON CONFLICT (person, milestone) DO UPDATE SET version = excluded.version, values_ = excluded.values_
            """,
            ("$person", append.Stream),
            ("$milestone", outcome.Milestone),
            ("$version", append.Version),
            ("$values", SealOutcome(append, key, outcome.Milestone, outcome.Values)));

    private static void ReviseOutcome(SqliteSession writer, Append append, StreamKey key, Projection.OutcomeRevised outcome) =>
        writer.Execute(
            "UPDATE outcome SET version = $version, values_ = $values WHERE person = $person AND milestone = $milestone",
            ("$person", append.Stream),
            ("$milestone", outcome.Milestone),
            ("$version", append.Version),
            ("$values", SealOutcome(append, key, outcome.Milestone, outcome.Values)));

    private static byte[] SealOutcome(Append append, StreamKey key, string milestone, IReadOnlyList<string> values) =>
        Envelope.Seal(key, ReleasePlaces.Outcome(append.Stream, append.Version, milestone), PayloadCodec.EncodeValues(values));
}
