using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// Doses that stop without a taper in a patient who responded: symptoms may come back at once (SUSTAIN-1, Daly 2019, PMC6551577: of stable responders 57.6 % relapsed without
/// esketamine, 25.8 % with it). Figures: <see cref="WarningFigures"/>. A function of the state.
/// </summary>
internal static class AbruptStop
{
    /// <summary>The last dose, once treatment ended after it or the time for the next one is known to be over; null: no abrupt stop.</summary>
    public static (string Cause, DateTimeOffset At)? Of(PatientState state)
    {
        if ((state.EndedAt ?? state.NoticedUntil) is null || LastDose(state) is not { DosedAt: { } dosedAt } last)
        {
            return null;
        }

        var stopped = state.EndedAt ?? (state.NoticedUntil > dosedAt && LapsesAt(state) is { } lapse && lapse <= state.NoticedUntil ? lapse : null);
        return stopped is { } at && HadResponse(state, dosedAt, at) && !IsTapered(state) ? (CauseOf(last), dosedAt) : null;
    }

    /// <summary>When the time for a next dose is over; null when none is planned: treatment has ended or not begun, the patient is lost, or the protocol says nothing of intervals.</summary>
    public static DateTimeOffset? LapsesAt(PatientState state)
    {
        if (state.EndedAt is not null || state.Plan is not { } plan || plan.MadeFrom.Phases.IsEmpty || LastDose(state) is not { DosedAt: { } dosedAt }
            || FollowUpCalendar.Of(state, FollowUpCatalogue.BeforeSession, dosedAt) is not [.., var next] || next.DueBy <= dosedAt)
        {
            return null;
        }

        var (last, late) = (state.DayOf(dosedAt), state.DayAtBorder(next.DueBy));
        var planned = late.DayNumber - 1 - last.DayNumber;
        return ClinicTime.StartOf(last.AddDays((WarningFigures.Present.StopIntervals * planned) + 1), state.TimeZone);
    }

    /// <summary>The dose that answers the alert: a later one than those that it was raised for, of whatever course.</summary>
    public static string? AnswerTo(PatientState state, Alert alert) =>
        LastOf(state.SessionsOfAllCourses()) is { } last && state.SessionsOfAllCourses().Where(s => alert.Causes.Contains(CauseOf(s))).All(s => s.DosedAt < last.DosedAt) ? CauseOf(last) : null;

    private static Session? LastDose(PatientState state) => LastOf(state.Sessions);

    private static Session? LastOf(IEnumerable<Session> sessions) => sessions.Where(s => s.DosedAt is not null).MaxBy(s => s.DosedAt);

    /// <summary>Responding by the catalogue's definition at the last dose, by the last PHQ-9 before it, or at some time from then until doses had stopped.</summary>
    private static bool HadResponse(PatientState state, DateTimeOffset lastDose, DateTimeOffset stopped)
    {
        var firstDose = state.Sessions.Min(s => s.DosedAt)!.Value;
        if (PatientSeries.BaselinePhq9(state, firstDose) is not { } baseline)
        {
            return false;
        }

        var course = state.Assessments.Where(a => a.OccurredAt >= firstDose && a.OccurredAt <= stopped).OrderBy(a => a.OccurredAt).ToArray();
        var from = course.LastOrDefault(a => a.OccurredAt <= lastDose)?.OccurredAt ?? lastDose;
        return course.Any(a => a.OccurredAt >= from && OutcomeCatalogue.Response.IsMet(baseline, a.Total));
    }

    /// <summary>Each of the last two intervals was as long as a taper's, and longer than the one before the two: widened, not merely long.</summary>
    private static bool IsTapered(PatientState state)
    {
        var min = state.Plan?.MadeFrom.Phases.FirstOrDefault(p => p.Kind == PhaseKind.Taper)?.SpacingDaysMin ?? WarningFigures.Present.TaperDaysMin;
        int[] days = [.. state.Sessions.Where(s => s.DosedAt is not null).Select(s => state.DayOf(s.DosedAt!.Value).DayNumber).Distinct().Order()];
        return days is [.., var a, var b, var c, var d] && c - b >= min && d - c >= min && c - b > b - a && d - c > b - a;
    }

    private static string CauseOf(Session session) => $"sessions/{session.Id.Value}/dose";
}
