using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace ClinicNetwork.Anonymisation.Tests.Merkle;

/// <summary>RFC 6962, section 2.1; vectors of the Certificate Transparency reference tests (merkle_tree_test, eight leaves).</summary>
public sealed class MerkleTreeTests
{
    /// <summary>Inputs of the reference tests as text: "", 00, 10, 2021, 3031, 40414243, 5051525354555657, 606162636465666768696a6b6c6d6e6f.</summary>
    private static readonly string[] Inputs = ["", "\u0000", "\u0010", " !", "01", "@ABC", "PQRSTUVW", "`abcdefghijklmno"];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void The_root_of_the_first_leaves_is_that_of_the_reference_tests(int count, string root)
    {
        byte[][] leaves = [.. Inputs.Take(count).Select(input => MerkleTree.Leaf([], [input]))];

        Assert.Equal(root, Convert.ToHexStringLower(MerkleTree.Root(leaves)));
    }

    [Fact]
    public void The_leaf_of_a_row_is_the_hash_of_prefix_salt_and_values_joined_by_tab()
    {
        byte[] salt = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];

        var expected = SHA256.HashData([0x00, .. salt, .. Encoding.UTF8.GetBytes("c-1\tWEEK_4\t18–49\tyes")]);

        Assert.Equal(expected, MerkleTree.Leaf(salt, ["c-1", "WEEK_4", "18–49", "yes"]));
    }

    /// <summary>Another way to the same tree: equal subtrees are joined as they come, the rest from the right.</summary>
    [Fact]
    public void Any_number_of_leaves_gives_the_root_of_an_independent_computation() =>
        Gen.Byte.Array[32].Array[1, 200].Sample(
            leaves =>
            {
                var subtrees = new Stack<(byte[] Hash, int Size)>();
                foreach (var leaf in leaves)
                {
                    var top = (Hash: leaf, Size: 1);
                    while (subtrees.TryPeek(out var left) && left.Size == top.Size)
                        top = (SHA256.HashData([1, .. subtrees.Pop().Hash, .. top.Hash]), 2 * top.Size);
                    subtrees.Push(top);
                }

                var root = subtrees.Pop().Hash;
                while (subtrees.TryPop(out var left))
                    root = SHA256.HashData([1, .. left.Hash, .. root]);
                Assert.Equal(root, MerkleTree.Root(leaves));
            },
            iter: 300,
            threads: 2);

    [Fact]
    public void Any_change_of_a_row_its_salt_or_its_place_changes_the_root() =>
        Gen.Select(Gen.Int[2, 40], Gen.Int[0, 39], Gen.Int[0, 2]).Sample(
            (count, at, kind) =>
            {
                byte[][] leaves = [.. Enumerable.Range(0, count).Select(i => MerkleTree.Leaf(new byte[16], [$"row {i}"]))];
                var root = MerkleTree.Root(leaves);
                var place = at % count;
                if (kind == 2)
                    (leaves[place], leaves[(place + 1) % count]) = (leaves[(place + 1) % count], leaves[place]);
                else
                    leaves[place] = MerkleTree.Leaf(kind == 0 ? new byte[16] : [.. Enumerable.Repeat((byte)1, 16)], [kind == 0 ? "changed" : $"row {place}"]);
                Assert.NotEqual(root, MerkleTree.Root(leaves));
            },
            iter: 200,
            threads: 1);
}
