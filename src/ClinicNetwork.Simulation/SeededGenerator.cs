using System.Numerics;

namespace ClinicNetwork.Simulation;

/// <summary>What a stream of random numbers is for: each purpose has its own, so that changing one rate never moves another draw.</summary>
internal enum DrawStream : byte
{
    Person = 1,
    Calendar = 2,
    Outcome = 3,
    Missing = 4,
    Session = 5,
    Answers = 6,
    Participation = 7,
}

/// <summary>
/// xoshiro256** seeded by SplitMix64. Not for secrets.
/// <para>Source: Blackman and Vigna, Scrambled linear pseudorandom number generators, ACM TOMS 47(4), 2021, 10.1145/3460772;
/// Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA 2014, 10.1145/2660193.2660195.</para>
/// Uses integer and exactly rounded floating-point operations only (no logarithm, no cosine): the same numbers on every platform.
/// </summary>
internal sealed class SeededGenerator
{
    /// <summary>SplitMix64's increment: 2^64 divided by the golden ratio, odd.</summary>
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    private ulong s0, s1, s2, s3;

    internal SeededGenerator(ulong s0, ulong s1, ulong s2, ulong s3) => (this.s0, this.s1, this.s2, this.s3) = (s0, s1, s2, s3);

    internal SeededGenerator(ulong seed) =>
        (s0, s1, s2, s3) = unchecked((Mix(seed + Gamma), Mix(seed + 2 * Gamma), Mix(seed + 3 * Gamma), Mix(seed + 4 * Gamma)));

    /// <summary>The stream of one patient and purpose: depends on nothing else, so a longer cohort starts with the shorter one.</summary>
    internal static SeededGenerator For(ulong seed, int patientIndex, DrawStream stream) =>
        new(Mix(Mix(seed + Gamma) ^ ((ulong)patientIndex << 8 | (byte)stream)));

    internal static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    internal ulong Next()
    {
        var result = BitOperations.RotateLeft(s1 * 5, 7) * 9;
        var shifted = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>0 ≤ result &lt; <paramref name="bound"/> (1 or more). Multiply-shift; the bias is below bound / 2^64.</summary>
    internal int Below(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (int)Math.BigMul(Next(), (ulong)bound, out _);
    }

    /// <summary>Both ends included.</summary>
    internal int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>Uniform on [0, 1), 53 bits.</summary>
    internal double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    internal bool Chance(double probability) => Fraction() < probability;

    /// <summary>Mean 0, standard deviation 1, within ±6: the sum of twelve uniforms (Irwin-Hall), close enough for readings.</summary>
    internal double Normal()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
            sum += Fraction();
        return sum;
    }

    internal T Pick<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>An index drawn by weight (whole numbers, at least one above 0).</summary>
    internal int Weighted(ReadOnlySpan<int> weights)
    {
        var sum = 0;
        foreach (var weight in weights)
            sum += weight;
        var left = Below(sum);
        var index = 0;
        while (left >= weights[index])
            left -= weights[index++];
        return index;
    }
}
