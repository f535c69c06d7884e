namespace ClinicNetwork.Verification;

/// <summary>
/// Decides for the cells and milestones of one batch: listed in the manifest as the rows have them, none under k, diverse enough; and for
/// its classes: none under k. Cells and milestones whose rows were all withdrawn are retired, not small. Nothing is decided while some row
/// of the batch could not be read.
/// </summary>
internal sealed class CellRules(ReleaseState state, Manifest manifest, int batch, string shown)
{
    private readonly string _manifestFile = shown + ReleaseFiles.Manifest;
    private readonly string _rowsFile = shown + ReleaseFiles.Rows;

    /// <summary>What the rows say about <c>l_distinct</c>.</summary>
    /// <param name="Delivered">Fewest categories among delivered rows of a measured cell and milestone; 0 when nothing was
    /// measured.</param>
    /// <param name="Most">The same, had every withdrawn row been measured with a category of its own.</param>
    internal readonly record struct Diversity(int Delivered, int Most);

    /// <summary>Takes the manifest's cells and milestones for this batch, before its rows are read.</summary>
    public void ClaimListed(BatchTally tally)
    {
        for (var i = 0; i < manifest.Cells.Count; i++)
        {
            var entry = manifest.Cells[i];
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
            tally.Published.Add(CellRegister.SlotOf(cell, entry.Milestone));
            if (entry.Members < manifest.K) Refuse(Rules.CellSize, _manifestFile, 0, $"cells[{i}] was published with fewer than k members");
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
            if (tally.Complete) VerifySize(slot, tally);
            if (slot.Measured == 0) continue;
            var categories = OutcomeRow.CategoriesIn(slot.Categories);
            least = Math.Min(least, categories);
            most = Math.Min(most, categories + Math.Max(0, slot.Withdrawn));
            // Withdrawn rows may have held the categories that are missing now: what was published is not known to be too uniform.
            if (tally.Complete && categories + Math.Max(0, slot.Withdrawn) < manifest.DistinctL)
                Refuse(Rules.Diversity, _rowsFile, slot.FirstLine, "the cell and milestone of this row has too few outcome categories");
        }

        if (tally.Complete && withdrawn != tally.Withdrawn)
            Refuse(Rules.Membership, _manifestFile, 0, "the members of all cells are not as many as the rows, withdrawn ones included");
        if (tally.Complete) VerifyClasses(tally);
        return least > OutcomeProfile.OutcomeCategories ? new Diversity(0, tally.Withdrawn > 0 ? most : 0) : new Diversity(least, most);
    }

    private void VerifySize(in CellMilestone slot, BatchTally tally)
    {
        if (slot.Persons > 0 && slot.Persons < manifest.K)
            Refuse(Rules.CellSize, _rowsFile, slot.FirstLine, "the cell and milestone of this row has fewer than k persons");
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
        foreach (var count in tally.Classes)
            if (count.Persons < manifest.K)
                Refuse(Rules.ClassSize, _rowsFile, count.FirstLine, "the class of this row has fewer than k persons");
    }

    private void Refuse(string rule, string file, int line, string message) => state.Log.Add(rule, file, line == 0 ? null : line, message);
}
