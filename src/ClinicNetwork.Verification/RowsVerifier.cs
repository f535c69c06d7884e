using System.Text;

namespace ClinicNetwork.Verification;

/// <summary>
/// Streams rows.ndjson once: form, numbering, Merkle root, and every rule a single row can break. Rows of unknown form or value are
/// findings and are left out of the counts, which then no longer mean anything (<see cref="BatchTally.Complete"/>).
/// </summary>
internal sealed class RowsVerifier(ReleaseState state, Manifest manifest, int batch, string file, BatchTally tally) : IDisposable
{
    private const int CancellationStride = 4096;

    private readonly RowLine _line = new(manifest.Width);
    private readonly RowDecoder _decoder = new(manifest);
    private readonly MerkleTree _tree = new();
    private readonly Action<int>? _delivered = state.Alone ? null : state.Tombstones.Begin(batch, manifest.Rows);
    private int _nextCorrection;
    private bool _hashed = true;
    private int _expectedRow;

    public void Verify(FileStream stream, CancellationToken ct)
    {
        // A row takes more than 64 bytes, so the file's size bounds what a false count could make the verifier reserve.
        state.Persons.Expect((int)Math.Min(manifest.Rows, stream.Length / 64));
        using var lines = new LineReader(stream);
        for (var number = 1; ; number++)
        {
            if (number % CancellationStride == 0) ct.ThrowIfCancellationRequested();
            var kind = lines.Next(out var text);
            if (kind == LineKind.End) break;
            if (number > Limits.RowsMax)
            {
                Unreadable(number, $"the file has more than {Limits.RowsMax} lines");
                break;
            }

            if (kind == LineKind.Line) VerifyLine(number, text);
            else if (kind == LineKind.TooLong) Unreadable(number, $"the line has more than {Limits.LineBytesMax} bytes");
            else Unreadable(number, "the last line has no line end");
        }

        VerifyWhole();
    }

    public void Dispose()
    {
        _line.Dispose();
        _tree.Dispose();
    }

    private void VerifyLine(int number, ReadOnlySpan<byte> text)
    {
        var kind = _line.Read(text);
        switch (kind)
        {
            case RowKind.Unreadable:
                Unreadable(number, "the line is not a row in the canonical form of the format");
                return;
            case RowKind.WrongWidth:
                Unreadable(number, "the row has another number of values than the manifest has columns");
                return;
            case RowKind.Delivered:
            case RowKind.Withdrawn:
            default:
                break;
        }

        if (_line.Row != _expectedRow) state.Log.Add(Rules.Rows, file, number, $"the row should have number {_expectedRow}");
        _expectedRow++;
        _tree.Append(_line.Leaf);
        if (kind == RowKind.Withdrawn)
        {
            if (TakeCorrection()) tally.CorrectionsWithdrawn++;
            else tally.Withdrawn++;
            return;
        }

        _delivered?.Invoke(_expectedRow - 1);
        if (!_decoder.TryDecode(_line, out var row, out var fault))
        {
            Refuse(fault, number);
            return;
        }

        state.OnRow?.Invoke(manifest, row, _line);
        if (TakeCorrection()) VerifyCorrection(number, row);
        else VerifyRow(number, row);
    }

    /// <summary>Whether the row just read is a correction by the manifest.</summary>
    private bool TakeCorrection()
    {
        while (_nextCorrection < manifest.Corrections.Count && manifest.Corrections[_nextCorrection].Row < _expectedRow - 1) _nextCorrection++;
        return _nextCorrection < manifest.Corrections.Count && manifest.Corrections[_nextCorrection].Row == _expectedRow - 1;
    }

    private void VerifyRow(int number, in OutcomeRow row)
    {
        var cell = CellOf(number, row);
        ref var slot = ref state.Cells.At(cell, row.Milestone);
        // A remainder; how many it was formed of cannot be told from what is left after withdrawals.
        if (row.AtRoot && (!manifest.Format.IsSecond || slot.Members < manifest.K))
            state.Log.Add(Rules.RootCell, file, number, "the row has * in every quasi-identifier");
        if (row.Contradiction(slot.Bands) is { } contradiction) state.Log.Add(Rules.Consistent, file, number, contradiction);
        var sighting = state.Persons.See(row, cell, batch);
        if (sighting.Fault is { } fault) state.Log.Add(Rules.PersonOnce, file, number, fault);
        tally.Count(row, sighting, number);
        CountInCell(number, row, cell, sighting);
    }

    /// <summary>A row in the place of one that another batch published.</summary>
    private void VerifyCorrection(int number, in OutcomeRow row)
    {
        tally.CountCorrection(row);
        // Whose cell and milestone it is, and in which bands, only the other batch tells.
        if (state.Alone)
        {
            if (row.Contradiction(Bands.Unknown) is { } own) state.Log.Add(Rules.Consistent, file, number, own);
            return;
        }

        var cell = CellOf(number, row);
        ref var slot = ref state.Cells.At(cell, row.Milestone);
        if (row.Contradiction(slot.Bands) is { } contradiction) state.Log.Add(Rules.Consistent, file, number, contradiction);
        var sighting = state.Persons.See(row, cell, batch: 0);
        if (sighting.Fault is { } fault) state.Log.Add(Rules.PersonOnce, file, number, fault);
        if (slot.Batch != state.Tombstones.OriginOf(batch, _expectedRow - 1).Batch || slot.Rows >= slot.Members)
        {
            if (state.Complete) state.Log.Add(Rules.Tombstone, file, number, "a correction of another cell or milestone than the row which it replaces");
            return;
        }

        slot.Corrected++;
        CountRow(ref slot, row, sighting);
        var key = (slot.Batch, BatchTally.ClassOf(row));
        if (sighting.NewInMilestone && state.SmallClasses.TryGetValue(key, out var small)) state.SmallClasses[key] = small with { Persons = small.Persons + 1 };
    }

    private int CellOf(int number, in OutcomeRow row)
    {
        var cell = state.Cells.IndexOf(row.Cell);
        if (!state.Cells.Admits(cell, row.QuasiIdentifiers))
            state.Log.Add(Rules.CellUniform, file, number, "the row has other quasi-identifiers than its cell");
        return cell;
    }

    private void CountInCell(int number, in OutcomeRow row, int cell, PersonRegister.Sighting sighting)
    {
        ref var slot = ref state.Cells.At(cell, row.Milestone);
        if (slot.Batch == 0)
        {
            slot.Batch = batch;
            tally.Published.Add(CellRegister.SlotOf(cell, row.Milestone));
        }
        else if (slot.Batch != batch)
        {
            if (!slot.Twice) state.Log.Add(Rules.Membership, file, number, "a cell and milestone that an earlier batch published");
            slot.Twice = true;
            return;
        }

        if (slot.Rows == 0) slot.FirstLine = number;
        CountRow(ref slot, row, sighting);
    }

    private static void CountRow(ref CellMilestone slot, in OutcomeRow row, PersonRegister.Sighting sighting)
    {
        slot.Rows++;
        if (sighting.NewInMilestone) slot.Persons++;
        if (!row.Measured) return;
        slot.Measured++;
        slot.Counts[(int)row.CategoryIn(slot.Bands)]++;
    }

    private void VerifyWhole()
    {
        if (!_hashed) return;
        if (_expectedRow != manifest.Rows)
            state.Log.Add(Rules.Rows, file, null, $"the file has {_expectedRow} rows, the manifest says {manifest.Rows}");
        Span<byte> stated = stackalloc byte[MerkleTree.HashBytes];
        Span<byte> root = stackalloc byte[MerkleTree.HashBytes];
        LowerHex.TryDecode(Encoding.ASCII.GetBytes(manifest.Root), stated);
        _tree.WriteRoot(root);
        if (!root.SequenceEqual(stated))
            state.Log.Add(Rules.Root, file, null, "the rows are not those the network signed (another Merkle root): pull the batch again");
    }

    /// <summary>A line without a leaf: the root cannot be computed any more.</summary>
    private void Unreadable(int number, string message)
    {
        state.Log.Add(Rules.Format, file, number, message);
        _hashed = false;
        tally.Complete = false;
        _expectedRow++;
    }

    private void Refuse((string Rule, Column Column) fault, int number)
    {
        var column = OutcomeProfile.ColumnNames[(int)fault.Column];
        state.Log.Add(fault.Rule, file, number, fault.Rule == Rules.Hierarchy
            ? $"column {column}: the value is no node of the manifest's hierarchy"
            : $"column {column}: the value is outside the column's domain");
        tally.Complete = false;
    }
}
