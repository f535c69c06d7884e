using System.Security.Cryptography;

namespace ClinicNetwork.Verification.Audit;

/// <summary>Verifies proofs of RFC 9162: an entry is under a root (section 2.1.3.2), a tree begins with a smaller one (section 2.1.4.2).</summary>
public static class MerkleProof
{
    /// <param name="position">Of the leaf, 0 first.</param>
    /// <param name="size">Of the tree with the root.</param>
    public static bool Includes(byte[] leaf, long position, long size, IReadOnlyList<byte[]> path, byte[] root)
    {
        if (position < 0 || position >= size || !AreHashes([leaf, root, .. path]))
        {
            return false;
        }

        var (fn, sn, hash) = (position, size - 1, leaf);
        foreach (var node in path)
        {
            if (sn == 0)
            {
                return false;
            }

            if ((fn & 1) == 1 || fn == sn)
            {
                hash = Join(node, hash);
                while ((fn & 1) == 0 && fn != 0)
                {
                    (fn, sn) = (fn >> 1, sn >> 1);
                }
            }
            else
            {
                hash = Join(hash, node);
            }

            (fn, sn) = (fn >> 1, sn >> 1);
        }

        return sn == 0 && hash.AsSpan().SequenceEqual(root);
    }

    public static bool IsConsistent(long first, byte[] firstRoot, long second, byte[] secondRoot, IReadOnlyList<byte[]> path)
    {
        if (first < 1 || first > second || !AreHashes([firstRoot, secondRoot, .. path]))
        {
            return false;
        }

        if (first == second)
        {
            return path.Count == 0 && firstRoot.AsSpan().SequenceEqual(secondRoot);
        }

        List<byte[]> nodes = (first & (first - 1)) == 0 ? [firstRoot, .. path] : [.. path];
        if (nodes.Count == 0)
        {
            return false;
        }

        var (fn, sn) = (first - 1, second - 1);
        while ((fn & 1) == 1)
        {
            (fn, sn) = (fn >> 1, sn >> 1);
        }

        var (fr, sr) = (nodes[0], nodes[0]);
        foreach (var node in nodes.Skip(1))
        {
            if (sn == 0)
            {
                return false;
            }

            if ((fn & 1) == 1 || fn == sn)
            {
                (fr, sr) = (Join(node, fr), Join(node, sr));
                while ((fn & 1) == 0 && fn != 0)
                {
                    (fn, sn) = (fn >> 1, sn >> 1);
                }
            }
            else
            {
                sr = Join(sr, node);
            }

            (fn, sn) = (fn >> 1, sn >> 1);
        }

        return sn == 0 && fr.AsSpan().SequenceEqual(firstRoot) && sr.AsSpan().SequenceEqual(secondRoot);
    }

    private static bool AreHashes(IEnumerable<byte[]> nodes) => nodes.All(node => node.Length == SHA256.HashSizeInBytes);

    private static byte[] Join(byte[] left, byte[] right) => SHA256.HashData([1, .. left, .. right]);
}
