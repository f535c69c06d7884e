using System.Numerics;
using System.Security.Cryptography;

namespace ClinicNetwork.Verification;

/// <summary>
/// The root over a list of leaves, as RFC 6962 section 2.1 splits it (largest power of two below n), computed while the leaves stream by:
/// only the roots of the complete subtrees to the left are kept, one per bit of the count.
/// </summary>
internal sealed class MerkleTree : IDisposable
{
    public const int HashBytes = SHA256.HashSizeInBytes;
    public const byte LeafPrefix = 0x00;
    private const byte NodePrefix = 0x01;
    private const int LevelsMax = 32;

    private readonly byte[] _subtrees = new byte[LevelsMax * HashBytes];
    private readonly byte[] _node = new byte[1 + 2 * HashBytes];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private uint _count;

    public MerkleTree() => _node[0] = NodePrefix;

    public void Append(ReadOnlySpan<byte> leaf)
    {
        Span<byte> hash = stackalloc byte[HashBytes];
        leaf.CopyTo(hash);
        var level = 0;
        for (; (_count >> level & 1) == 1; level++) Combine(Subtree(level), hash, hash);
        hash.CopyTo(Subtree(level));
        _count++;
    }

    /// <summary>Writes the root of the leaves so far; without any, SHA-256 of nothing.</summary>
    public void WriteRoot(Span<byte> root)
    {
        if (_count == 0)
        {
            SHA256.HashData([], root);
            return;
        }

        var level = BitOperations.TrailingZeroCount(_count);
        Subtree(level).CopyTo(root);
        for (level++; level < LevelsMax; level++)
            if ((_count >> level & 1) == 1)
                Combine(Subtree(level), root, root);
    }

    public void Dispose() => _hash.Dispose();

    private Span<byte> Subtree(int level) => _subtrees.AsSpan(level * HashBytes, HashBytes);

    private void Combine(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> parent)
    {
        left.CopyTo(_node.AsSpan(1));
        right.CopyTo(_node.AsSpan(1 + HashBytes));
        _hash.AppendData(_node);
        _hash.GetHashAndReset(parent);
    }
}
