using System.Collections;

namespace ClinicNetwork.Verification;

/// <summary>
/// Of each batch read so far, which rows have values, which a later manifest told to be withdrawn or corrected, and which are corrections themselves: two bits a row.
/// </summary>
internal sealed class TombstoneRegister
{
    private readonly Dictionary<int, Rows> _batches = [];
    private readonly Dictionary<(int Batch, int Row), (int Batch, int Row)> _origins = [];

    private sealed record Rows(BitArray Delivered, BitArray Told);

    /// <summary>Of which batch's cells and milestones a row is: its own, or, when it is a correction, that of the row which it replaces in the end.</summary>
    public (int Batch, int Row) OriginOf(int batch, int row) => _origins.GetValueOrDefault((batch, row), (batch, row));

    /// <summary>Takes up a batch before its rows are read.</summary>
    /// <returns>Marks a row as delivered, by its position.</returns>
    public Action<int> Begin(int batch, int rows)
    {
        var delivered = new BitArray(rows);
        _batches[batch] = new Rows(delivered, new BitArray(rows));
        return row =>
        {
            if (row < rows) delivered[row] = true;
        };
    }

    public void Correct(int batch, Correction correction) => _origins[(batch, correction.Row)] = OriginOf(correction.Batch, correction.Of);

    /// <summary>A manifest tells a row of an earlier batch to be withdrawn; what is wrong with that, or null.</summary>
    public string? Tell(int batch, int row)
    {
        if (!_batches.TryGetValue(batch, out var rows) || row >= rows.Told.Count) return "tells a row that no earlier batch has";
        if (rows.Told[row]) return "tells a row that was told before";
        rows.Told[row] = true;
        return rows.Delivered[row] ? "tells a row that is still there: apply the tombstones, or pull that batch again" : null;
    }
}
