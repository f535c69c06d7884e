namespace ClinicNetwork.Verification;

/// <summary>
/// Decides for the cells and milestones of one batch: listed in the manifest as the rows have them, none under k, diverse enough; and for
/// its classes: none under k. Cells and milestones whose rows were all withdrawn are retired, not small. Nothing is decided while some row
/// of the batch could not be read. In version 2 a leaf may be a row that a later batch corrects: what has any is decided after the last batch.
/// </summary>
internal sealed class CellRules(ReleaseState state, Manifest manifest, int batch, string shown)
{
    private readonly string _manifestFile = shown + ReleaseFiles.Manifest;
    private readonly string _rowsFile = shown + ReleaseFiles.Rows;

    /// <summary>What the rows say about <c>l_distinct</c>.</summary>
    /// <param name="Delivered">Fewest categories among delivered rows of a measured cell and milestone; 0 when nothing was
    /// measured.</param>
    /// <param name="Most">The same, had every withdrawn or unknown row been measured with a category of its own.</param>
    internal readonly record struct Diversity(int Delivered, int Most);

    /// <summary>Takes the manifest's cells and milestones for this batch, before its rows are read.</summary>
    public void ClaimListed(BatchTally tally)
    {
        for (var i = 0; i < manifest.Cells.Count; i++)
        {
            var entry = manifest.Cells[i];
            if (entry.Members < manifest.K) Refuse(Rules.CellSize, _manifestFile, 0, $"cells[{i}] was published with fewer than k members");
            var cell = state.Cells.IndexOf(entry.Cell);
            ref var slot = ref state.Cells.At(cell, entry.Milestone);
            if (slot.Batch != 0)
            {
                Refuse(Rules.Membership, _manifestFile, 0, $"cells[{i}] was published before: a cell and milestone comes once");
                slot.Twice = true;
                continue;
            }

            slot.Batch = batch;
            slot.Members = entry.Members;
            slot.Bands = entry.Bands;
            tally.Published.Add(CellRegister.SlotOf(cell, entry.Milestone));
        }
    }

    /// <summary>Decides after the rows were read.</summary>
    public Diversity Verify(BatchTally tally)
    {
        var withdrawn = 0;
        var least = OutcomeProfile.OutcomeCategories + 1;
        var most = OutcomeProfile.OutcomeCategories;
        foreach (var index in tally.Published)
        {
            var slot = state.Cells.At(index);
            withdrawn += slot.Withdrawn;
            if (tally.Complete) VerifyMembers(slot, tally);
            if (tally.Complete && Waits(slot)) state.Deferred.Add(new DeferredSlot(index, manifest.K, manifest.DistinctL, _rowsFile));
            else if (tally.Complete && !MayBeMore(slot.Persons, slot.Withdrawn)) VerifyLiving(state, slot, manifest.K, manifest.DistinctL, _rowsFile);
            if (slot.Measured == 0) continue;
            least = Math.Min(least, Math.Max(slot.Categories, 1));
            most = Math.Min(most, slot.CategoriesMost);
        }

        if (tally.Complete && withdrawn != tally.Withdrawn)
            Refuse(Rules.Membership, _manifestFile, 0, "the members of all cells are not as many as the rows, withdrawn ones included");
        if (tally.Complete) VerifyClasses(tally);
        return least > OutcomeProfile.OutcomeCategories ? new Diversity(0, tally.Withdrawn > 0 ? most : 0) : new Diversity(least, most);
    }

    /// <summary>After the last batch, corrections counted.</summary>
    public static void VerifyDeferred(ReleaseState state)
    {
        if (!state.Complete) return;
        foreach (var (slot, k, distinctL, rowsFile) in state.Deferred) VerifyLiving(state, state.Cells.At(slot), k, distinctL, rowsFile);
        foreach (var (persons, k, line, rowsFile) in state.SmallClasses.Values)
            if (persons < k)
                state.Log.Add(Rules.ClassSize, rowsFile, line, "the class of this row has fewer than k persons");
    }

    private bool Waits(in CellMilestone slot) => manifest.Format.IsSecond && !state.Alone && slot.Withdrawn > 0;

    /// <summary>Of a batch alone, whose leaves may be rows that another batch corrects: whether these few persons may be k with them.</summary>
    private bool MayBeMore(int persons, int withdrawn) =>
        manifest.Format.IsSecond && state.Alone && persons < manifest.K && persons + withdrawn >= manifest.K;

    private static void VerifyLiving(ReleaseState state, in CellMilestone slot, int k, int distinctL, string rowsFile)
    {
        long? line = slot.FirstLine == 0 ? null : slot.FirstLine;
        if (slot.Persons > 0 && slot.Persons < k)
            state.Log.Add(Rules.CellSize, rowsFile, line, "the cell and milestone of this row has fewer than k persons");
        // Withdrawn rows may have held the categories that are missing now: what was published is not known to be too uniform.
        if (slot.Measured > 0 && slot.CategoriesMost < distinctL)
            state.Log.Add(Rules.Diversity, rowsFile, line, "the cell and milestone of this row has too few outcome categories");
    }

    private void VerifyMembers(in CellMilestone slot, BatchTally tally)
    {
        if (slot.Members == 0)
            Refuse(Rules.Membership, _rowsFile, slot.FirstLine, "the cell and milestone of this row is not among the manifest's cells");
        else if (slot.Rows > slot.Members)
            Refuse(Rules.Membership, _rowsFile, slot.FirstLine, "the cell and milestone of this row has more rows than the manifest says");
        else if (tally.Withdrawn == 0 && slot.Rows < slot.Members)
            Refuse(Rules.Membership, slot.Rows == 0 ? _manifestFile : _rowsFile, slot.FirstLine,
                "a cell and milestone has fewer rows than the manifest says");
    }

    private void VerifyClasses(BatchTally tally)
    {
        foreach (var (key, count) in tally.Classes)
            if (count.Persons >= manifest.K || MayBeMore(count.Persons, tally.Withdrawn)) continue;
            else if (manifest.Format.IsSecond && !state.Alone && tally.Withdrawn > 0)
                state.SmallClasses[(batch, key)] = (count.Persons, manifest.K, count.FirstLine, _rowsFile);
            else
                Refuse(Rules.ClassSize, _rowsFile, count.FirstLine, "the class of this row has fewer than k persons");
    }

    private void Refuse(string rule, string file, int line, string message) => state.Log.Add(rule, file, line == 0 ? null : line, message);
}
