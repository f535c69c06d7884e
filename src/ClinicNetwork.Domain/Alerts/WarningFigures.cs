namespace ClinicNetwork.Domain.Alerts;

/// <summary>The figures of abrupt stops and of patterns of misuse, as versioned data. All are [K], ours: a clinician has to sign them off.</summary>
/// <param name="StopIntervals">Doses have stopped when none came for so many times the longest interval that is planned after the last one.</param>
/// <param name="TaperDaysMin">A tapering interval is at least this long, clinical days, where the protocol has no taper of its own.</param>
/// <param name="MisuseDays">Facts make one pattern when they are at most so many clinical days apart; as long as the long-term safety items look back.</param>
/// <param name="HomeReadingsHours">Readings of a dose at home are missed when they are not all recorded so many hours after the last of their times.</param>
/// <param name="SafetyDays">Long-term safety items are missed when nothing was answered until so many clinical days after their window.</param>
public sealed record WarningFigures(int Version, int StopIntervals, int TaperDaysMin, int MisuseDays, int HomeReadingsHours, int SafetyDays)
{
    public static readonly WarningFigures Present = new(Version: 1, StopIntervals: 2, TaperDaysMin: 14, MisuseDays: 28, HomeReadingsHours: 24, SafetyDays: 7);
}
