using System.Security.Cryptography;
using System.Text;

namespace ClinicNetwork.Anonymisation;

/// <summary>Merkle root over salted rows, as RFC 6962, section 2.1: a batch is this root, and a withdrawn row stays in it as its leaf.</summary>
public static class MerkleTree
{
    /// <summary>Salt of a row, bytes.</summary>
    public const int SaltBytes = 16;

    /// <summary>Leaf of a row: SHA-256(0x00 ‖ salt ‖ values joined by TAB).</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> salt, IReadOnlyList<string> values)
    {
        var joined = string.Join('\t', values);
        var row = new byte[1 + salt.Length + Encoding.UTF8.GetByteCount(joined)];
        salt.CopyTo(row.AsSpan(1));
        Encoding.UTF8.GetBytes(joined, row.AsSpan(1 + salt.Length));
        return SHA256.HashData(row);
    }

    /// <summary>Root over the leaves, 32 bytes; SHA-256 of nothing when there are none.</summary>
    public static byte[] Root(IReadOnlyList<byte[]> leaves) => leaves.Count == 0 ? SHA256.HashData([]) : RootOf(leaves, 0, leaves.Count);

    private static byte[] RootOf(IReadOnlyList<byte[]> leaves, int from, int count)
    {
        if (count == 1)
        {
            return leaves[from];
        }

        var left = 1;
        while (left * 2 < count)
        {
            left *= 2;
        }

        return SHA256.HashData([1, .. RootOf(leaves, from, left), .. RootOf(leaves, from + left, count - left)]);
    }
}
