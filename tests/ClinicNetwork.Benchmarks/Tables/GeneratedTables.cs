using System.Globalization;
using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Benchmarks.Tables;

internal enum Shape
{
    /// <summary>Each leaf as likely as the next, attributes independent: the hardest.</summary>
    Uniform,

    /// <summary>Zipf of exponent 1.2, attributes independent.</summary>
    Skewed,

    /// <summary>As skewed, of exponent 0.6 and with sixteen times as many leaves: nearly every row is alone.</summary>
    Sparse,

    /// <summary>Forty kinds of persons, Zipf; each attribute is near its kind's own value in four of five rows.</summary>
    Correlated,
}

/// <summary>Tables drawn by shape and seed.</summary>
internal static class GeneratedTables
{
    private const double SkewedExponent = 1.2;
    private const double SparseExponent = 0.6;
    private const int SparseTimes = 16;
    private const int Kinds = 40;
    private const double OfKind = 0.8;

    /// <summary>Leaves that a level has fewer than the one below, as a divisor.</summary>
    private const int Fan = 4;

    /// <summary>Leaves of each attribute in turn.</summary>
    private static readonly int[] Leaves = [2, 60, 5, 16, 40, 8, 14, 100, 3, 30, 12, 64, 4, 20, 10];

    /// <param name="attributes">1 to 15.</param>
    public static Microdata Draw(Shape shape, int rows, int attributes, int seed)
    {
        var random = new Random(seed);
        var hierarchies = Leaves[..attributes].Select((leaves, a) => HierarchyOf($"a{a + 1}", shape == Shape.Sparse ? leaves * SparseTimes : leaves)).ToArray();
        var weights = hierarchies.Select(h => CumulatedZipf(h.LeafCount, shape switch { Shape.Uniform => 0, Shape.Sparse => SparseExponent, _ => SkewedExponent })).ToArray();
        var kinds = CumulatedZipf(Kinds, 1);
        var typical = hierarchies.Select(h => Enumerable.Range(0, Kinds).Select(_ => random.Next(h.LeafCount)).ToArray()).ToArray();
        var columns = hierarchies.Select(_ => new int[rows]).ToArray();
        for (var row = 0; row < rows; row++)
        {
            var kind = shape == Shape.Correlated ? At(kinds, random) : -1;
            for (var a = 0; a < attributes; a++)
            {
                columns[a][row] = kind >= 0 && random.NextDouble() < OfKind ? Near(typical[a][kind], hierarchies[a].LeafCount, random) : At(weights[a], random);
            }
        }

        return new(hierarchies, columns);
    }

    /// <summary>Four neighbours have one label on the next level, until two to four labels are left.</summary>
    private static LeafHierarchy HierarchyOf(string name, int leaves) => new(name, [.. Enumerable.Range(0, leaves).Select(leaf => Path(leaf, leaves))]);

    private static string[] Path(int leaf, int leaves)
    {
        var path = new List<string> { leaf.ToString(CultureInfo.InvariantCulture) };
        for (var width = Fan; width < leaves; width *= Fan)
        {
            path.Add(string.Create(CultureInfo.InvariantCulture, $"{leaf / width * width}+{width}"));
        }

        return [.. path, LeafHierarchy.Root];
    }

    /// <summary>At the value or next to it, further with falling chance.</summary>
    private static int Near(int value, int leaves, Random random)
    {
        while (random.Next(3) == 0)
        {
            value += random.Next(2) == 0 ? 1 : -1;
        }

        return Math.Clamp(value, 0, leaves - 1);
    }

    private static double[] CumulatedZipf(int count, double exponent)
    {
        var (weights, sum) = (new double[count], 0.0);
        for (var i = 0; i < count; i++)
        {
            weights[i] = sum += Math.Pow(i + 1, -exponent);
        }

        return weights;
    }

    private static int At(double[] cumulated, Random random)
    {
        var at = Array.BinarySearch(cumulated, random.NextDouble() * cumulated[^1]);
        return at >= 0 ? at + 1 : ~at;
    }
}
