namespace ClinicNetwork.Verification;

/// <summary>
/// Decides what recipients who put their folders together must not find: a pseudonym that stands in two of them, a cell that has other members elsewhere, persons
/// whose rows lie in other cells elsewhere. Each folder is to be verified by itself too (<see cref="ReleaseVerifier"/>).
/// </summary>
public static class CoalitionVerifier
{
    /// <summary>
    /// Compares each folder with each other, under <see cref="Rules.PseudonymShared"/>, <see cref="Rules.CellUniform"/>, <see cref="Rules.Membership"/> and
    /// <see cref="Rules.PersonOnce"/>. Rows are compared by the columns that all folders have, without pseudonym, cell and quasi-identifiers.
    /// </summary>
    /// <param name="folders">Two or more, of different recipients of one network.</param>
    /// <returns>Findings, of files without their folder's path: its position from 1. Empty: nothing was found. A folder that the verifier refuses is told under its rules.</returns>
    public static IReadOnlyList<Finding> VerifyFolders(params string[] folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        var log = new FindingLog();
        var states = folders.Select(folder => ReleaseVerifier.Read(folder, new Expected(), CancellationToken.None)).ToList();
        foreach (var (index, state) in states.Index())
            foreach (var finding in state.Log.Findings)
                log.Add(finding.Rule, $"{index + 1}/{finding.File}", finding.Line, finding.Message);
        if (log.Reported > 0) return log.Findings;
        var columns = Enumerable.Range(0, OutcomeProfile.ColumnNames.Length).Where(column => states.TrueForAll(state => state.Columns[column])).ToHashSet();
        columns.ExceptWith([(int)Column.Pseudonym, (int)Column.Cell, .. OutcomeProfile.QuasiIdentifiers.Select(column => (int)column)]);
        var rows = folders.Select(folder => CoalitionRows.Of(folder, columns)).ToList();
        for (var a = 0; a < rows.Count; a++)
        {
            for (var b = a + 1; b < rows.Count; b++)
            {
                void Refuse(string rule, string message) => log.Add(rule, $"{a + 1}/ and {b + 1}/", null, message);
                Compare(states[a], rows[a], states[b], rows[b], Refuse);
            }
        }

        return log.Findings;
    }

    private static void Compare(ReleaseState stateA, CoalitionRows a, ReleaseState stateB, CoalitionRows b, Action<string, string> refuse)
    {
        if (a.Recipient == b.Recipient)
        {
            refuse(Rules.Chain, "both folders are of one recipient: there is nothing to compare");
            return;
        }

        var shared = a.Persons.Keys.Count(b.Persons.ContainsKey);
        if (shared > 0) refuse(Rules.PseudonymShared, $"{shared} pseudonyms are the same for both recipients: who has both folders joins their rows");
        foreach (var (cell, own) in a.Cells)
        {
            if (!b.Cells.TryGetValue(cell, out var other)) continue;
            if (own.QuasiIdentifiers != other.QuasiIdentifiers) refuse(Rules.CellUniform, "a cell has other quasi-identifiers in the other folder");
            CompareMembers(stateA, stateB, cell, own, other, refuse);
        }

        CompareOthers(a, b, refuse);
    }

    /// <summary>
    /// Rows may differ by as many as are withdrawn or corrected in either, and by members who were gone when the other recipient came. What one was first given after the last publication of the other
    /// (whose agreement was over, or who gets rows by the quarter) may hold corrections of which the other was not told: it is not compared. A third who has both decides for both.
    /// </summary>
    private static void CompareMembers(
        ReleaseState stateA, ReleaseState stateB, ulong cell, CoalitionRows.CellRows a, CoalitionRows.CellRows b, Action<string, string> refuse)
    {
        for (var milestone = 0; milestone < CellRegister.MilestoneCount; milestone++)
        {
            var slotA = stateA.Cells.At(stateA.Cells.IndexOf(cell), milestone);
            var slotB = stateB.Cells.At(stateB.Cells.IndexOf(cell), milestone);
            if (slotA.Rows == 0 || slotB.Rows == 0) continue;
            if (a.Since[milestone] > stateB.Publication || b.Since[milestone] > stateA.Publication) continue;
            var common = a.Contents[milestone].GroupBy(content => content)
                .Sum(same => Math.Min(same.Count(), b.Contents[milestone].Count(content => content == same.Key)));
            var gone = slotA.Withdrawn + slotB.Withdrawn + slotA.Corrected + slotB.Corrected;
            if (slotA.Rows - common > gone + Math.Max(0, slotA.Members - slotB.Members) || slotB.Rows - common > gone + Math.Max(0, slotB.Members - slotA.Members))
                refuse(Rules.Membership, "a cell and milestone has other rows in the other folder");
        }
    }

    /// <summary>
    /// Persons of cells that only one of both has. Some are alike by chance, about as often as two of the same folder with rows of the same milestones are: more than that,
    /// by the 95 % intervals, and k of them at least, are the same persons in other cells.
    /// </summary>
    private static void CompareOthers(CoalitionRows a, CoalitionRows b, Action<string, string> refuse)
    {
        var others = b.ContentsOutside(a.Cells.Keys);
        foreach (var own in a.ContentsOutside(b.Cells.Keys))
        {
            var counts = others[own.Key].CountBy(content => content).ToDictionary();
            var aligned = new Proportion(own.Count(counts.ContainsKey), own.Count());
            var chance = new Proportion(counts.Values.Where(count => count > 1).Sum(), counts.Values.Sum());
            if (aligned.Count >= Limits.KMin && aligned.Lower > chance.Upper)
                refuse(Rules.PersonOnce, "persons have rows of the same content in other cells of the other folder, more than chance gives");
        }
    }
}
