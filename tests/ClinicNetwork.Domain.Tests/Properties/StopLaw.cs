using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Tests.Properties;

/// <summary>The rule of abrupt stops, written out again.</summary>
internal static class StopLaw
{
    public static IEnumerable<string> Meeting(PatientState state)
    {
        var dosed = state.Sessions.Where(s => s.DosedAt is not null).OrderBy(s => s.DosedAt).ToArray();
        if (dosed.Length == 0 || IsTapered([.. dosed.Select(s => state.DayOf(s.DosedAt!.Value)).Distinct()]))
        {
            return [];
        }

        var (first, last) = (dosed[0].DosedAt!.Value, dosed[^1].DosedAt!.Value);
        var over = state.EndedAt is null && !IsLost(state) ? OverOn(state, state.DayOf(first), state.DayOf(last), dosed.Length) : null;
        var isStopped = state.EndedAt is not null || (over is { } day && state.NoticedUntil is { } noticed && state.DayOf(noticed) >= day);
        var answers = state.Assessments.OrderBy(a => a.OccurredAt).ToArray();
        if (!isStopped || answers.LastOrDefault(a => a.OccurredAt < first) is not { } baseline || state.DayOf(baseline.OccurredAt) < state.DayOf(first).AddDays(-30))
        {
            return [];
        }

        var until = answers.Where(a => a.OccurredAt >= first && (state.EndedAt is { } ended ? a.OccurredAt <= ended : state.DayOf(a.OccurredAt) < over || IsStart(state, a.OccurredAt, over))).ToArray();
        var since = until.Where(a => a.OccurredAt > last).Append(until.LastOrDefault(a => a.OccurredAt <= last)).OfType<Assessment>();
        return since.Any(a => baseline.Total > 0 && 2 * a.Total <= baseline.Total) ? [$"sessions/{dosed.First(s => s.DosedAt == last).Id.Value}/dose"] : [];
    }

    /// <summary>No dose is planned for a patient whom nobody can reach.</summary>
    private static bool IsLost(PatientState state) => state.Losses.Any(l => state.Contacts.All(c => c.Result != ContactResult.Reached || c.OccurredAt < l.OccurredAt));

    /// <summary>Twice the longest interval planned after the last dose, and then a day's beginning.</summary>
    private static DateOnly? OverOn(PatientState state, DateOnly first, DateOnly last, int doses)
    {
        for (var day = last.AddDays(1); day < last.AddDays(100); day = day.AddDays(1))
        {
            var week = (day.DayNumber - first.DayNumber) / 7 + 1;
            var phase = state.Plan!.MadeFrom.Phases.Where(p => p.Kind != PhaseKind.Taper && p.FirstWeek <= week).MaxBy(p => p.FirstWeek);
            if (phase is not null && state.Plan.Interval is { } planned && planned.Phase == phase.Kind)
            {
                phase = phase with
                {
                    SpacingDaysMin = Math.Max(phase.SpacingDaysMin, planned.Days - PlannedInterval.ToleranceDays),
                    SpacingDaysMax = Math.Min(phase.SpacingDaysMax, planned.Days + PlannedInterval.ToleranceDays),
                };
            }

            var days = day.DayNumber - last.DayNumber;
            if (phase is not null && days >= phase.SpacingDaysMin && (phase.Kind != PhaseKind.Induction || doses < state.Plan.InductionSessions))
            {
                return last.AddDays((2 * Math.Max(days, phase.SpacingDaysMax)) + 1);
            }
        }

        return null;
    }

    private static bool IsStart(PatientState state, DateTimeOffset at, DateOnly? day) => state.DayOf(at) == day && state.DayOf(at.AddTicks(-1)) < day;

    private static bool IsTapered(DateOnly[] days)
    {
        var gaps = days.Zip(days.Skip(1), (a, b) => b.DayNumber - a.DayNumber).ToArray();
        return gaps.Length >= 3 && gaps[^2..].All(g => g >= 14 && g > gaps[^3]);
    }
}
