using System.Security.Cryptography;
using System.Text;

namespace ClinicNetwork.Client.Tests;

public sealed class MerkleAccumulatorTests
{
    [Fact]
    public void No_rows_give_the_hash_of_nothing() =>
        Assert.Equal(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Convert.ToHexStringLower(new MerkleAccumulator().Root()));

    /// <summary>The tests' own tree, written down as RFC 6962, section 2.1, defines it.</summary>
    [Fact]
    public void Any_count_gives_the_tree_of_rfc_6962()
    {
        var leaves = Enumerable.Range(0, 130).Select(i => SHA256.HashData([0, (byte)i])).ToList();
        var tree = new MerkleAccumulator();
        for (var n = 1; n <= leaves.Count; n++)
        {
            tree.Add(leaves[n - 1]);
            Assert.Equal(n, tree.Count);
            Assert.Equal(ByDefinition(leaves.GetRange(0, n)), tree.Root());
        }
    }

    [Fact]
    public void A_leaf_is_the_hash_of_zero_salt_and_the_values_joined_by_tab()
    {
        byte[] salt = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

        var leaf = MerkleAccumulator.Leaf(salt, ["a", "ö", ""]);

        Assert.Equal(SHA256.HashData([0, .. salt, .. Encoding.UTF8.GetBytes("a\tö\t")]), leaf);
    }

    private static byte[] ByDefinition(List<byte[]> leaves)
    {
        if (leaves.Count == 1)
            return leaves[0];
        var split = 1;
        while (split * 2 < leaves.Count)
            split *= 2;
        return SHA256.HashData(
            [1, .. ByDefinition(leaves.GetRange(0, split)), .. ByDefinition(leaves.GetRange(split, leaves.Count - split))]);
    }
}
