using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Output;

/// <summary>
/// The PHQ-9 over time as text: a row for three points, the total where it was answered, <c>^</c> under days with a session, severity bands
/// at the right (Kroenke 2001, 10.1046/j.1525-1497.2001.016009606.x).
/// </summary>
internal static class Phq9Plot
{
    /// <summary>Wide enough to tell weeks apart; less in a narrow terminal.</summary>
    private const int ColumnsMax = 66;
    private const int ColumnsMin = 20;

    /// <summary>Beside the plot: the scale at the left, the longest band at the right.</summary>
    private const int Beside = 33;
    private const int PointsPerRow = 3;
    private const int Rows = 27 / PointsPerRow + 1;

    internal static IEnumerable<string> Lines(IReadOnlyCollection<Assessment> assessments, IReadOnlyCollection<Session> sessions, int width)
    {
        var columns = Math.Clamp(width - Beside, ColumnsMin, ColumnsMax);
        var times = assessments.Select(a => a.OccurredAt).Concat(sessions.Select(s => s.StartedAt))
            .Select(time => time.ToDateTimeOffset()).ToList();
        var (first, last) = (times.Min(), times.Max());
        var days = Math.Max(1, (last - first).TotalDays);
        int ColumnOf(DateTimeOffset time) => (int)Math.Round((time - first).TotalDays / days * (columns - 3));

        var grid = Enumerable.Range(0, Rows).Select(_ => new char[columns]).ToArray();
        foreach (var row in grid)
            Array.Fill(row, ' ');
        foreach (var answered in assessments.OrderBy(a => a.OccurredAt.ToDateTimeOffset()))
            Place(grid[RowOf(answered.Total)], ColumnOf(answered.OccurredAt.ToDateTimeOffset()), answered.Total);

        yield return "PHQ-9";
        for (var row = Rows - 1; row >= 0; row--)
            yield return $"  {row * PointsPerRow,3} |{new string(grid[row])}| {Band(row * PointsPerRow)}".TrimEnd();
        yield return $"      +{Marks(sessions, ColumnOf, columns)}+ ^ session";
        var (from, to) = ($"{first:yyyy-MM-dd}", $"{last:yyyy-MM-dd}");
        yield return $"       {from}{new string(' ', columns - from.Length - to.Length)}{to}";
    }

    private static int RowOf(int total) => (int)Math.Round(total / (double)PointsPerRow);

    /// <summary>The total where there is room for it, else a dot beside what stands there.</summary>
    private static void Place(char[] row, int column, int total)
    {
        var text = total.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var free = Enumerable.Range(column - 1, text.Length + 2).All(c => c < 0 || c >= row.Length || row[c] == ' ');
        if (free)
            text.CopyTo(row.AsSpan(column));
        else if (Array.IndexOf(row, ' ', column) is >= 0 and var beside)
            row[beside] = '·';
    }

    private static string Marks(IEnumerable<Session> sessions, Func<DateTimeOffset, int> columnOf, int columns)
    {
        var marks = new char[columns];
        Array.Fill(marks, '-');
        foreach (var session in sessions)
            marks[columnOf(session.StartedAt.ToDateTimeOffset())] = '^';
        return new string(marks);
    }

    /// <summary>Named at the row nearest to the middle of the band.</summary>
    private static string Band(int points) => points switch
    {
        24 => "severe 20-27",
        18 => "moderately severe 15-19",
        12 => "moderate 10-14",
        6 => "mild 5-9",
        3 => "minimal 0-4",
        _ => "",
    };
}
