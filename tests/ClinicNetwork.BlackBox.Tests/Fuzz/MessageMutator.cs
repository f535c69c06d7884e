using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.BlackBox.Tests.Fuzz;

/// <summary>Changes messages by their structure, and now and then their bytes: numbers at their ends, texts nobody expects, tokens with one bit wrong, lists of thousands.</summary>
internal sealed class MessageMutator(Random random, IReadOnlyList<string> tokens)
{
    /// <summary>A list grows by at most so many of its items at once, a text to at most so many characters: some messages pass the server's limit, most do not.</summary>
    private const int ItemsMax = 2_000;
    private const int CharactersMax = 300_000;

    private static readonly string[] Texts =
    [
        "", " ", "\0", "\u001b[31m", "\u0085", "\ufeff", "\u202egnirts", "ä", "🧠", "%s%n%x", "' OR 1=1 --", "${jndi:ldap://x}", "../../etc/passwd", "<script>", "null", "patients/", "patients/planned",
        "patients/nobody", "clinics/harbour", "clinics/hill", "clinics/", "protocols/ketamine-iv-induction", "profiles/public-outcomes", "2025-02-30", "9999-12-31", "0000-00-00", "-1", "1e309", "Europe/Berlin", "Mars/Base",
        "harbour/../hill", "a\nb", "\t",
    ];

    private static readonly double[] Doubles = [0, -0.0, 1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.MinValue, double.Epsilon, 35, 0.5, 1e-300];
    private static readonly long[] Integers = [0, 1, -1, 2, 9, 10, 255, 256, 1_000, 65_535, 65_536, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue];
    private static readonly long[] Seconds = [0, 1, -1, long.MaxValue, long.MinValue, 253_402_300_799, 253_402_300_800, -62_135_596_800, -62_135_596_801, 1_750_000_000];
    private static readonly int[] Nanos = [0, 1, -1, 999_999_999, 1_000_000_000, int.MaxValue, int.MinValue];

    /// <summary>Bytes to send for a changed copy of a message; one in eight is changed as bytes too.</summary>
    public byte[] Mutate(IMessage valid)
    {
        var message = valid.Descriptor.Parser.ParseFrom(valid.ToByteArray());
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            Change(message, depth: 0);
        }

        var bytes = message.ToByteArray();
        return random.Next(8) == 0 ? Corrupted(bytes) : bytes;
    }

    private void Change(IMessage message, int depth)
    {
        var fields = message.Descriptor.Fields.InDeclarationOrder();
        if (fields.Count == 0)
        {
            return;
        }

        var field = fields[random.Next(fields.Count)];
        if (message is Timestamp timestamp)
        {
            (timestamp.Seconds, timestamp.Nanos) = (Of(Seconds), Of(Nanos));
        }
        else if (field.IsMap)
        {
            field.Accessor.Clear(message);
        }
        else if (field.IsRepeated)
        {
            Change((IList)field.Accessor.GetValue(message), field, depth);
        }
        else if (random.Next(6) == 0)
        {
            field.Accessor.Clear(message);
        }
        else if (field.FieldType == FieldType.Message && field.Accessor.GetValue(message) is IMessage inner && random.Next(4) > 0)
        {
            Change(inner, depth + 1);
        }
        else
        {
            field.Accessor.SetValue(message, Value(field, depth));
        }
    }

    private void Change(IList list, FieldDescriptor field, int depth)
    {
        switch (random.Next(4))
        {
            case 0:
                list.Clear();
                break;
            case 1 when list.Count > 0 && list[random.Next(list.Count)] is IMessage inner:
                Change(inner, depth + 1);
                break;
            case 2 when list.Count > 0:
                var item = list[random.Next(list.Count)];
                for (var more = random.Next(1, random.Next(8) == 0 ? ItemsMax : 12); more > 0; more--)
                {
                    list.Add(item);
                }

                break;
            default:
                list.Add(Value(field, depth));
                break;
        }
    }

    private object Value(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.String => Text(),
        FieldType.Bytes => ByteString.CopyFrom(Bytes(random.Next(64))),
        FieldType.Bool => random.Next(2) == 0,
        FieldType.Double => Of(Doubles),
        FieldType.Float => (float)Of(Doubles),
        FieldType.Enum => System.Enum.ToObject(field.EnumType.ClrType, (int)Of(Integers)),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => Of(Integers),
        FieldType.UInt64 or FieldType.Fixed64 => (ulong)Of(Integers),
        FieldType.UInt32 or FieldType.Fixed32 => (uint)Of(Integers),
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => (int)Of(Integers),
        FieldType.Message => Filled(field.MessageType, depth),
        _ => throw new NotSupportedException($"{field.FieldType}"),
    };

    private IMessage Filled(MessageDescriptor type, int depth)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        if (depth < 4)
        {
            Change(message, depth + 1);
        }

        return message;
    }

    private string Text() => random.Next(10) switch
    {
        0 => new string((char)random.Next('a', 'z' + 1), random.Next(random.Next(20) == 0 ? CharactersMax : 5_000)),
        1 => Convert.ToBase64String(Bytes(random.Next(100))),
        2 or 3 when tokens.Count > 0 => Bent(tokens[random.Next(tokens.Count)]),
        _ => Of(Texts),
    };

    /// <summary>A token with a character replaced, lost, doubled, or as it is.</summary>
    private string Bent(string token)
    {
        var at = random.Next(token.Length);
        return random.Next(4) switch
        {
            0 => token[..at] + (char)random.Next('!', '~') + token[(at + 1)..],
            1 => token.Remove(at, 1),
            2 => token.Insert(at, token[at].ToString()),
            _ => token,
        };
    }

    private byte[] Corrupted(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return Bytes(random.Next(1, 32));
        }

        var at = random.Next(bytes.Length);
        switch (random.Next(4))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                return bytes[..at];
            case 2:
                return [.. bytes[..at], .. Bytes(random.Next(1, 16)), .. bytes[at..]];
            default:
                // A field of a length that is not there.
                return [.. bytes[..at], 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, .. bytes[at..]];
        }
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private T Of<T>(T[] values) => values[random.Next(values.Length)];
}
