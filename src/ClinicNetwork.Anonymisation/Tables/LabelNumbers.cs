namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>A random number for each label of each attribute: what is published alike has equal sums of them, and what is not has, but for once in some 10^19.</summary>
internal static class LabelNumbers
{
    private const ulong Seed = 0x5EED;

    /// <summary>By attribute and label; from a fixed seed, so that equal inputs give equal outputs.</summary>
    public static ulong[][] Of(IReadOnlyList<LeafHierarchy> attributes)
    {
        var state = Seed;
        var numbers = attributes.Select(attribute => new ulong[attribute.Labels.Length]).ToArray();
        foreach (var ofAttribute in numbers)
        {
            foreach (ref var number in ofAttribute.AsSpan())
            {
                number = SplitMix(ref state);
            }
        }

        return numbers;
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014).</summary>
    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
