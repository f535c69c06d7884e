using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// Facts that together may mean misuse (ASA: "watch for diversion"). Doses outside the plan are enough by themselves; a request for an early, an extra or a replaced dose counts with
/// another one, or with missed monitoring, at most <see cref="WarningFigures.MisuseDays"/> apart. The rule is [K], ours. A wish for a higher dose alone is not of it. A function of the state.
/// </summary>
internal static class MisusePattern
{
    /// <summary>Every fact that is of a pattern, in order of time.</summary>
    public static IEnumerable<(string Cause, DateTimeOffset At)> Of(PatientState state)
    {
        Fact[] asked = [.. Asked(state)];
        Fact[] missed = asked.Length == 0 ? [] : [.. Missed(state).DistinctBy(f => f.Cause)];
        return
        [
            .. ((Fact[])[
                .. Elsewhere(state),
                .. asked.Where(f => asked.Any(g => g.Cause != f.Cause && AreNear(f, g)) || missed.Any(m => AreNear(f, m))),
                .. missed.Where(m => asked.Any(f => AreNear(f, m))),
            ]).OrderBy(f => f.At).Select(f => (f.Cause, f.At)),
        ];
    }

    /// <summary>When monitoring that would count with a request has to be there.</summary>
    public static IEnumerable<DateTimeOffset> LapsesAt(PatientState state)
    {
        Fact[] asked = [.. Asked(state)];
        return asked.Length == 0 ? [] : Lapses(state, asked.Max(f => f.At)).Where(l => asked.Any(f => AreNear(f, l.Fact))).Select(l => l.At);
    }

    /// <summary>Whether an answer tells of doses outside the plan.</summary>
    public static bool IsElsewhere(AnsweredScale answer) => answer.Scale == ScaleKind.LongTermSafety && answer.Items.Any(i => i is { Key: "other-use", Value: > 0 });

    private static IEnumerable<Fact> Elsewhere(PatientState state) =>
    [
        .. state.DoseRequests.Where(r => r.Kind == DoseRequestKind.OtherClinic).Select(r => Of(state, r)),
        .. state.AnsweredScales.Where(IsElsewhere).Select(a => Fact.Of(state, "assessments/" + a.Id.Value, a.OccurredAt)),
    ];

    private static IEnumerable<Fact> Asked(PatientState state) => state.DoseRequests
        .Where(r => r.Kind is DoseRequestKind.Early or DoseRequestKind.Extra or DoseRequestKind.Replacement).Select(r => Of(state, r));

    /// <summary>Left against advice; readings at home, or long-term safety items, that were not there when they had to be.</summary>
    private static IEnumerable<Fact> Missed(PatientState state) =>
    [
        .. state.Monitoring.Where(m => m.Left == LeavingKind.AgainstAdvice || (m.Left == LeavingKind.OutsideProtocol && IsAtHome(state)))
            .Select(m => Fact.Of(state, "sessions/" + m.Session.Value, state.FindSession(m.Session)!.CompletedAt!.Value)),
        .. state.NoticedUntil is { } until ? Lapses(state, until).Where(l => l.At <= until && l.IsMissed()).Select(l => l.Fact) : [],
    ];

    /// <summary>Monitoring that had to be there by a time, whether it was or not: the times move with doses, plan and end of treatment alone.</summary>
    /// <param name="latest">Of requests, or the time looked at: no window that opens later than one pattern after it is of interest.</param>
    private static IEnumerable<(Fact Fact, DateTimeOffset At, Func<bool> IsMissed)> Lapses(PatientState state, DateTimeOffset latest)
    {
        foreach (var session in IsAtHome(state) ? state.Sessions : [])
        {
            if (session.DosedAt is { } dosed && state.ProtocolOf(session).Rules.Monitoring is [.., var last])
            {
                yield return (
                    Fact.Of(state, "sessions/" + session.Id.Value, dosed),
                    dosed.AddMinutes(last.ToMinute).AddHours(WarningFigures.Present.HomeReadingsHours),
                    () => SessionCourse.FirstMissing(state, session) is not null);
            }
        }

        foreach (var visit in FollowUpCalendar.Of(state, FollowUpCatalogue.Safety, latest.AddDays(WarningFigures.Present.MisuseDays)))
        {
            var due = state.DayAtBorder(visit.DueBy);
            var late = ClinicTime.StartOf(due.AddDays(WarningFigures.Present.SafetyDays), state.TimeZone);
            if (!(state.EndedAt < visit.DueBy))
            {
                yield return (
                    new($"follow-ups/{visit.Rule.Id}/{visit.Occurrence}", visit.DueBy, due.DayNumber),
                    late,
                    () => !state.AnswersOf(visit.Rule.Scale!.Value).Any(a => a.At >= visit.OpensAt && a.At < late));
            }
        }
    }

    private static bool IsAtHome(PatientState state) => state.Plan?.Setting == Setting.Home;

    private static bool AreNear(Fact one, Fact other) => Math.Abs(one.Day - other.Day) <= WarningFigures.Present.MisuseDays;

    private static Fact Of(PatientState state, DoseRequest request) => Fact.Of(state, "dose-requests/" + request.Id.Value, request.OccurredAt);

    /// <param name="Day">Number of the clinical day.</param>
    private readonly record struct Fact(string Cause, DateTimeOffset At, int Day)
    {
        public static Fact Of(PatientState state, string cause, DateTimeOffset at) => new(cause, at, state.DayOf(at).DayNumber);
    }
}
