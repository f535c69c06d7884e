namespace ClinicNetwork.Faults.Releases;

/// <summary>How much is raced.</summary>
/// <param name="Races">Withdrawals during publications, at least.</param>
/// <param name="Kills">SIGKILLs of the server during publications, at least.</param>
/// <param name="PerDay">Withdrawals in flight during each publication.</param>
/// <param name="DaysMin">Publication days, at least.</param>
/// <param name="Out">Folder for the recipients' folders, the server's log and the table; made when missing.</param>
/// <param name="Defect">Planted defect, empty for none.</param>
internal sealed record RaceSettings(int Seed, int Races, int Kills, int PerDay, int DaysMin, string Out, string Defect = "")
{
    /// <summary>Agreements are of ten years, and a day is a month.</summary>
    public const int DaysMax = 110;

    /// <summary>So many that cells stay at k + margin after the withdrawals, and now and then fall under it.</summary>
    public int NewPerDay => PerDay + 40;
}

/// <summary>What was found; all but the counts of the first line are to be 0 or empty.</summary>
/// <param name="Overlooked">Members of cells whose withdrawal was not noted: no page shows them, and their next consent would.</param>
internal sealed record RaceResult(
    int Days, int Races, int Returned, int Kills, int Batches, long Pages, long Rows, IReadOnlyList<string> Leaks, int Overlooked, int CellsUnderK, int Blocked, IReadOnlyList<string> Refused, IReadOnlyList<string> RedTeam)
{
    public bool IsClean => Leaks.Count == 0 && Overlooked == 0 && CellsUnderK == 0 && Blocked == 0 && Refused.Count == 0;

    public override string ToString() => FormattableString.Invariant($"""
        publication days {Days}, withdrawals raced {Races}, consent given again {Returned}, kills {Kills}, batches {Batches}, pages read {Pages}, rows with values {Rows}
        leaks {Leaks.Count}, withdrawals overlooked {Overlooked}, cells and milestones under k {CellsUnderK}, blocked publications {Blocked}, findings of the verifier {Refused.Count}
        """) + string.Concat(Leaks.Take(5).Concat(Refused.Take(10)).Select(line => "\n  " + line));
}
