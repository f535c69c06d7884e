namespace ClinicNetwork.Simulation;

/// <summary>Spreads a PHQ-9 total over its nine items.</summary>
internal static class ItemDraw
{
    private const int ItemMax = 3;

    /// <summary>
    /// How readily each item takes a point: tiredness (4) and sleep (3) most, moving slowly (8) and thoughts of death (9) least.
    /// Assumption: the order is common in primary care, the numbers are ours.
    /// </summary>
    private static readonly int[] Weights = [10, 11, 11, 13, 9, 9, 8, 5, 3];

    /// <summary>Nine values of 0-3 that sum to <paramref name="total"/> (0-27).</summary>
    internal static IReadOnlyList<int> Draw(int total, SeededGenerator random)
    {
        var items = new int[Weights.Length];
        Span<int> open = stackalloc int[Weights.Length];
        for (var point = 0; point < total; point++)
        {
            for (var item = 0; item < items.Length; item++)
                open[item] = Weights[item] * (ItemMax - items[item]);
            items[random.Weighted(open)]++;
        }
        return items;
    }
}
