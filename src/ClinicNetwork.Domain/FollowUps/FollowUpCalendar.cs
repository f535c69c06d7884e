using System.Globalization;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.FollowUps;

/// <summary>
/// The follow-up of one patient by the catalogue's rules, in the clinic's days. Windows of one rule never overlap, so that an answer completes at most one visit of it. Later it
/// shows more visits, and none less, as long as nothing is recorded.
/// </summary>
public static partial class FollowUpCalendar
{
    /// <summary>A next dose is looked for so many days ahead; every phase's spacing is shorter.</summary>
    private const int NextDoseDaysMax = 366;

    /// <summary>All that has opened, and what is known to come: each window that the rules name, and one more of those that repeat. In order of opening.</summary>
    /// <param name="now">Not before what was recorded last.</param>
    public static IReadOnlyList<FollowUpVisit> Of(PatientState state, DateTimeOffset now) =>
    [
        .. FollowUpCatalogue.All.Where(rule => IsAsked(state, rule)).SelectMany(rule => VisitsOf(state, rule, now))
            .OrderBy(v => v.OpensAt).ThenBy(v => v.Rule.Key, StringComparer.Ordinal).ThenBy(v => v.Occurrence),
    ];

    private static bool IsAsked(PatientState state, FollowUpRule rule) =>
        !rule.IfPregnancyPossible || state.Consultation?.Detail?.Pregnancy == PregnancyPossibility.Possible;

    private static IEnumerable<Completion> CompletionsOf(PatientState state, FollowUpRule rule) => rule.Check is { } kind
        ? state.SafetyChecks.Where(c => c.Kind == kind).Select(c => new Completion(c.OccurredAt, null, c.Id))
        : state.AnswersOf(rule.Scale!.Value).Select(a => new Completion(a.At, a.Id, null));

    /// <summary>As <see cref="Of(PatientState, DateTimeOffset)"/>, of one rule alone.</summary>
    public static IReadOnlyList<FollowUpVisit> Of(PatientState state, FollowUpRule rule, DateTimeOffset now) => [.. VisitsOf(state, rule, now)];

    /// <summary>The visit of this name; null when the calendar has none now.</summary>
    public static FollowUpVisit? Find(PatientState state, string name, DateTimeOffset now) => Of(state, now).FirstOrDefault(v => v.Name == name);

    /// <summary>The clinical days, both included, on which a visit can be planned: its window's, and of a session that is expected those that the phase's spacing permits.</summary>
    public static (DateOnly First, DateOnly Last) PlanningDays(PatientState state, FollowUpVisit visit) =>
        (state.DayAtBorder(visit.OpensAt).AddDays(visit.IsSession ? -visit.Rule.Windows[0].First : 0), state.DayAtBorder(visit.DueBy.AddTicks(-1)));

    private static IEnumerable<FollowUpVisit> VisitsOf(PatientState state, FollowUpRule rule, DateTimeOffset now)
    {
        var slots = SlotsOf(state, rule, now).ToArray();
        var answers = CompletionsOf(state, rule).OrderBy(a => a.At).ToArray();
        for (var i = 0; i < slots.Length; i++)
        {
            yield return VisitOf(state, rule, slots[i], i + 1 < slots.Length ? slots[i + 1].From : DateTimeOffset.MaxValue, answers, now);
        }
    }

    private static FollowUpVisit VisitOf(
        PatientState state, FollowUpRule rule, Slot slot, DateTimeOffset nextFrom, Completion[] answers, DateTimeOffset now)
    {
        var explained = ExplanationOf(state, rule, slot);
        var name = NameOf(state, rule, slot);
        var visit = new FollowUpVisit(rule, slot.Occurrence, slot.Milestone, slot.From, slot.DueBy, FollowUpState.Upcoming)
        {
            Name = name,
            IsSession = slot.Expected && rule.Key == FollowUpCatalogue.BeforeSession.Key,
            PlannedOn = PlannedOn(state, name, slot.From, slot.DueBy),
            Explained = explained?.Reason,
        };
        if (slot.Expected)
        {
            return visit with { State = now < slot.From ? FollowUpState.Upcoming : now < slot.DueBy ? FollowUpState.Due : FollowUpState.Overdue };
        }

        var closes = ClosesAt(state, rule, slot, nextFrom);
        var done = Array.FindIndex(answers, a => a.At >= slot.From && a.At < (rule.LateCounts ? closes : slot.DueBy));
        if (done >= 0)
        {
            return visit with { State = FollowUpState.Done, Answer = answers[done].Answer, Check = answers[done].Check, AnsweredAt = answers[done].At };
        }

        if (state.Death is { } death)
        {
            return visit with { State = FollowUpState.Missed, Missing = death.OccurredAt < slot.DueBy ? MissingReason.Died : MissingReason.NotAttended };
        }

        if (slot.Milestone is { } milestone && state.MissedVisits.LastOrDefault(m => m.Milestone == milestone) is { } missed)
        {
            return visit with { State = FollowUpState.Missed, Missing = missed.Reason };
        }

        if (explained is not null && now >= slot.From)
        {
            return visit with { State = FollowUpState.Missed, Missing = explained.Missing };
        }

        if (state.LossAt(slot.DueBy) is not null)
        {
            return visit with { State = FollowUpState.Missed, Missing = MissingReason.LostToFollowUp };
        }

        if (MissOf(state, name) is { } miss)
        {
            return visit with { State = FollowUpState.Missed, Missing = miss.Reason };
        }

        return now < slot.From ? visit
            : now < slot.DueBy ? visit with { State = FollowUpState.Due }
            : now < closes ? visit with { State = FollowUpState.Overdue }
            : visit with { State = FollowUpState.Missed, Missing = state.EndedAt < slot.DueBy ? MissingReason.LeftTreatment : MissingReason.NotAttended };
    }

    /// <summary>When a visit is asked after no more.</summary>
    private static DateTimeOffset ClosesAt(PatientState state, FollowUpRule rule, Slot slot, DateTimeOffset nextFrom) =>
        Earlier(Later(ClinicTime.StartOf(state.DayAtBorder(slot.DueBy).AddDays(rule.ChaseDays), state.TimeZone), slot.DueBy), nextFrom);

    private static VisitExplanation? ExplanationOf(PatientState state, FollowUpRule rule, Slot slot) =>
        state.ExplanationsOfCourse().LastOrDefault(e => e.Rule == rule.Key && e.Occurrence == slot.Occurrence);

    private static FollowUpMiss? MissOf(PatientState state, string name) => state.FollowUpMisses.LastOrDefault(m => m.Visit == name);

    /// <summary>A day that was agreed on holds as long as it is in the window.</summary>
    public static DateOnly? PlannedOn(PatientState state, string name, DateTimeOffset from, DateTimeOffset dueBy) =>
        state.PlannedVisits.LastOrDefault(p => p.Visit == name) is { } planned && planned.Day >= state.DayAtBorder(from) && planned.Day <= state.DayAtBorder(dueBy.AddTicks(-1)) ? planned.Day : null;

    private static string NameOf(PatientState state, FollowUpRule rule, Slot slot) => rule.Anchor == FollowUpAnchor.RiskAnswer
        ? string.Create(CultureInfo.InvariantCulture, $"{rule.Key}/{state.DayOf(slot.From):yyyy-MM-dd}")
        : string.Create(CultureInfo.InvariantCulture, $"{rule.Key}/{slot.Occurrence}");

    /// <summary>In order of time.</summary>
    private static IEnumerable<Slot> SlotsOf(PatientState state, FollowUpRule rule, DateTimeOffset now)
    {
        if (rule.Anchor == FollowUpAnchor.RiskAnswer)
        {
            return RiskAnswers(state, rule);
        }

        var doses = DosesOf(state);
        if (doses.Length == 0)
        {
            return [];
        }

        return rule.Anchor switch
        {
            FollowUpAnchor.BeforeFirstDose => [Before(state, rule, doses, 0)],
            FollowUpAnchor.BeforeLaterDoses => [.. Enumerable.Range(1, doses.Length - 1).Select(i => Before(state, rule, doses, i)), .. NextDose(state, rule, doses)],
            FollowUpAnchor.FirstDose => After(state, rule, doses[0], now).Where(s => !(rule.WhileTreated && s.From >= state.EndedAt)),
            FollowUpAnchor.LastInductionDose => LastInductionDose(state, InductionCourse.Of(state)!, doses, now) is { } last
                ? After(state, rule, last, now).Where(s => rule.ShownDaysAhead == 0 || s.From <= now.AddDays(rule.ShownDaysAhead))
                : [],
            FollowUpAnchor.LastDose => state.EndedAt is { } ended ? After(state, rule, doses[^1], now).Where(s => s.DueBy > ended) : [],
            _ => throw new InvalidOperationException($"Nothing counts from {rule.Anchor}."),
        };
    }

    private static DateTimeOffset[] DosesOf(PatientState state) => [.. state.Sessions.Where(s => s.DosedAt is not null).Select(s => s.DosedAt!.Value).Order()];

    private static Slot Before(PatientState state, FollowUpRule rule, DateTimeOffset[] doses, int i)
    {
        var from = StartOf(state, doses[i], rule.Windows[0].First);
        return new(i + 1, null, i == 0 ? from : Later(from, doses[i - 1]), doses[i]);
    }

    /// <param name="over">What ends so many days after the anchor, or sooner, is left out.</param>
    private static IEnumerable<Slot> After(PatientState state, FollowUpRule rule, DateTimeOffset anchor, DateTimeOffset now, int over = 0)
    {
        var last = rule.Windows[^1];
        for (var i = 0; i < rule.Windows.Length; i++)
        {
            if (rule.Windows[i].InHours || rule.Windows[i].Last + rule.ChaseDays >= over)
            {
                yield return SlotOf(rule.Windows[i], i + 1);
            }
        }

        for (var n = rule.RepeatDays == 0 ? 1 : Math.Max(1, (over - last.Last - rule.ChaseDays) / rule.RepeatDays); rule.RepeatDays > 0; n++)
        {
            var days = n * rule.RepeatDays;
            var slot = SlotOf(new(last.First + days, last.Last + days), rule.Windows.Length + n);
            if (slot.From >= state.EndedAt || slot.From >= state.Death?.OccurredAt)
            {
                yield break;
            }

            yield return slot;
            if (slot.From > now)
            {
                yield break;
            }
        }

        Slot SlotOf(FollowUpWindow window, int occurrence) => window.InHours
            ? new(occurrence, window.Milestone, anchor.AddHours(window.First), anchor.AddHours(window.Last))
            : new(occurrence, window.Milestone, Later(StartOf(state, anchor, window.First), anchor), StartOf(state, anchor, window.Last + 1));
    }

    private static IEnumerable<Slot> RiskAnswers(PatientState state, FollowUpRule rule) => state.Assessments
        .Where(a => Phq9.AsksForRiskScreen(a.Items))
        .GroupBy(a => state.DayOf(a.OccurredAt), a => a.OccurredAt)
        .OrderBy(day => day.Key)
        .Select((day, i) => new Slot(i + 1, null, day.Max(), StartOf(state, day.Max(), rule.Windows[0].Last + 1)));

    /// <summary>Null as long as another induction dose can follow.</summary>
    private static DateTimeOffset? LastInductionDose(PatientState state, InductionCourse course, DateTimeOffset[] doses, DateTimeOffset now)
    {
        var over = course.Doses >= InductionSessions(state) || state.EndedAt is not null || state.Death is not null || state.DayOf(now) > course.FirstDose.AddDays(MilestoneSchedule.InductionDaysMax);
        return over ? doses[course.Doses - 1] : null;
    }

    /// <summary>Before the dose that is expected next, by the spacing of the phase it falls into; none once treatment has ended or where the protocol has no phases.</summary>
    private static IEnumerable<Slot> NextDose(PatientState state, FollowUpRule rule, DateTimeOffset[] doses)
    {
        if (state.EndedAt is not null || state.Plan is null || state.Plan.MadeFrom.Phases.IsEmpty || state.Death is not null || state.PresentLoss() is not null)
        {
            yield break;
        }

        var (first, last, over) = (state.DayOf(doses[0]), state.DayOf(doses[^1]), doses.Length >= InductionSessions(state));
        for (var days = 1; days <= NextDoseDaysMax; days++)
        {
            var phase = state.Plan.PhaseOn(last.AddDays(days).DayNumber - first.DayNumber);
            if (phase is not null && days >= phase.SpacingDaysMin && !(over && phase.Kind == PhaseKind.Induction && state.Plan.ChosenPhase is null))
            {
                var from = StartOf(state, doses[^1], days + rule.Windows[0].First);
                yield return new(doses.Length + 1, null, Later(from, doses[^1]), StartOf(state, doses[^1], Math.Max(days, phase.SpacingDaysMax) + 1)) { Expected = true };
                yield break;
            }
        }
    }

    private static int InductionSessions(PatientState state) => state.Plan?.InductionSessions ?? MilestoneSchedule.InductionDosesMax;

    /// <summary>The start of the clinical day so many days after an instant's.</summary>
    private static DateTimeOffset StartOf(PatientState state, DateTimeOffset instant, int days) => ClinicTime.StartOf(state.DayOf(instant).AddDays(days), state.TimeZone);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private readonly record struct Completion(DateTimeOffset At, AssessmentId? Answer, SafetyCheckId? Check);

    /// <param name="Expected">Of a dose that was not given yet: nothing completes it.</param>
    private readonly record struct Slot(int Occurrence, Milestone? Milestone, DateTimeOffset From, DateTimeOffset DueBy, bool Expected = false);
}
