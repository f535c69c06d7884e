using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Anonymisation.Tests.Tables;

/// <summary>Random tables over two to four attributes: binary, flat and skewed, and three levels deep; prior and table have the same habits.</summary>
internal static class SkewedTables
{
    public static Microdata Make(Random random, IReadOnlyList<LeafHierarchy> attributes, int rows, bool hasPersons, bool hasSensitive, int leavesMax = int.MaxValue) => new(
        attributes,
        [.. attributes.Select(a => Column(random, rows, Math.Min(leavesMax, a.LeafCount)))],
        hasPersons ? [.. Enumerable.Range(0, rows).Select(_ => random.Next(Math.Max(1, rows)))] : null,
        hasSensitive ? [.. Enumerable.Range(0, rows).Select(_ => random.Next(6))] : null);

    public static LeafHierarchy[] AnyAttributes(Random random) => [.. Enumerable.Range(0, random.Next(2, 5)).Select(i => (random.Next(3)) switch
    {
        0 => Deep($"deep{i}", random.Next(6, 25)),
        1 => Flat($"flat{i}", random.Next(3, 9)),
        _ => Flat($"two{i}", 2),
    })];

    public static LeafHierarchy Flat(string name, int leaves) => new(name, [.. Enumerable.Range(0, leaves).Select(l => (IReadOnlyList<string>)[$"{name}-{l}", "*"])]);

    public static LeafHierarchy Deep(string name, int leaves) =>
        new(name, [.. Enumerable.Range(0, leaves).Select(l => (IReadOnlyList<string>)[$"{name}-{l}", $"{name}-by3-{l / 3}", $"{name}-by12-{l / 12}", "*"])]);

    /// <summary>Does the label stand for the leaf at any level?</summary>
    public static bool Covers(LeafHierarchy attribute, string label, int leaf)
    {
        for (var level = 0; level <= attribute.Height; level++)
        {
            if (attribute.Labels[attribute.LabelsAt(level)[leaf]] == label)
            {
                return true;
            }
        }

        return false;
    }

    private static int[] Column(Random random, int rows, int leaves) => [.. Enumerable.Range(0, rows).Select(_ => (int)(leaves * Math.Pow(random.NextDouble(), 3)))];
}
