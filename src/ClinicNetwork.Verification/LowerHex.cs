namespace ClinicNetwork.Verification;

/// <summary>Lower-case hexadecimal, the format's only one: upper case would let one value have two spellings.</summary>
internal static class LowerHex
{
    private static ReadOnlySpan<byte> Digits => "0123456789abcdef"u8;

    private static readonly byte[] Nibbles = NibbleTable();

    /// <summary>Decodes exactly <c>2 × bytes.Length</c> digits; false when the length or a digit is wrong.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> hex, Span<byte> bytes)
    {
        if (hex.Length != 2 * bytes.Length) return false;
        byte seen = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var high = Nibbles[hex[2 * i]];
            var low = Nibbles[hex[2 * i + 1]];
            seen |= (byte)(high | low);
            bytes[i] = (byte)(high << 4 | low);
        }

        return seen < 16;
    }

    private static byte[] NibbleTable()
    {
        var table = new byte[256];
        Array.Fill(table, byte.MaxValue);
        for (byte i = 0; i < 16; i++) table[Digits[i]] = i;
        return table;
    }
}
