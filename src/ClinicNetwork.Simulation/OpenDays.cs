namespace ClinicNetwork.Simulation;

/// <summary>The clinics are open every day but Sunday; holidays are not modelled.</summary>
internal static class OpenDays
{
    internal static bool IsOpen(DateOnly day) => day.DayOfWeek != DayOfWeek.Sunday;

    /// <summary>The day itself, or the Monday after a Sunday.</summary>
    internal static DateOnly AtOrAfter(DateOnly day) => IsOpen(day) ? day : day.AddDays(1);

    /// <summary>The open ones of so many calendar days.</summary>
    internal static IReadOnlyList<DateOnly> Of(DateOnly first, int days) =>
        [.. Enumerable.Range(0, days).Select(first.AddDays).Where(IsOpen)];

    /// <summary>Clinic time, <paramref name="minutes"/> after midnight.</summary>
    internal static TimeOnly Time(int minutes) => new(minutes / 60, minutes % 60);
}
