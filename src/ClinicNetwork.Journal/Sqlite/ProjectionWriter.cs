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
                WriteConsent(writer, append.Stream, consent, recordedAt);
                return null;
            case Projection.PoolEntered entry:
                WritePool(writer, append, key, entry, recordedAt);
                return null;
            case Projection.AgreementSet { Agreement: var agreement }:
                WriteAgreement(writer, agreement);
                return null;
            case Projection.BatchAcknowledged batch:
                writer.Execute(
                    "UPDATE delivery_batch SET acknowledged_at = $at WHERE recipient = $recipient AND number = $number AND acknowledged_at IS NULL",
                    ("$at", StoredTime.ToStored(batch.At)),
                    ("$recipient", batch.Recipient),
                    ("$number", batch.Number));
                return null;
            case Projection.DocumentSigned { Document: var document }:
                PublicationWriter.WriteDocument(writer, document);
                return null;
            case Projection.OutcomeReady outcome:
                WriteOutcome(writer, append, key, outcome);
                return null;
            case Projection.OutcomeRevised outcome:
                ReviseOutcome(writer, append, key, outcome);
                return null;
            case Projection.PublicationPrepared { Step: var step }:
                return publications.Prepare(writer, key, step, recordedAt);
            case Projection.RowsSealed { Rows: var rows }:
                return PublicationWriter.Seal(writer, rows, recordedAt);
            case Projection.PublicationCommitted { Commit: var commit }:
                return PublicationWriter.Commit(writer, append.Stream, commit);
            case Projection.LedgerReplayed { Step: var step }:
                return PublicationWriter.Replay(writer, key, step);
            case Projection.DoubleDismissed dismissed:
                writer.Execute(
                    "UPDATE probable_double SET dismissed_in = $stream, dismissed_version = $version WHERE double = $double AND dismissed_in IS NULL",
                    ("$stream", append.Stream),
                    ("$version", append.Version),
                    ("$double", dismissed.Double));
                return null;
            case Projection.DoubleReopened reopened:
                writer.Execute(
                    "UPDATE probable_double SET dismissed_in = NULL, dismissed_version = NULL WHERE double = $double AND dismissed_in = $stream",
                    ("$stream", append.Stream),
                    ("$double", reopened.Double));
                return null;
            case Projection.RecordsSubmitted records:
                SubmissionRows.Write(writer, append, key, records.Rows);
                return null;
            case Projection.RecordsDropped:
                SubmissionRows.Drop(writer, append.Stream);
                return null;
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

    /// <summary>
    /// What is taken away of a person in a cell is lost for ever, all of it when a period was over; what is prepared or sealed of the person and may not be given any more goes, so
    /// that the commit finds too few rows.
    /// </summary>
    private static void WriteConsent(SqliteSession writer, string person, Projection.ConsentSet consent, long now)
    {
        var until = consent.Until == DateTimeOffset.MaxValue ? long.MaxValue : StoredTime.ToStored(consent.Until);
        writer.Execute(
            """
            UPDATE cell_member SET lost = lost | ((SELECT recipients FROM cell WHERE cell.cell = cell_member.cell)
                & CASE WHEN $until <= $now OR (SELECT c.until FROM consent AS c WHERE c.person = $person) <= $now THEN -1 ELSE ~$recipients END)
            WHERE person = $person
            """,
            ("$until", until),
            ("$now", now),
            ("$person", person),
            ("$recipients", consent.Recipients));
        writer.Execute(
            """
            INSERT INTO consent (person, recipients, until) VALUES ($person, $recipients, $until)
            ON CONFLICT (person) DO UPDATE SET recipients = excluded.recipients, until = excluded.until
            """,
            ("$person", person),
            ("$recipients", consent.Recipients),
            ("$until", until));
        writer.Execute(
            """
            DELETE FROM released WHERE person = $person AND EXISTS (
                SELECT 1 FROM cell_member AS m JOIN cell AS c ON c.cell = m.cell LEFT JOIN release_profile AS p ON p.stream = c.stream
                WHERE m.person = $person AND released.publication > coalesce(p.published, 0)
                  AND (($recipients & c.recipients & ~m.lost & 15) = 0 OR ($recipients & c.recipients & ~m.lost & 240) = 0))
            """,
            ("$person", person),
            ("$recipients", consent.Recipients));
        writer.Execute(
            """
            DELETE FROM delivery_row WHERE person = $person
              AND NOT EXISTS (SELECT 1 FROM delivery_batch AS b WHERE b.recipient = delivery_row.recipient AND b.number = delivery_row.batch)
              AND NOT EXISTS (
                  SELECT 1 FROM agreement AS a, cell_member AS m
                  WHERE a.agreement = delivery_row.recipient AND m.person = $person AND ($recipients & ~m.lost & a.required) = a.required)
            """,
            ("$person", person),
            ("$recipients", consent.Recipients));
    }

    /// <summary>Who is in a cell is there once and for ever and does not wait again. Who enters again has waited since the first time.</summary>
    private static void WritePool(SqliteSession writer, Append append, StreamKey key, Projection.PoolEntered entry, long now)
    {
        var facts = PayloadCodec.EncodeValues([entry.Quarter, .. entry.QuasiIdentifiers]);
        writer.Execute(
            """
            INSERT INTO pool (person, version, facts, entered_at)
            SELECT $person, $version, $facts, $now WHERE NOT EXISTS (SELECT 1 FROM cell_member WHERE person = $person)
            ON CONFLICT (person) DO UPDATE SET version = excluded.version, facts = excluded.facts
            """,
            ("$person", append.Stream),
            ("$version", append.Version),
            ("$facts", Envelope.Seal(key, ReleasePlaces.Pool(append.Stream, append.Version), facts)),
            ("$now", now));
    }

    private static void WriteOutcome(SqliteSession writer, Append append, StreamKey key, Projection.OutcomeReady outcome) =>
        writer.Execute(
            """
            INSERT INTO outcome (person, milestone, version, values_) VALUES ($person, $milestone, $version, $values)
            ON CONFLICT (person, milestone) DO UPDATE SET version = excluded.version, values_ = excluded.values_, publication = NULL
            """,
            ("$person", append.Stream),
            ("$milestone", outcome.Milestone),
            ("$version", append.Version),
            ("$values", SealOutcome(append, key, outcome.Milestone, outcome.Values)));

    /// <summary>Of what waits, or was released: then it waits again, as a correction. What was withheld stays so.</summary>
    private static void ReviseOutcome(SqliteSession writer, Append append, StreamKey key, Projection.OutcomeRevised outcome) =>
        writer.Execute(
            """
            INSERT INTO outcome (person, milestone, version, values_)
            SELECT $person, $milestone, $version, $values
            WHERE EXISTS (SELECT 1 FROM outcome WHERE person = $person AND milestone = $milestone)
               OR EXISTS (SELECT 1 FROM released WHERE person = $person AND milestone = $milestone AND superseded IS NULL)
            ON CONFLICT (person, milestone) DO UPDATE SET version = excluded.version, values_ = excluded.values_, publication = CASE
                WHEN EXISTS (SELECT 1 FROM released AS r WHERE r.person = outcome.person AND r.milestone = outcome.milestone AND r.superseded IS NULL) THEN NULL
                ELSE outcome.publication END
            """,
            ("$person", append.Stream),
            ("$milestone", outcome.Milestone),
            ("$version", append.Version),
            ("$values", SealOutcome(append, key, outcome.Milestone, outcome.Values)));

    private static void WriteAgreement(SqliteSession writer, AgreementRecord agreement) =>
        writer.Execute(
            """
            INSERT INTO agreement (agreement, partner, profile, required, fields, valid_from, valid_to, quota, epoch, status)
            VALUES ($agreement, $partner, $profile, $required, $fields, $valid_from, $valid_to, $quota, $epoch, $status)
            ON CONFLICT (agreement) DO UPDATE SET partner = excluded.partner, profile = excluded.profile, required = excluded.required, fields = excluded.fields,
                valid_from = excluded.valid_from, valid_to = excluded.valid_to, quota = excluded.quota, epoch = excluded.epoch, status = excluded.status
            """,
            ("$agreement", agreement.Agreement),
            ("$partner", agreement.Partner),
            ("$profile", agreement.Profile),
            ("$required", agreement.Required),
            ("$fields", string.Join(',', agreement.Fields)),
            ("$valid_from", StoredTime.ToStored(agreement.ValidFrom)),
            ("$valid_to", StoredTime.ToStored(agreement.ValidTo)),
            ("$quota", agreement.Quota),
            ("$epoch", agreement.Epoch),
            ("$status", agreement.Status));

    private static byte[] SealOutcome(Append append, StreamKey key, string milestone, IReadOnlyList<string> values) =>
        Envelope.Seal(key, ReleasePlaces.Outcome(append.Stream, append.Version, milestone), PayloadCodec.EncodeValues(values));
}
