using System.Security.Cryptography;
using System.Text;

namespace ClinicNetwork.Client;

/// <summary>
/// The root over a batch's rows, computed row by row (RFC 6962: node = SHA-256(0x01 ‖ left ‖ right), split at the largest power of two
/// below n). Holds one hash for each bit of the count.
/// </summary>
public sealed class MerkleAccumulator
{
    internal const int LeafBytes = SHA256.HashSizeInBytes;

    /// <summary>Bits of a count of rows.</summary>
    private const int LevelsMax = 63;

    /// <summary>At each level whose bit is set in <see cref="Count"/>: the root of that many rows.</summary>
    private readonly byte[] subtrees = new byte[LevelsMax * LeafBytes];

    /// <summary>Rows so far.</summary>
    public long Count { get; private set; }

    /// <summary>Leaf of a delivered row: SHA-256(0x00 ‖ salt ‖ UTF-8(values joined by TAB)).</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> salt, IEnumerable<string> values)
    {
        var text = Encoding.UTF8.GetBytes(string.Join('\t', values));
        return SHA256.HashData([0, .. salt, .. text]);
    }

    /// <param name="leaf">32 bytes.</param>
    public void Add(ReadOnlySpan<byte> leaf)
    {
        Span<byte> node = stackalloc byte[LeafBytes];
        leaf.CopyTo(node);
        var level = 0;
        for (; IsSet(level); level++)
            Join(Subtree(level), node);
        node.CopyTo(Subtree(level));
        Count++;
    }

    /// <summary>Root over the rows so far; no rows: SHA-256 of nothing.</summary>
    public byte[] Root()
    {
        if (Count == 0)
            return SHA256.HashData([]);
        var level = System.Numerics.BitOperations.TrailingZeroCount(Count);
        var root = Subtree(level).ToArray();
        for (level++; level < LevelsMax; level++)
        {
            if (IsSet(level))
                Join(Subtree(level), root);
        }
        return root;
    }

    private bool IsSet(int level) => (Count >> level & 1) == 1;

    private Span<byte> Subtree(int level) => subtrees.AsSpan(level * LeafBytes, LeafBytes);

    /// <summary>The node over both takes the place of the right one.</summary>
    private static void Join(ReadOnlySpan<byte> left, Span<byte> right)
    {
        Span<byte> joined = stackalloc byte[1 + (2 * LeafBytes)];
        joined[0] = 1;
        left.CopyTo(joined[1..]);
        right.CopyTo(joined[(1 + LeafBytes)..]);
        SHA256.HashData(joined, right);
    }
}
