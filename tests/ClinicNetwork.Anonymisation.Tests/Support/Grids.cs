using System.Globalization;
using CsCheck;

namespace ClinicNetwork.Anonymisation.Tests.Support;

/// <summary>Random grids and the persons on them.</summary>
internal static class Grids
{
    /// <summary>A tree of 1 to 9 leaves and 1 to 3 levels above them, each value covering one to three below.</summary>
    private static readonly Gen<(int Leaves, int[] Fan)> GenTree = Gen.Select(Gen.Int[1, 9], Gen.Int[1, 3].Array[0, 2]);

    public static readonly Gen<Grid> Any = GenTree.Array[1, 4].Select(trees => new Grid("random", 1, [.. trees.Select((tree, i) => Tree($"a{i}", tree.Leaves, tree.Fan))]));

    public static Gen<GridPerson[]> PersonsOn(Grid grid, int most) =>
        Gen.Int[0, 99].Array[grid.Attributes.Count].Array[0, most].Select(drawn => drawn
            .Select((choice, i) => new GridPerson(
                string.Create(CultureInfo.InvariantCulture, $"p{i:0000}"),
                [.. grid.Attributes.Select((a, at) => a.Paths[choice[at] % a.LeafCount][0])]))
            .ToArray());

    public static Hierarchy Tree(string name, int leaves, params int[] fan) => new(name, [.. Enumerable.Range(0, leaves).Select(leaf => Path(name, leaf, fan))]);

    private static List<string> Path(string name, int leaf, int[] fan)
    {
        var (path, place) = (new List<string>(), leaf);
        for (var level = 0; level <= fan.Length; level++)
        {
            path.Add(string.Create(CultureInfo.InvariantCulture, $"{name}/{level}/{place}"));
            place = level < fan.Length ? place / fan[level] : 0;
        }

        path.Add("*");
        return path;
    }
}
