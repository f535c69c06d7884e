using System.Globalization;

namespace ClinicNetwork.Anonymisation.Tables.Hierarchies;

/// <summary>What days are merged to; in this order each holds whole ones of those before.</summary>
public enum DatePeriod
{
    /// <summary><c>2026-03</c>.</summary>
    Month,

    /// <summary><c>2026-Q1</c>.</summary>
    Quarter,

    /// <summary><c>2026</c>.</summary>
    Year,

    /// <summary><c>2020s</c>.</summary>
    Decade,
}

/// <summary>Every day of a range, as <c>YYYY-MM-DD</c> (ISO 8601), in periods of the calendar.</summary>
public static class DateHierarchy
{
    /// <param name="to">Last day, not before the first.</param>
    /// <param name="periods">From short to long, none twice.</param>
    /// <exception cref="HierarchyRefusedException">Out of order, or too many days.</exception>
    public static MadeHierarchy Make(DateOnly from, DateOnly to, IReadOnlyList<DatePeriod> periods)
    {
        if (to < from)
        {
            throw new HierarchyRefusedException("to", "lies before the first day; give one that does not");
        }

        var count = to.DayNumber - from.DayNumber + 1;
        if (count > MadeHierarchy.LeavesMax)
        {
            throw new HierarchyRefusedException("to", $"makes more than {MadeHierarchy.LeavesMax} leaves; give a narrower range");
        }

        if (periods.Zip(periods.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            throw new HierarchyRefusedException("levels", "are out of order or named twice; give them from short to long");
        }

        return MadeHierarchy.Of(
            [.. Enumerable.Range(0, count).Select(day => from.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))],
            periods.Select(period => (period.ToString().ToLowerInvariant(), LabelOf(period))));

        Func<int, string> LabelOf(DatePeriod period) => day => Label(from.AddDays(day), period);
    }

    private static string Label(DateOnly day, DatePeriod period) => period switch
    {
        DatePeriod.Month => day.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        DatePeriod.Quarter => string.Create(CultureInfo.InvariantCulture, $"{day.Year:0000}-Q{((day.Month - 1) / 3) + 1}"),
        DatePeriod.Year => day.Year.ToString("0000", CultureInfo.InvariantCulture),
        DatePeriod.Decade => string.Create(CultureInfo.InvariantCulture, $"{day.Year / 10 * 10:0000}s"),
        _ => throw new ArgumentOutOfRangeException(nameof(period)),
    };
}
