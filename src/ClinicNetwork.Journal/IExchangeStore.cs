using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Journal;

/// <summary>
/// Pool, cells, released rows and what each recipient was given. Written only by <see cref="Projection"/>s; read by the release grain and the gateway.
/// A <em>publication</em> is a network-wide day with a number; a <em>recipient</em> is an agreement's id, or <see cref="LocalRecipient"/>. Whoever judges consent
/// gives the time at which it must hold (a consent's period may be over); what is permitted is told by <see cref="ReleasePermission"/>'s bits.
/// </summary>
public interface IExchangeStore
{
    /// <summary>Who pulled before there were agreements: may still pull what was published then, and gets nothing new.</summary>
    const string LocalRecipient = "local";

    /// <summary>Number of the last publication that was committed for a profile's stream; 0 before the first. Above it everything is prepared only.</summary>
    Task<int> ReadPublishedAsync(string stream, CancellationToken cancellationToken);

    /// <summary>Persons after one (ordinal; "" from the first), who wait or are in a cell that is being prepared, and permit somebody; in order, at most so many.</summary>
    Task<IReadOnlyList<WaitingPerson>> ReadWaitingAsync(string after, int limit, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Of these persons, in a cell or not, who permit somebody, with the leaves that they came with (none of who joined before 0.6), in any order: what the red team attacks.</summary>
    Task<IReadOnlyList<WaitingPerson>> ReadPersonsAsync(IReadOnlyList<string> persons, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Number of persons who wait in no cell and permit somebody.</summary>
    Task<int> CountWaitingAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>All cells that are not retired, prepared ones too, with members (their present consent) and what was settled.</summary>
    Task<IReadOnlyList<ReleaseCell>> ReadCellsAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The waiting values of these persons at one milestone, by person; who has none is left out. Of a milestone that was released they are a correction.</summary>
    Task<IReadOnlyDictionary<string, WaitingOutcome>> ReadOutcomesAsync(IReadOnlyList<string> persons, string milestone, CancellationToken cancellationToken);

    /// <summary>Cells and milestones that were released, and of which the values of a member who still permits somebody of the cell were revised since; at most so many.</summary>
    Task<IReadOnlyList<CellMilestone>> ReadRevisedAsync(int limit, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Number of rows that are prepared for a publication: a withdrawal since takes its rows away.</summary>
    Task<long> CountPreparedAsync(int publication, CancellationToken cancellationToken);

    /// <summary>
    /// Rows after one (ordinal by person and milestone; null from the first) that the recipient was never given and may be given now: of publications up to a number,
    /// present versions, of persons who permit all of <paramref name="required"/>, in cells that were formed for it and have at least <paramref name="k"/> members
    /// who permit it. At most so many.
    /// </summary>
    Task<IReadOnlyList<UndeliveredRow>> ReadUndeliveredAsync(
        string recipient, int required, int k, int publication, (string Person, string Milestone)? after, int limit, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Rows of the recipient's committed batches that it may not have any more (by the same rule, or corrected in a publication up to the number) and was not told so yet.</summary>
    Task<IReadOnlyList<DeliveredRow>> ReadUntoldAsync(
        string recipient, int required, int k, int publication, int limit, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>A recipient's committed batches after a number, in order.</summary>
    Task<IReadOnlyList<DeliveryBatch>> ReadBatchesAsync(string recipient, int afterNumber, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Rows of a recipient's batch from a row on, in order; of a batch that is not committed yet too (the gateway asks for committed ones alone). Values only when, at
    /// this very read, the row is a present version, the person permits all of <paramref name="required"/>, the cell was formed for it, and at least
    /// <paramref name="k"/> members permit it.
    /// </summary>
    Task<IReadOnlyList<DeliveryRow>> ReadBatchRowsAsync(
        string recipient, int batch, long startRow, int limit, int required, int k, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Agreements in order of id; of one partner when it is named.</summary>
    Task<IReadOnlyList<AgreementRecord>> ReadAgreementsAsync(string? partner, CancellationToken cancellationToken);

    /// <summary>Adds rows to what a recipient was sent on a day (UTC, days since 1970) and returns the sum.</summary>
    Task<long> AddUseAsync(string recipient, int day, long rows, CancellationToken cancellationToken);

    /// <summary>Signed documents of a kind and name after a number, in order; see <see cref="Projection.DocumentSigned"/>.</summary>
    Task<IReadOnlyList<ExchangeDocument>> ReadDocumentsAsync(string kind, string name, int afterNumber, int limit, CancellationToken cancellationToken);
}

/// <param name="Person">The person's stream.</param>
/// <param name="Recipients">What the person permits now, as <see cref="ReleasePermission"/>'s bits.</param>
/// <param name="EnteredAt">When the person entered the pool.</param>
/// <param name="Cell">The person's cell; null: the person waits.</param>
public sealed record WaitingPerson(string Person, string Quarter, int Recipients, IReadOnlyList<string> QuasiIdentifiers, DateTimeOffset EnteredAt, string? Cell);

/// <param name="Recipients">The set that all its members permitted when it was formed.</param>
/// <param name="Publication">That formed it; above <see cref="IExchangeStore.ReadPublishedAsync"/> it is being prepared.</param>
public sealed record ReleaseCell(
    string Cell, string Quarter, int Recipients, int Publication, IReadOnlyList<string> Region, IReadOnlyList<CellMember> Members, IReadOnlyList<SettledMilestone> Settled);

/// <param name="Status"><c>RELEASED</c>, <c>WITHHELD</c> or <c>RETIRED</c>.</param>
public sealed record SettledMilestone(string Milestone, string Status, int Publication);

/// <param name="Version">Of the person's stream, at which the values were last set.</param>
public sealed record WaitingOutcome(long Version, IReadOnlyList<string> Values);

public sealed record CellMilestone(string Cell, string Milestone);

/// <summary>
/// One step of preparing a publication: at most 1,000 persons, never half a cell. Written with the members' consent rows locked and checked again; what no longer
/// holds is told as <see cref="AppendOutcome.KeyTaken"/> (<c>consent</c> before all; <c>cell_member</c>, <c>cell</c>, <c>milestone</c>, <c>outcome</c>, <c>publication</c>), and then
/// nothing is written. Nothing of it is delivered before <see cref="Projection.PublicationCommitted"/>.
/// </summary>
/// <param name="Publication">Number of the publication: the last that was committed + 1.</param>
/// <param name="Cells">Members stay in the pool for ever, with their cell: as who waits no more.</param>
/// <param name="Settled">The members' waiting values of a settled milestone go. One that is settled already and named again with <c>WITHHELD</c> after <c>RELEASED</c> is taken back: its rows are superseded.</param>
/// <param name="Retired">Cells with too few living members: what is prepared of them for this publication goes.</param>
/// <param name="Dissolved">Cells of this publication that fell under k before anything of them was released: they go, and their living members wait again.</param>
/// <param name="Rows">A row of a milestone that was released before is a correction: at the commit the earlier one is superseded.</param>
public sealed record PreparedStep(
    int Publication,
    IReadOnlyList<NewReleaseCell> Cells,
    IReadOnlyList<MilestoneSettled> Settled,
    IReadOnlyList<string> Retired,
    IReadOnlyList<string> Dissolved,
    IReadOnlyList<NewReleasedRow> Rows);

/// <param name="Recipients">Exact set of what every member permits, checked again at commit.</param>
public sealed record NewReleaseCell(string Cell, string Quarter, int Recipients, IReadOnlyList<string> Region, IReadOnlyList<string> Members);

/// <param name="Values">In the profile's order, without the pseudonym; sealed under the person's key.</param>
public sealed record NewReleasedRow(string Person, string Cell, string Milestone, IReadOnlyList<string> Values)
{
    /// <summary>Of the waiting values that it was made of, which must still be those; null: it was made of others.</summary>
    public long? Version { get; init; }
}

/// <param name="Epoch">Of the pseudonyms that the recipient was given for this cell before; null: none yet.</param>
public sealed record UndeliveredRow(string Person, string Cell, string Milestone, int Publication, int? Epoch, IReadOnlyList<string> Values)
{
    /// <summary>Batch and row of the version before that the recipient was given; null: this is no correction to it.</summary>
    public (int Batch, long Row)? Corrects { get; init; }
}

public sealed record DeliveredRow(int Batch, long Row, string Person, string Cell, string Milestone, byte[] Leaf);

/// <summary>
/// Some rows of a recipient's batch that is not committed yet, at most 10,000; rows that are there already under these numbers are replaced. <see cref="AppendOutcome.KeyTaken"/>
/// <c>consent</c> when somebody of them does not permit what the recipient's agreement requires any more; <c>batch</c> when the number is taken.
/// </summary>
/// <param name="FirstRow">0: all that lies there of this batch goes first.</param>
public sealed record SealedRows(string Recipient, int Batch, long FirstRow, IReadOnlyList<SealedRow> Rows);

/// <param name="Leaf">Salted hash of the row as delivered, 32 bytes; stays when the person withdraws.</param>
public sealed record SealedRow(string Person, string Milestone, int Publication, int Epoch, byte[] Leaf);

/// <summary>
/// Makes a publication deliverable, in one short transaction under the profile's lock. <see cref="AppendOutcome.KeyTaken"/> <c>prepared</c> when another number of rows is
/// prepared than was checked (somebody withdrew); <c>publication</c> or <c>batch</c> when a number is taken.
/// </summary>
/// <param name="Prepared">Rows of this publication that were checked.</param>
public sealed record PublicationCommit(int Publication, DateTimeOffset PublishedAt, long Prepared, IReadOnlyList<NewDeliveryBatch> Batches, IReadOnlyList<ExchangeDocument> Documents);

/// <param name="Manifest">Signed bytes, see docs/release-format.md.</param>
/// <param name="Tombstones">Rows of earlier batches that this one's manifest tells to be withdrawn or corrected.</param>
public sealed record NewDeliveryBatch(
    string Recipient, int Number, long Rows, byte[] Root, byte[] Manifest, byte[] Signature, IReadOnlyList<(int Batch, long Row)> Tombstones);

public sealed record DeliveryBatch(
    int Number, int Publication, DateTimeOffset PublishedAt, long Rows, byte[] Root, byte[] Manifest, byte[] Signature, DateTimeOffset? AcknowledgedAt);

/// <param name="Values">Null when the row may not be delivered to this recipient now.</param>
/// <param name="Tombstone">Number of the batch that told so; null: none did yet.</param>
public sealed record DeliveryRow(long Row, string Person, string Cell, string Milestone, int Publication, int Epoch, IReadOnlyList<string>? Values, byte[] Leaf, int? Tombstone);

/// <param name="Required">One class and one purpose, as bits.</param>
/// <param name="Fields">Columns of the profile, in its order.</param>
/// <param name="Quota">Rows a day, UTC; 0: no limit.</param>
/// <param name="Epoch">Of the pseudonyms of cells that the recipient is given for the first time.</param>
/// <param name="Status">The state's name, <c>ACTIVE</c> among them.</param>
public sealed record AgreementRecord(
    string Agreement, string Partner, string Profile, int Required, IReadOnlyList<string> Fields, DateTimeOffset ValidFrom, DateTimeOffset ValidTo, long Quota, int Epoch, string Status);

/// <param name="Kind"><c>statistics</c> or <c>rekey</c>.</param>
/// <param name="Name">Of the table, or the recipient.</param>
public sealed record ExchangeDocument(string Kind, string Name, int Number, byte[] Document, byte[] Signature);

/// <param name="Recipients">What the member permits now, less what was ever withdrawn since the cell was formed: consent given again does not bring old rows back.</param>
public sealed record CellMember(string Person, int Recipients);

/// <summary>Settled once; the members' waiting values of this milestone go.</summary>
/// <param name="Status"><c>RELEASED</c>, <c>WITHHELD</c> or <c>RETIRED</c>.</param>
public sealed record MilestoneSettled(string Cell, string Milestone, string Status);
