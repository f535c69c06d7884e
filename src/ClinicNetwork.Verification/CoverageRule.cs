using System.Text;

namespace ClinicNetwork.Verification;

/// <summary>Decides whether a release holds the persons expected and no others, each in every milestone that was published of the person's cell.</summary>
internal static class CoverageRule
{
    public static void Verify(ReleaseState state, IReadOnlySet<string> expected)
    {
        if (!state.Complete) return;
        var found = 0;
        foreach (var text in expected)
        {
            if (!RowDecoder.TryReadPseudonym(Encoding.UTF8.GetBytes(text), out var pseudonym) || state.Persons.Find(pseudonym) is not var (cell, milestones))
            {
                Refuse("a person who is expected is in no row");
                continue;
            }

            found++;
            for (var milestone = 0; milestone < CellRegister.MilestoneCount; milestone++)
                if (state.Cells.At(cell, milestone).Batch != 0 && (milestones >> milestone & 1) == 0)
                    Refuse("a person who is expected is missing at a milestone that was published of the person's cell");
        }

        if (state.Persons.Count > found) Refuse("a person who is not expected is in a row");

        void Refuse(string message) => state.Log.Add(Rules.Coverage, ReleaseFiles.Batches, null, message);
    }
}
