using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.FollowUps;

/// <summary>A visit that is open, or will open, as long as nothing is recorded: time alone then moves it from upcoming to due, overdue and missed.</summary>
/// <param name="Name">As <see cref="FollowUpVisit.Name"/>.</param>
/// <param name="OpensAt">To be done from here on: the beginning of its window or of the day that was agreed on.</param>
/// <param name="DueBy">Overdue from here on.</param>
/// <param name="EndsAt">Missed from here on; null: never.</param>
public sealed record OpenVisit(string Name, DateTimeOffset OpensAt, DateTimeOffset DueBy, DateTimeOffset? EndsAt)
{
    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(OpenVisit);
}

public static partial class FollowUpCalendar
{
    /// <summary>
    /// Visits that repeat are told so many days ahead of the last fact. A patient of whom nothing is heard for longer is still found: the session that is expected stays overdue until
    /// it takes place or treatment ends. [K].
    /// </summary>
    public const int AheadDays = 183;

    /// <summary>Days from the opening of any visit to the time when it is asked after no more, at most: what is older leaves nothing open, and answers nothing that is.</summary>
    private static readonly int OpenDaysMax = FollowUpCatalogue.All.Max(r => r.Windows.Max(w => w.InHours ? 0 : w.Last - w.First) + r.ChaseDays) + 5;

    /// <summary>
    /// The visits of <see cref="Of(PatientState, DateTimeOffset)"/> that are not over: at any time from the last fact on, for <see cref="AheadDays"/>, those that have opened and not ended are its due and overdue ones.
    /// Those with a milestone are left out: they are listed by their milestone. A function of the state alone.
    /// </summary>
    public static IReadOnlyList<OpenVisit> OpenOf(PatientState state)
    {
        if (state.Death is not null || LastFact(state) is not { } last)
        {
            return [];
        }

        var course = new Anchors(state, last.AddDays(AheadDays), last.AddDays(-OpenDaysMax));
        var answers = state.Assessments.Where(a => a.OccurredAt >= course.Since).Select(a => (Scale: (ScaleKind?)ScaleKind.Phq9, Check: (SafetyCheckKind?)null, At: a.OccurredAt))
            .Concat(state.AnsweredScales.Where(a => a.OccurredAt >= course.Since).Select(a => ((ScaleKind?)a.Scale, (SafetyCheckKind?)null, a.OccurredAt)))
            .Concat(state.SafetyChecks.Where(c => c.OccurredAt >= course.Since).Select(c => ((ScaleKind?)null, (SafetyCheckKind?)c.Kind, c.OccurredAt))).ToArray();
        return [.. FollowUpCatalogue.All.Where(rule => IsAsked(state, rule)).SelectMany(rule => OpenOf(state, rule, course, answers, last))];
    }

    private static IEnumerable<OpenVisit> OpenOf(PatientState state, FollowUpRule rule, Anchors course, (ScaleKind? Scale, SafetyCheckKind? Check, DateTimeOffset At)[] answers, DateTimeOffset last)
    {
        var slots = course.SlotsOf(rule).ToArray();
        for (var i = 0; i < slots.Length; i++)
        {
            var slot = slots[i];
            if (slot.Milestone is not null || slot.From > course.Until)
            {
                continue;
            }

            var name = NameOf(state, rule, slot);
            if (slot.Expected)
            {
                yield return new(name, OpensAt(state, name, slot, slot.From), slot.DueBy, null);
                continue;
            }

            var ends = ClosesAt(state, rule, slot, i + 1 < slots.Length ? slots[i + 1].From : DateTimeOffset.MaxValue);
            if (ends > last && MissOf(state, name) is null && ExplanationOf(state, rule, slot) is null && state.LossAt(slot.DueBy) is null
                && !answers.Any(a => a.Scale == rule.Scale && a.Check == rule.Check && a.At >= slot.From && a.At < (rule.LateCounts ? ends : slot.DueBy)))
            {
                yield return new(name, OpensAt(state, name, slot, course.KnownFrom(rule, slot)), slot.DueBy, ends);
            }
        }
    }

    /// <summary>Whether an event can move what <see cref="OpenOf(PatientState)"/> tells. Of an event that is not known here, it can.</summary>
    public static bool Moves(IEvent @event) => @event is not
        (ResearchConsentSet or SharingSet or SessionStarted or SessionCleared or SessionCompleted or SessionDischarged or LeftWithoutDischarge or SideEffectRecorded
        or SideEffectResolved or VitalsRecorded or DifficultyRecorded or VisitMissed or MilestoneClosed or EmergencyAccessGranted or EmergencyAccessEnded or EmergencyAccessReviewed
        or AlertRaised or AlertCauseAdded or AlertClosed or AlertEscalated or AlertAcknowledged);

    /// <summary>On a day that was agreed on, not before.</summary>
    private static DateTimeOffset OpensAt(PatientState state, string name, Slot slot, DateTimeOffset known) =>
        PlannedOn(state, name, slot.From, slot.DueBy) is { } day ? Later(known, ClinicTime.StartOf(day, state.TimeZone)) : known;

    /// <summary>The newest of what windows count from and what answers them; null when there is none.</summary>
    private static DateTimeOffset? LastFact(PatientState state)
    {
        var last = state.EndedAt ?? DateTimeOffset.MinValue;
        foreach (var session in state.Sessions)
        {
            last = Later(last, session.DosedAt ?? last);
        }

        foreach (var answer in state.Assessments)
        {
            last = Later(last, answer.OccurredAt);
        }

        foreach (var answer in state.AnsweredScales)
        {
            last = Later(last, answer.OccurredAt);
        }

        foreach (var check in state.SafetyChecks)
        {
            last = Later(last, check.OccurredAt);
        }

        return last == DateTimeOffset.MinValue ? null : last;
    }

    /// <summary>What windows count from, read once for all rules.</summary>
    private sealed class Anchors
    {
        private readonly PatientState _state;
        private readonly DateTimeOffset[] _doses;
        private readonly DateTimeOffset? _lastInduction;
        private readonly DateTimeOffset _inductionOver;

        /// <param name="until">As if nothing more were recorded up to here.</param>
        /// <param name="since">What is older leaves nothing open.</param>
        public Anchors(PatientState state, DateTimeOffset until, DateTimeOffset since)
        {
            (_state, Until, Since, _doses) = (state, until, since, DosesOf(state));
            if (_doses.Length > 0)
            {
                var course = InductionCourse.Of(state)!;
                _lastInduction = LastInductionDose(state, course, _doses, until);
                _inductionOver = course.Doses >= InductionSessions(state) || state.EndedAt is not null
                    ? DateTimeOffset.MinValue
                    : ClinicTime.StartOf(course.FirstDose.AddDays(MilestoneSchedule.InductionDaysMax + 1), state.TimeZone);
            }
        }

        public DateTimeOffset Until { get; }

        public DateTimeOffset Since { get; }

        public IEnumerable<Slot> SlotsOf(FollowUpRule rule) =>
            rule.Anchor == FollowUpAnchor.RiskAnswer ? RiskAnswers(_state, rule, Since)
            : _doses.Length == 0 ? []
            : rule.Anchor switch
            {
                // A window that ended with a dose is over.
                FollowUpAnchor.BeforeFirstDose => [],
                FollowUpAnchor.BeforeLaterDoses => NextDose(_state, rule, _doses),
                FollowUpAnchor.FirstDose => After(_state, rule, _doses[0], Until, OverAt(_doses[0])).Where(s => !(rule.WhileTreated && s.From >= _state.EndedAt)),
                FollowUpAnchor.LastInductionDose => _lastInduction is { } last ? After(_state, rule, last, Until, OverAt(last)) : [],
                FollowUpAnchor.LastDose => _state.EndedAt is { } ended ? After(_state, rule, _doses[^1], Until, OverAt(_doses[^1])).Where(s => s.DueBy > ended) : [],
                _ => throw new InvalidOperationException($"Nothing counts from {rule.Anchor}."),
            };

        /// <summary>Visits that ended by then, days after the anchor, leave nothing open.</summary>
        private int OverAt(DateTimeOffset anchor) => (int)(Since - anchor).TotalDays;

        /// <summary>Windows after induction are known once no induction dose can follow.</summary>
        public DateTimeOffset KnownFrom(FollowUpRule rule, Slot slot) =>
            rule.Anchor == FollowUpAnchor.LastInductionDose ? Later(slot.From, _inductionOver) : slot.From;
    }
}
