using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace ClinicNetwork.BlackBox.Tests.Reflection;

/// <summary>Messages by descriptor alone: written from field names and texts, read into field names and texts.</summary>
internal static class WireMessage
{
    /// <param name="fields">Field name (a dot goes into a message) and value as text.</param>
    public static byte[] Write(MessageDescriptor descriptor, params IEnumerable<(string Path, string Value)> fields)
    {
        using var stream = new MemoryStream();
        var output = new CodedOutputStream(stream);
        foreach (var group in fields.GroupBy(f => f.Path.Split('.')[0]))
        {
            var field = descriptor.FindFieldByName(group.Key) ?? throw new ArgumentException($"{descriptor.FullName} has no field {group.Key}.");
            if (field.FieldType == FieldType.Message)
            {
                output.WriteTag(field.FieldNumber, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom(Write(field.MessageType, group.Select(f => (f.Path[(group.Key.Length + 1)..], f.Value)))));
                continue;
            }

            foreach (var (_, value) in group)
            {
                WriteScalar(output, field, value);
            }
        }

        output.Flush();
        return stream.ToArray();
    }

    /// <summary>Every scalar in the message: path and value as text. A message that breaks its descriptor throws.</summary>
    public static IReadOnlyList<(string Path, string Value)> Read(MessageDescriptor descriptor, byte[] message)
    {
        var found = new List<(string, string)>();
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag && tag != 0)
        {
            var field = descriptor.FindFieldByNumber(WireFormat.GetTagFieldNumber(tag)) ?? throw new InvalidDataException($"{descriptor.FullName} has no field {WireFormat.GetTagFieldNumber(tag)}.");
            if (field.FieldType == FieldType.Message)
            {
                found.AddRange(Read(field.MessageType, input.ReadBytes().ToByteArray()).Select(inner => ($"{field.Name}.{inner.Path}", inner.Value)));
            }
            else
            {
                found.Add((field.Name, ReadScalar(input, field, tag)));
            }
        }

        return found;
    }

    private static void WriteScalar(CodedOutputStream output, FieldDescriptor field, string value)
    {
        switch (field.FieldType)
        {
            case FieldType.String:
                output.WriteTag(field.FieldNumber, WireFormat.WireType.LengthDelimited);
                output.WriteString(value);
                break;
            case FieldType.Int32 or FieldType.Int64 or FieldType.Bool or FieldType.Enum:
                output.WriteTag(field.FieldNumber, WireFormat.WireType.Varint);
                output.WriteInt64(field.FieldType == FieldType.Enum ? field.EnumType.FindValueByName(value).Number : long.Parse(value, CultureInfo.InvariantCulture));
                break;
            default:
                throw new NotSupportedException($"{field.FullName}: no test writes a {field.FieldType}.");
        }
    }

    private static string ReadScalar(CodedInputStream input, FieldDescriptor field, uint tag) => (field.FieldType, WireFormat.GetTagWireType(tag)) switch
    {
        (FieldType.String, _) => input.ReadString(),
        (FieldType.Bytes, _) => Convert.ToHexString(input.ReadBytes().Span),
        (FieldType.Enum, WireFormat.WireType.Varint) => input.ReadInt64() is var number && field.EnumType.FindValueByNumber((int)number) is { } value ? value.Name : "?",
        (FieldType.Double, WireFormat.WireType.Fixed64) => input.ReadDouble().ToString(CultureInfo.InvariantCulture),
        (_, WireFormat.WireType.LengthDelimited) => Convert.ToHexString(input.ReadBytes().Span),
        _ => input.ReadInt64().ToString(CultureInfo.InvariantCulture),
    };
}
