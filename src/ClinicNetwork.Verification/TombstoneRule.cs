namespace ClinicNetwork.Verification;

/// <summary>
/// Decides for the tombstones and corrections of one manifest: rows of earlier batches, in order, each told once and gone; corrections of rows that this manifest tells.
/// A batch verified alone has no earlier ones: only its own order is decided then.
/// </summary>
internal sealed class TombstoneRule(ReleaseState state, Manifest manifest, ManifestExchange exchange, int batch, string file)
{
    /// <summary>Decides before the batch's rows are read, and takes up its corrections.</summary>
    public void Verify()
    {
        var last = (Batch: 0, Row: -1);
        foreach (var tombstone in exchange.Tombstones)
        {
            if (tombstone.CompareTo(last) <= 0) Refuse("tombstones are not in order, or tell a row twice");
            last = tombstone;
            if (tombstone.Batch >= manifest.Batch) Refuse("tombstones tell a row of no earlier batch");
            // What could not be read is a finding already.
            else if (state is { Alone: false, Complete: true } && state.Tombstones.Tell(tombstone.Batch, tombstone.Row) is { } fault)
                Refuse($"tombstones: the manifest {fault}");
        }

        var told = exchange.Corrections.Count == 0 ? [] : exchange.Tombstones.ToHashSet();
        var replaced = new HashSet<(int, int)>();
        var lastRow = -1;
        foreach (var correction in exchange.Corrections)
        {
            if (correction.Row <= lastRow) Refuse("corrections are not in order, or tell a row twice");
            lastRow = correction.Row;
            if (correction.Row >= manifest.Rows) Refuse("corrections tell a row that this batch does not have");
            if (!told.Contains((correction.Batch, correction.Of))) Refuse("corrections replace a row that is not among the tombstones");
            if (!replaced.Add((correction.Batch, correction.Of))) Refuse("corrections replace a row twice");
            state.Tombstones.Correct(batch, correction);
        }
    }

    private void Refuse(string message) => state.Log.Add(Rules.Tombstone, file, null, message);
}
