using System.Globalization;

namespace ClinicNetwork.Anonymisation.Tables.Hierarchies;

/// <summary>Numbers at equal steps, such as ages, in intervals that begin at multiples of their width, cut where the range ends.</summary>
public static class NumberHierarchy
{
    /// <summary>Largest number, either way.</summary>
    public const decimal NumberMax = 1_000_000_000_000;

    /// <summary>Decimals of a number; more would not be exact.</summary>
    public const int DecimalsMax = 9;

    /// <param name="from">First number; leaves are written with as many decimals as it or the step has.</param>
    /// <param name="to">Last number, a whole number of steps above.</param>
    /// <param name="step">Above 0.</param>
    /// <param name="widths">Of the intervals of each level: a multiple of the step, each a multiple of the one before.</param>
    /// <param name="top">This number and all above are one interval, such as <c>90+</c>, on every level but the leaves'; a leaf of its own when it is the step after <paramref name="to"/>.</param>
    /// <exception cref="HierarchyRefusedException">They do not fit each other, or are too many.</exception>
    public static MadeHierarchy Make(decimal from, decimal to, decimal step, IReadOnlyList<decimal> widths, decimal? top = null)
    {
        RefuseRange(from, to, step, top);
        RefuseWidths(step, widths);
        var count = (int)((to - from) / step) + 1;
        var above = top is { } first ? (int)((first - from) / step) : count;
        var format = "F" + Math.Max(from.Scale, step.Scale).ToString(CultureInfo.InvariantCulture);
        string Number(int leaf) => (from + (leaf * step)).ToString(format, CultureInfo.InvariantCulture);
        string Top() => Number(above) + "+";
        List<string> leaves = [.. Enumerable.Range(0, count).Select(Number)];
        if (above == count && top is not null)
        {
            leaves.Add(Top());
        }

        return MadeHierarchy.Of(leaves, widths.Select(width => ($"{width}", LabelOf(width))));

        Func<int, string> LabelOf(decimal width) => leaf => leaf >= above ? Top() : Interval(leaf, width);

        string Interval(int leaf, decimal width)
        {
            var low = Math.Floor((from + (leaf * step)) / width) * width;
            var (begin, end) = (Math.Max(0, FirstFrom(low)), Math.Min(above, FirstFrom(low + width)) - 1);
            return begin == end ? Number(leaf) : Number(begin) + (from < 0 ? ".." : "-") + Number(end);
        }

        int FirstFrom(decimal number) => (int)Math.Min(Math.Ceiling((number - from) / step), count);
    }

    private static void RefuseRange(decimal from, decimal to, decimal step, decimal? top)
    {
        foreach (var (field, number) in new[] { ("from", from), ("to", to), ("step", step), ("top", top ?? from) })
        {
            RefuseNumber(field, number);
        }

        if (step <= 0)
        {
            throw new HierarchyRefusedException("step", "give a number above 0");
        }

        if (to < from || (to - from) % step != 0)
        {
            throw new HierarchyRefusedException("to", to < from ? "lies below the first number; give one that does not" : "is no whole number of steps above the first number; change it, or the step");
        }

        if (((to - from) / step) + 1 > MadeHierarchy.LeavesMax)
        {
            throw new HierarchyRefusedException("step", $"makes more than {MadeHierarchy.LeavesMax} leaves; give a larger one, or a narrower range");
        }

        if (top is { } first && (first <= from || first > to + step || (first - from) % step != 0))
        {
            throw new HierarchyRefusedException("top", "give a number above the first and at most one step above the last, a whole number of steps from the first");
        }
    }

    private static void RefuseWidths(decimal step, IReadOnlyList<decimal> widths)
    {
        if (widths.Count > MadeHierarchy.LevelsMax)
        {
            throw new HierarchyRefusedException("widths", $"are more than {MadeHierarchy.LevelsMax}; give fewer");
        }

        var below = step;
        for (var i = 0; i < widths.Count; i++)
        {
            RefuseNumber("widths", widths[i]);
            if (widths[i] <= below)
            {
                throw new HierarchyRefusedException("widths", $"number {i + 1} is not above {(i == 0 ? "the step" : "the one before")}; give widths that increase");
            }

            if (widths[i] % below != 0)
            {
                throw new HierarchyRefusedException(
                    "widths", $"number {i + 1} is no multiple of {(i == 0 ? "the step" : "the one before")}: its intervals would not nest; give one that is");
            }

            below = widths[i];
        }
    }

    private static void RefuseNumber(string field, decimal number)
    {
        if (Math.Abs(number) > NumberMax || number.Scale > DecimalsMax)
        {
            throw new HierarchyRefusedException(field, $"give a number of {-NumberMax} to {NumberMax} with at most {DecimalsMax} decimals");
        }
    }
}
