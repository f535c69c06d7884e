using System.Globalization;

namespace ClinicNetwork.Domain.Submissions;

/// <summary>Counts of persons as they are shown: none from 1 to k - 1, nor one that a sum and its other parts would tell.</summary>
public static class SmallCounts
{
    public const string Beside = "not shown";

    /// <summary>
    /// Parts of one sum that is shown. Small parts hide each other when their sum is not small and leaves more than one value to each; else other ones go with them, the last
    /// first and whatever their size, up to 2 k together, and which of them is small is not told.
    /// </summary>
    /// <param name="parts">0 or more each.</param>
    public static IReadOnlyList<string> OfParts(IReadOnlyList<long> parts, int k)
    {
        var hidden = parts.Select((count, at) => (count, at)).Where(p => p.count > 0 && p.count < k).Select(p => p.at).ToHashSet();
        var (small, sum) = (hidden.Count, hidden.Sum(at => parts[at]));
        if (small == 0 || parts.Sum() < k || (sum >= k && sum > small && sum < small * (k - 1)))
        {
            return [.. parts.Select((count, at) => hidden.Contains(at) ? Under(k) : Text(count))];
        }

        foreach (var (count, at) in parts.Select((count, at) => (count, at)).Where(p => p.count >= k).Reverse())
        {
            if (sum >= 2 * k)
            {
                break;
            }

            hidden.Add(at);
            sum += count;
        }

        return [.. parts.Select((count, at) => hidden.Contains(at) ? Beside : Text(count))];
    }

    /// <summary>A part of a sum that is shown; also what is left of the sum must not be small.</summary>
    public static string OfPart(long part, long sum, int k) => part > 0 && part < k ? Under(k) : sum - part > 0 && sum - part < k ? Beside : Text(part);

    /// <summary>A sum by itself.</summary>
    public static string Of(long count, int k) => count > 0 && count < k ? Under(k) : Text(count);

    private static string Under(int k) => $"fewer than {k}";

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);
}
