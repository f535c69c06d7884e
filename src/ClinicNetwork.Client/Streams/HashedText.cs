using System.Text;

namespace ClinicNetwork.Client.Streams;

/// <summary>What the leaves of a page are computed over, one row behind the other: 0x00, salt, values in UTF-8 joined by TAB.</summary>
/// <param name="rows">That will be added.</param>
internal sealed class HashedText(int rows)
{
    /// <summary>Of all columns of the public profile; more is found out by growing.</summary>
    private const int RowBytesUsual = 256;

    private byte[] text = new byte[rows * RowBytesUsual];
    private int length;

    /// <summary>False when a value has a control character: a TAB inside would let two different rows have one leaf.</summary>
    internal bool TryAdd(ReadOnlySpan<byte> salt, IReadOnlyList<string> values, out ReadOnlyMemory<byte> added)
    {
        var from = length;
        Reserve(1 + salt.Length);
        text[length] = 0;
        salt.CopyTo(text.AsSpan(length + 1));
        length += 1 + salt.Length;
        added = default;
        for (var i = 0; i < values.Count; i++)
        {
            var value = values[i];
            Reserve(1 + Encoding.UTF8.GetMaxByteCount(value.Length));
            if (i > 0)
                text[length++] = (byte)'\t';
            foreach (var character in value)
            {
                if (char.IsControl(character))
                    return false;
            }
            length += Encoding.UTF8.GetBytes(value, text.AsSpan(length));
        }
        added = text.AsMemory(from..length);
        return true;
    }

    /// <summary>Rows that were given before stay in the array that they were written to.</summary>
    private void Reserve(int bytes)
    {
        if (text.Length - length < bytes)
            Array.Resize(ref text, Math.Max(text.Length * 2, length + bytes));
    }
}
