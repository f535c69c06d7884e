using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace ClinicNetwork.Repository.Tests.Dependencies;

/// <summary>The metadata tokens that a method body's instructions name (ECMA-335, partition III).</summary>
internal static class BodyTokens
{
    private static readonly Dictionary<ushort, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (ushort)code.Value);

    public static IEnumerable<EntityHandle> Read(BlobReader body)
    {
        var handles = new List<EntityHandle>();
        while (body.RemainingBytes > 0)
        {
            ushort value = body.ReadByte();
            if (value == 0xFE) value = (ushort)(0xFE00 | body.ReadByte());
            switch (OpCodesByValue[value].OperandType)
            {
                case OperandType.InlineField:
                case OperandType.InlineMethod:
                case OperandType.InlineTok:
                case OperandType.InlineType:
                    handles.Add(MetadataTokens.EntityHandle(body.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    Skip(ref body, 4 * body.ReadInt32());
                    break;
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget:
                case OperandType.ShortInlineI:
                case OperandType.ShortInlineVar:
                    Skip(ref body, 1);
                    break;
                case OperandType.InlineVar:
                    Skip(ref body, 2);
                    break;
                case OperandType.InlineI8:
                case OperandType.InlineR:
                    Skip(ref body, 8);
                    break;
                default:
                    Skip(ref body, 4);
                    break;
            }
        }

        return handles;
    }

    private static void Skip(ref BlobReader body, int bytes) => body.Offset += bytes;
}
