namespace ClinicNetwork.Journal.Ledger;

/// <summary>
/// What a restored store lacks of the ledger. <see cref="AppendOutcome.KeyTaken"/> <c>publication</c> when it has a publication of that number.
/// </summary>
/// <param name="Publication">
/// What is prepared or sealed goes first. Then its cells are there and their members in them for ever, its milestones settled, its batches in every recipient's chain; its rows
/// are known by their leaves alone, as if withdrawn: nobody has their values.
/// </param>
public sealed record LedgerStep(LedgerEntry.Publication? Publication, IReadOnlyList<WithdrawnAgain> Withdrawn);

/// <summary>Nobody may have more of the person than this from here on, and what is due says so to the person's stream.</summary>
/// <param name="Person">A stream that is there.</param>
/// <param name="Until">End of the period; the greatest time: none.</param>
/// <param name="Due">Kind of the due row.</param>
/// <param name="At">When it was taken back; the time of the due row.</param>
public sealed record WithdrawnAgain(string Person, int Permitted, DateTimeOffset Until, string Due, DateTimeOffset At)
{
    /// <summary>Without the person.</summary>
    public override string ToString() => nameof(WithdrawnAgain);
}
