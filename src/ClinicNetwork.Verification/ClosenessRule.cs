namespace ClinicNetwork.Verification;

/// <summary>
/// Decides whether the outcomes of each cell and milestone of full bands are within <c>t</c> of the manifest's reference, by total variation distance, and whether
/// <c>t_max</c> is the largest. Not decided where rows are withdrawn or the agreed columns do not tell every outcome category; nor is then more of <c>t_max</c> than
/// its bounds. The reference itself is over all that the network released and cannot be computed from one recipient's rows.
/// </summary>
internal sealed class ClosenessRule(ReleaseState state, ManifestExchange exchange, string shown)
{
    /// <summary>Four shares rounded to four decimals move the distance by half their sum at most.</summary>
    private const double ReferenceTolerance = 4 * 5e-5 / 2 + 1e-9;

    /// <summary>The distance is rounded to four decimals too.</summary>
    private const double Tolerance = ReferenceTolerance + 5e-5;

    public void Verify(BatchTally tally)
    {
        var largest = 0.0;
        var all = true;
        foreach (var index in tally.Published)
        {
            var slot = state.Cells.At(index);
            if (slot.Bands != Bands.Full) continue;
            if (slot.Withdrawn != 0 || slot.Unknown > 0 || exchange.Reference[CellRegister.MilestoneOf(index)] is not { } reference)
            {
                all = false;
                continue;
            }

            if (slot.Measured == 0) continue;
            var distance = Distance(slot, reference);
            largest = Math.Max(largest, distance);
            if (distance > exchange.T + ReferenceTolerance)
                Refuse(Rules.TCloseness, ReleaseFiles.Rows, slot.FirstLine, "the cell and milestone of this row is further than t from the reference");
        }

        var most = all ? largest + Tolerance : Math.Max(largest, exchange.T) + Tolerance;
        if (exchange.TMax < largest - Tolerance || exchange.TMax > most)
            Refuse(Rules.Measures, ReleaseFiles.Manifest, null, "t_max is not what the rows give");
    }

    private static double Distance(in CellMilestone slot, double[] reference)
    {
        var sum = 0.0;
        for (var i = 0; i < reference.Length; i++) sum += Math.Abs((double)slot.Counts[i] / slot.Measured - reference[i]);
        return sum / 2;
    }

    private void Refuse(string rule, string file, int? line, string message) => state.Log.Add(rule, shown + file, line, message);
}
