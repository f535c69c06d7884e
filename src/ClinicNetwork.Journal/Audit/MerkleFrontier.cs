using System.Numerics;
using System.Security.Cryptography;

namespace ClinicNetwork.Journal.Audit;

/// <summary>
/// The right edge of a tree that grows (RFC 9162, section 2.1.1): the roots of its complete subtrees, the largest first, one for each bit of its size.
/// All that is needed to add leaves and to know the root.
/// </summary>
public sealed class MerkleFrontier
{
    /// <summary>Of the nodes above the leaves every eighth level is kept, so that a proof reads at most 256 hashes of a level.</summary>
    public const int StoredLevels = 8;

    private const int HashBytes = AuditLeaf.HashBytes;
    private const byte NodePrefix = 1;

    private readonly List<byte[]> _subtrees;

    /// <param name="stored">As <see cref="ToStored"/> gave it.</param>
    /// <exception cref="StoreDamagedException">It does not fit the size.</exception>
    public MerkleFrontier(long size, ReadOnlySpan<byte> stored)
    {
        if (size < 0 || stored.Length != BitOperations.PopCount((ulong)size) * HashBytes)
        {
            throw new StoreDamagedException($"The audit tree's edge does not fit its size of {size}; restore the database from a backup.");
        }

        (Size, _subtrees) = (size, []);
        for (; stored.Length > 0; stored = stored[HashBytes..])
        {
            _subtrees.Add(stored[..HashBytes].ToArray());
        }
    }

    /// <summary>Leaves.</summary>
    public long Size { get; private set; }

    public static byte[] Join(byte[] left, byte[] right)
    {
        Span<byte> node = stackalloc byte[1 + 2 * HashBytes];
        node[0] = NodePrefix;
        left.CopyTo(node[1..]);
        right.CopyTo(node[(1 + HashBytes)..]);
        return SHA256.HashData(node);
    }

    public byte[] ToStored() => [.. _subtrees.SelectMany(hash => hash)];

    /// <param name="completed">Gets the nodes that are to be stored, as they are completed.</param>
    public void Add(byte[] leaf, ICollection<MerkleNode> completed)
    {
        var hash = leaf;
        var level = 0;
        for (; (Size >> level & 1) == 1; level++)
        {
            hash = Join(_subtrees[^1], hash);
            _subtrees.RemoveAt(_subtrees.Count - 1);
            if ((level + 1) % StoredLevels == 0)
            {
                completed.Add(new(level + 1, Size >> (level + 1), hash));
            }
        }

        _subtrees.Add(hash);
        Size++;
    }

    /// <summary>32 bytes; SHA-256 of nothing when there is no leaf.</summary>
    public byte[] Root()
    {
        if (Size == 0)
        {
            return SHA256.HashData([]);
        }

        var root = _subtrees[^1];
        for (var i = _subtrees.Count - 2; i >= 0; i--)
        {
            root = Join(_subtrees[i], root);
        }

        return root;
    }
}

/// <summary>The root of the complete subtree over the leaves from index · 2^level on.</summary>
public readonly record struct MerkleNode(int Level, long Index, byte[] Hash);
