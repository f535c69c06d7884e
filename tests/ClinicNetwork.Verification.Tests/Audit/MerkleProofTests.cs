using System.Security.Cryptography;
using ClinicNetwork.Verification.Audit;

namespace ClinicNetwork.Verification.Tests.Audit;

/// <summary>Proofs by the tree of RFC 9162, section 2.1.5, and what must not pass for one.</summary>
public sealed class MerkleProofTests
{
    private static readonly byte[][] Leaves = [.. Enumerable.Range(0, 7).Select(i => SHA256.HashData([0, (byte)i]))];

    private static byte[] Node(params byte[][] two) => SHA256.HashData([1, .. two[0], .. two[1]]);

    private static byte[] G => Node(Leaves[0], Leaves[1]);

    private static byte[] H => Node(Leaves[2], Leaves[3]);

    private static byte[] I => Node(Leaves[4], Leaves[5]);

    private static byte[] K => Node(G, H);

    private static byte[] L => Node(I, Leaves[6]);

    private static byte[] Whole => Node(K, L);

    [Fact]
    public void The_examples_of_the_standard_hold()
    {
        Assert.True(MerkleProof.Includes(Leaves[0], 0, 7, [Leaves[1], H, L], Whole));
        Assert.True(MerkleProof.Includes(Leaves[3], 3, 7, [Leaves[2], G, L], Whole));
        Assert.True(MerkleProof.Includes(Leaves[4], 4, 7, [Leaves[5], Leaves[6], K], Whole));
        Assert.True(MerkleProof.Includes(Leaves[6], 6, 7, [I, K], Whole));
        Assert.True(MerkleProof.IsConsistent(3, Node(G, Leaves[2]), 7, Whole, [Leaves[2], Leaves[3], G, L]));
        Assert.True(MerkleProof.IsConsistent(4, K, 7, Whole, [L]));
        Assert.True(MerkleProof.IsConsistent(6, Node(K, I), 7, Whole, [I, Leaves[6], K]));
        Assert.True(MerkleProof.IsConsistent(7, Whole, 7, Whole, []));
        Assert.True(MerkleProof.Includes(Leaves[0], 0, 1, [], Leaves[0]));
    }

    [Fact]
    public void Another_place_size_root_or_path_does_not()
    {
        Assert.False(MerkleProof.Includes(Leaves[0], 1, 7, [Leaves[1], H, L], Whole));
        Assert.False(MerkleProof.Includes(Leaves[0], 0, 8, [Leaves[1], H, L], K));
        Assert.False(MerkleProof.Includes(Leaves[0], 0, 7, [Leaves[1], H], Whole));
        Assert.False(MerkleProof.Includes(Leaves[0], 0, 7, [Leaves[1], H, L, L], Whole));
        Assert.False(MerkleProof.Includes(Leaves[0], 7, 7, [Leaves[1], H, L], Whole));
        Assert.False(MerkleProof.Includes(Leaves[0], -1, 7, [Leaves[1], H, L], Whole));
        // A node is no leaf of a smaller tree.
        Assert.False(MerkleProof.Includes(SHA256.HashData([.. Leaves[0], .. Leaves[1]]), 0, 4, [H], K));
        Assert.False(MerkleProof.IsConsistent(3, Whole, 7, Whole, [Leaves[2], Leaves[3], G, L]));
        Assert.False(MerkleProof.IsConsistent(4, K, 7, Whole, []));
        Assert.False(MerkleProof.IsConsistent(4, K, 7, Whole, [L, L]));
        Assert.False(MerkleProof.IsConsistent(0, Whole, 7, Whole, []));
        Assert.False(MerkleProof.IsConsistent(8, Whole, 7, Whole, [L]));
        Assert.False(MerkleProof.IsConsistent(7, K, 7, Whole, []));
        Assert.False(MerkleProof.IsConsistent(3, Node(G, Leaves[2]), 7, Whole, []));
    }
}
