using System.Buffers.Binary;

namespace ClinicNetwork.Verification;

/// <summary>Turns a row's texts into numbers and decides whether each is within its column's domain.</summary>
internal sealed class RowDecoder(Manifest manifest)
{
    private const int PseudonymBytes = 16;
    private const int LabelBits = 15;

    private readonly byte[] _codes = new byte[OutcomeProfile.ColumnNames.Length];

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
        Span<byte> pseudonym = stackalloc byte[PseudonymBytes];
        fault = (Rules.Format, Column.Pseudonym);
        if (!LowerHex.TryDecode(Value(line, Column.Pseudonym), pseudonym)) return false;
        row.Pseudonym = BinaryPrimitives.ReadUInt128BigEndian(pseudonym);
        fault = (Rules.Format, Column.Cell);
        return CellId.TryRead(Value(line, Column.Cell), out row.Cell);
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
        for (var i = 0; i < _codes.Length; i++)
        {
            if (OutcomeProfile.Closed[i] is not { } vocabulary) continue;
            var code = vocabulary.CodeOf(line[manifest.Positions[i]]);
            if (code == Vocabulary.Unknown)
            {
                fault = (Rules.Format, (Column)i);
                return false;
            }

            _codes[i] = (byte)code;
        }

        row.Milestone = _codes[(int)Column.Milestone];
        row.Status = _codes[(int)Column.Status];
        row.MissingReason = _codes[(int)Column.MissingReason];
        row.Response = _codes[(int)Column.Response];
        row.Remission = _codes[(int)Column.Remission];
        row.Worsening = _codes[(int)Column.Worsening];
        row.Severity = _codes[(int)Column.Severity];
        return true;
    }

    private ReadOnlySpan<byte> Value(RowLine line, Column column) => line[manifest.Positions[(int)column]];
}
