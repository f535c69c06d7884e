using System.Security.Cryptography;
using System.Text;

namespace ClinicNetwork.Client;

/// <summary>
/// The root over a batch's rows, computed row by row (RFC 6962: node = SHA-256(0x01 ‖ left ‖ right), split at the largest power of two
/// below n). Holds one hash for each bit of the count.
/// </summary>
public sealed class MerkleAccumulator
{
    /// <summary>Roots of complete subtrees, the largest first; their sizes are the bits of <see cref="Count"/>.</summary>
    private readonly List<byte[]> subtrees = [];

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
        subtrees.Add(leaf.ToArray());
        Count++;
        for (var completed = Count; (completed & 1) == 0; completed >>= 1)
            JoinLastTwo(subtrees);
    }

    /// <summary>Root over the rows so far; no rows: SHA-256 of nothing.</summary>
    public byte[] Root()
    {
        if (Count == 0)
            return SHA256.HashData([]);
        var rest = new List<byte[]>(subtrees);
        while (rest.Count > 1)
            JoinLastTwo(rest);
        return rest[0];
    }

    private static void JoinLastTwo(List<byte[]> nodes)
    {
        var joined = SHA256.HashData([1, .. nodes[^2], .. nodes[^1]]);
        nodes.RemoveAt(nodes.Count - 1);
        nodes[^1] = joined;
    }
}
