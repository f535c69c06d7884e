namespace ClinicNetwork.Journal;

/// <summary>Pool, cells and published batches. Written only by <see cref="Projection"/>s; read by the release grain and the gateway.</summary>
public interface IReleaseStore
{
    /// <summary>Persons waiting for a cell, with their present consent, at most <paramref name="limit"/>, in order of stream. Persons who permit nobody are left out.</summary>
    Task<IReadOnlyList<PoolPerson>> ReadPoolAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Number of persons waiting who permit somebody.</summary>
    Task<int> CountPoolAsync(CancellationToken cancellationToken);

    /// <summary>All cells that are not retired, with members (their present consent) and the milestones settled so far.</summary>
    Task<IReadOnlyList<CellRecord>> ReadCellsAsync(CancellationToken cancellationToken);

    /// <summary>The waiting values of these persons at one milestone, by person; who has none is left out.</summary>
    Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ReadOutcomesAsync(IReadOnlyList<string> persons, string milestone, CancellationToken cancellationToken);

    /// <summary>Published batches after a number, in order.</summary>
    Task<IReadOnlyList<BatchRecord>> ReadBatchesAsync(int afterNumber, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Rows of a published batch from a row on, in order. A row is <see cref="BatchRow.Values"/> only when, at this very read, the person
    /// permits <paramref name="recipientClass"/> (one bit: 1, 2, 4, 8) and at least <paramref name="k"/> members of the cell do; else its values are
    /// null. They stay null for a class that was not among the cell's when it was formed: widened consent never adds an old cell.
    /// </summary>
    Task<IReadOnlyList<BatchRow>> ReadBatchRowsAsync(int batch, long startRow, int limit, int recipientClass, int k, CancellationToken cancellationToken);
}

/// <param name="Person">The person's stream.</param>
/// <param name="Recipients">Permitted recipient classes as bits.</param>
public sealed record PoolPerson(string Person, string Quarter, int Recipients, IReadOnlyList<string> QuasiIdentifiers);

/// <param name="Region">One published value per quasi-identifier.</param>
/// <param name="Recipients">The set of recipient classes all its members permitted when it was formed.</param>
/// <param name="SettledMilestones">Released, withheld or retired milestones.</param>
public sealed record CellRecord(string Cell, string Quarter, int Recipients, IReadOnlyList<string> Region, IReadOnlyList<CellMember> Members, IReadOnlyList<string> SettledMilestones);

/// <param name="Recipients">What the member permits now, less what was ever withdrawn since the cell was formed: consent given again does not bring old rows back.</param>
public sealed record CellMember(string Person, int Recipients);

/// <summary>Everything one publication day writes. The transaction re-checks that each person in <see cref="Cells"/> and <see cref="Rows"/> still permits what the publication says; if one does not: <see cref="AppendOutcome.KeyTaken"/> <c>consent</c>, and nothing is written.</summary>
/// <param name="Batch">Number of the batch, last + 1; null when nothing is released on this day (cells may still be retired).</param>
public sealed record Publication(
    IReadOnlyList<NewCell> Cells,
    IReadOnlyList<MilestoneSettled> Settled,
    IReadOnlyList<string> RetiredCells,
    NewBatch? Batch,
    IReadOnlyList<NewBatchRow> Rows);

/// <param name="Recipients">Exact set of permitted classes of every member, re-checked at commit.</param>
public sealed record NewCell(string Cell, string Quarter, int Recipients, IReadOnlyList<string> Region, IReadOnlyList<string> Members);

/// <summary>Settled once; the members' waiting values of this milestone go.</summary>
/// <param name="Status"><c>RELEASED</c>, <c>WITHHELD</c> or <c>RETIRED</c>.</param>
public sealed record MilestoneSettled(string Cell, string Milestone, string Status);

/// <summary>A batch for one recipient (so far the one local recipient).</summary>
/// <param name="Manifest">Signed bytes, see docs/release-format.md.</param>
public sealed record NewBatch(int Number, DateTimeOffset PublishedAt, long Rows, byte[] Root, byte[] Manifest, byte[] Signature);

/// <param name="Values">Published values without the pseudonym; encrypted under the person's key.</param>
/// <param name="Leaf">Salted hash of the row as delivered, 32 bytes; stays when the person withdraws.</param>
public sealed record NewBatchRow(string Person, string Cell, string Milestone, IReadOnlyList<string> Values, byte[] Leaf);

public sealed record BatchRecord(int Number, DateTimeOffset PublishedAt, long Rows, byte[] Root, byte[] Manifest, byte[] Signature);

/// <param name="Values">Null when the row may not be delivered to this recipient now.</param>
public sealed record BatchRow(long Row, string Person, IReadOnlyList<string>? Values, byte[] Leaf);
