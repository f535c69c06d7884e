using ClinicNetwork.Journal.Ledger;

namespace ClinicNetwork.Journal;

/// <summary>A row that must never disagree with the journal: written in the same transaction as the command that causes it.</summary>
public abstract record Projection
{
    private Projection()
    {
    }

    /// <summary>A clinic exists.</summary>
    public sealed record ClinicIndexed(string Clinic) : Projection;

    /// <summary>
    /// A patient exists. Record number, names and birth date are stored as keyed blind indexes only; (home clinic, record
    /// number) is unique: <see cref="AppendOutcome.KeyTaken"/> <c>record_number</c>. Also makes the consent row (nothing permitted). Given again
    /// by the same stream (a correction, another home clinic) it replaces the values and leaves consent as it is.
    /// </summary>
    public sealed record PatientIndexed(string HomeClinic, string RecordNumber, string GivenName, string FamilyName, DateOnly BirthDate) : Projection;

    /// <summary>A clinic that will hold keys gets its own.</summary>
    /// <param name="Holder">Its resource name, as in <see cref="SitesSet"/>.</param>
    public sealed record HolderAdded(string Holder) : Projection;

    /// <summary>
    /// The whole list of sites that may read the patient, home clinic included. Replaces the list before, and the data key's wraps with it: one for
    /// each site whose key was not destroyed. When none of them has a key: <see cref="AppendOutcome.KeyTaken"/> <c>holder</c> for a new stream; else
    /// the wraps stay as they are, because without one the record would be lost.
    /// </summary>
    public sealed record SitesSet(IReadOnlyList<string> Sites) : Projection
    {
        /// <summary>Those of <see cref="Sites"/> that may read for an emergency alone: when no other site has a key any more, the record is lost all the same.</summary>
        public IReadOnlyList<string> ForEmergency { get; init; } = [];
    }

    /// <summary>A feed reference for one site: this stream, this version.</summary>
    public sealed record FeedReference(string Site, FeedKind Kind, bool PlanChanged) : Projection;

    /// <summary>
    /// Something to be done at a time. Unique per (stream, kind, at); setting it again changes nothing, also when it was done at its time or
    /// later (its request id may be used up). What was taken back before its time, or earlier in this same command, is due again.
    /// </summary>
    public sealed record DueSet(string Kind, DateTimeOffset At) : Projection;

    /// <summary>What was due is done or no longer needed; all rows of this stream and kind.</summary>
    public sealed record DueDone(string Kind) : Projection;

    /// <summary>A follow-up visit's window; replaces the one of the same milestone, which is then not done.</summary>
    /// <param name="Milestone">Or whatever else is to be done is called.</param>
    public sealed record FollowUpSet(string Clinic, string Milestone, DateTimeOffset OpensAt, DateTimeOffset ClosesAt) : Projection
    {
        /// <summary>From here on it is asked after no more, and no list shows it; null: until it is done.</summary>
        public DateTimeOffset? EndsAt { get; init; }
    }

    /// <summary>A follow-up visit was done, or its milestone closed.</summary>
    public sealed record FollowUpDone(string Milestone) : Projection;

    /// <summary>The recipient classes a person permits, as bits (0: none); one row per person, updated in place.</summary>
    public sealed record ConsentSet(int Recipients) : Projection
    {
        /// <summary>End of the period for which it was given; from then on nothing is permitted.</summary>
        public DateTimeOffset Until { get; init; } = DateTimeOffset.MaxValue;
    }

    /// <summary>A consenting, treated person whose first milestone has closed may join a cell. Values are leaves of the grid, encrypted under the person's key. Replaces an earlier entry; changes nothing for who is in a cell already.</summary>
    /// <param name="Quarter">Quarter of first treatment, for example <c>2025-Q3</c>; never published.</param>
    public sealed record PoolEntered(string Quarter, IReadOnlyList<string> QuasiIdentifiers) : Projection;

    /// <summary>A milestone's values, encrypted under the person's key, waiting for the person's cell.</summary>
    public sealed record OutcomeReady(string Milestone, IReadOnlyList<string> Values) : Projection;

    /// <summary>Other values for a milestone that still waits; nothing when it does not: what a publication has settled stays as it is.</summary>
    public sealed record OutcomeRevised(string Milestone, IReadOnlyList<string> Values) : Projection;

    /// <summary>
    /// The stream's key is destroyed: its wraps go, and with them every row that was kept for it beside the journal, feed, cells and batches, which
    /// keep what nobody can open. To be given with <see cref="ConsentSet"/> of nobody.
    /// </summary>
    public sealed record Erased : Projection;

    /// <summary>A holder's key is destroyed, and with it every stream that it held alone: those are withdrawn everywhere, as if erased.</summary>
    public sealed record HolderDestroyed(string Holder) : Projection;

    /// <summary>One step of preparing a publication; all or nothing.</summary>
    public sealed record PublicationPrepared(PreparedStep Step) : Projection;

    /// <summary>Rows of a batch that is not committed yet, as its recipient will get them.</summary>
    public sealed record RowsSealed(SealedRows Rows) : Projection;

    /// <summary>What was prepared and sealed is deliverable from here on.</summary>
    public sealed record PublicationCommitted(PublicationCommit Commit) : Projection;

    /// <summary>What a restored store lacks of the disclosure ledger; what it has already stays as it is.</summary>
    public sealed record LedgerReplayed(LedgerStep Step) : Projection;

    /// <summary>An agreement as it stands now; replaces what was said of it before.</summary>
    public sealed record AgreementSet(AgreementRecord Agreement) : Projection;

    /// <summary>A recipient has stored a batch and everything that its manifest told; changes nothing when it was acknowledged before.</summary>
    public sealed record BatchAcknowledged(string Recipient, int Number, DateTimeOffset At) : Projection;

    /// <summary>A signed document of the exchange; one of the same kind, name and number stays as it is.</summary>
    public sealed record DocumentSigned(ExchangeDocument Document) : Projection;

    /// <summary>A pair of <see cref="IDoubles"/> is two persons, by this command; one that was dismissed before stays as it was.</summary>
    public sealed record DoubleDismissed(string Double) : Projection;

    /// <summary>What this stream said of a pair holds no more; what another said stays.</summary>
    public sealed record DoubleReopened(string Double) : Projection;

    /// <summary>Records of a submission that were not there before, sealed under its key; one that is there is a defect and fails the command.</summary>
    public sealed record RecordsSubmitted(IReadOnlyList<SubmissionRow> Rows) : Projection;

    /// <summary>All records of this submission go.</summary>
    public sealed record RecordsDropped : Projection;
}

/// <summary>What a feed reference tells its site.</summary>
public enum FeedKind
{
    /// <summary>The patient changed.</summary>
    Changed = 1,

    /// <summary>The site may read the patient from now on.</summary>
    AccessGranted = 2,

    /// <summary>The site may not read the patient any more.</summary>
    AccessRevoked = 3,

    /// <summary>The patient was erased; the last entry of it.</summary>
    Erased = 4,
}
