namespace ClinicNetwork.Verification;

/// <summary>
/// Decides, over all batches, whether the milestones of a cell have the same members: a person delivered at one milestone may be absent
/// from another only by one of that milestone's withdrawn rows. A difference beyond that would single out persons by comparison.
/// </summary>
internal static class MembershipRule
{
    /// <param name="state">After the last batch; not decided when some rows could not be read.</param>
    /// <param name="fileOf">Path of a batch's rows file in findings.</param>
    public static void Verify(ReleaseState state, Func<int, string> fileOf)
    {
        if (!state.Complete) return;
        var absent = new Dictionary<int, int>();
        foreach (var (cell, milestones) in state.Persons.Presences())
        {
            for (var milestone = 0; milestone < CellRegister.MilestoneCount; milestone++)
            {
                if ((milestones >> milestone & 1) == 1 || state.Cells.At(cell, milestone).Batch == 0) continue;
                var slot = CellRegister.SlotOf(cell, milestone);
                absent[slot] = absent.GetValueOrDefault(slot) + 1;
            }
        }

        foreach (var (index, persons) in absent)
        {
            var slot = state.Cells.At(index);
            if (persons > Math.Max(0, slot.Withdrawn))
                state.Log.Add(Rules.Membership, fileOf(slot.Batch), slot.FirstLine == 0 ? null : slot.FirstLine,
                    "members of the cell of this row are missing at its milestone by other than withdrawal");
        }
    }
}
