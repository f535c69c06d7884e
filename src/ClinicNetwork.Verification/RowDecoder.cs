using System.Buffers.Binary;

namespace ClinicNetwork.Verification;

/// <summary>Turns a row's texts into numbers and decides whether each is within its column's domain.</summary>
internal sealed class RowDecoder(Manifest manifest)
{
    private const int PseudonymBytes = 16;
    private const int LabelBits = 15;
    private static readonly int Treatment = Array.IndexOf(OutcomeProfile.QuasiIdentifiers, Column.Treatment);

    private readonly byte[] _codes = [.. Enumerable.Repeat(OutcomeProfile.Hidden, OutcomeProfile.ColumnNames.Length)];

    /// <summary>Columns of closed vocabularies that the rows have.</summary>
    private readonly (int Column, int Position, Vocabulary Values)[] _closed =
    [
        .. manifest.Format.Closed.Index().Where(column => column.Item is not null && manifest.Positions[column.Index] >= 0)
            .Select(column => (column.Index, manifest.Positions[column.Index], column.Item!)),
    ];

    /// <summary>False with the rule and the column at fault.</summary>
    public bool TryDecode(RowLine line, out OutcomeRow row, out (string Rule, Column Column) fault)
    {
        row = default;
        return DecodeIds(line, ref row, out fault)
            && DecodeQuasiIdentifiers(line, ref row, ref fault)
            && DecodeClosed(line, ref row, ref fault);
    }

    private bool DecodeIds(RowLine line, ref OutcomeRow row, out (string, Column) fault)
    {
        fault = (Rules.Format, Column.Pseudonym);
        if (!TryReadPseudonym(Value(line, Column.Pseudonym), out row.Pseudonym)) return false;
        fault = (Rules.Format, Column.Cell);
        return CellId.TryRead(Value(line, Column.Cell), out row.Cell);
    }

    /// <summary>Reads 32 lower-case hex digits.</summary>
    public static bool TryReadPseudonym(ReadOnlySpan<byte> text, out UInt128 pseudonym)
    {
        Span<byte> bytes = stackalloc byte[PseudonymBytes];
        var read = LowerHex.TryDecode(text, bytes);
        pseudonym = read ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : 0;
        return read;
    }

    private bool DecodeQuasiIdentifiers(RowLine line, ref OutcomeRow row, ref (string, Column) fault)
    {
        row.AtRoot = true;
        for (var i = 0; i < OutcomeProfile.QuasiIdentifierCount; i++)
        {
            var hierarchy = manifest.Hierarchies[i];
            var code = hierarchy.CodeOf(Value(line, OutcomeProfile.QuasiIdentifiers[i]));
            if (code == Vocabulary.Unknown)
            {
                fault = (Rules.Hierarchy, OutcomeProfile.QuasiIdentifiers[i]);
                return false;
            }

            row.QuasiIdentifiers = row.QuasiIdentifiers << LabelBits | (uint)hierarchy.IdOf(code);
            row.Loss += hierarchy.LossOf(code);
            row.AtRoot &= code == hierarchy.RootCode;
        }

        return true;
    }

    private bool DecodeClosed(RowLine line, ref OutcomeRow row, ref (string, Column) fault)
    {
        foreach (var (column, position, values) in _closed)
        {
            var code = values.CodeOf(line[position]);
            if (code == Vocabulary.Unknown)
            {
                fault = (Rules.Format, (Column)column);
                return false;
            }

            _codes[column] = (byte)code;
        }

        row.Milestone = _codes[(int)Column.Milestone];
        row.Status = _codes[(int)Column.Status];
        row.MissingReason = _codes[(int)Column.MissingReason];
        row.Response = _codes[(int)Column.Response];
        row.Remission = _codes[(int)Column.Remission];
        row.Worsening = _codes[(int)Column.Worsening];
        row.Severity = _codes[(int)Column.Severity];
        row.Phq9 = _codes[(int)Column.Phq9];
        fault = (Rules.Hierarchy, Column.TreatmentAt);
        return manifest.Positions[(int)Column.TreatmentAt] is not (>= 0 and var at) || IsTreatmentAt(line[at]);
    }

    /// <summary>A leaf of <c>treatment</c>, <c>none</c>, or empty in a row that was released before there was the column.</summary>
    private bool IsTreatmentAt(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value.SequenceEqual("none"u8)) return true;
        var code = manifest.Hierarchies[Treatment].CodeOf(value);
        return code != Vocabulary.Unknown && manifest.Hierarchies[Treatment].IsLeaf(code);
    }

    private ReadOnlySpan<byte> Value(RowLine line, Column column) => line[manifest.Positions[(int)column]];
}
