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
    /// The visits of <see cref="Of(PatientState, DateTimeOffset)"/> that are not over: at any time from the last fact on, for <see cref="AheadDays"/>, those that have opened and not ended
    /// are its due and overdue ones. Left out are those with a milestone, which are listed by it, and screens that an answer asks for, which are listed as its alert. A function of the state alone.
    /// </summary>
    public static IReadOnlyList<OpenVisit> OpenOf(PatientState state) => OpenOf(state, static _ => true);

    /// <summary>As <see cref="OpenOf(PatientState)"/>, of some rules: a rule's visits move by doses, the end of treatment and answers of its own alone.</summary>
    public static IReadOnlyList<OpenVisit> OpenOf(PatientState state, Func<FollowUpRule, bool> asked)
    {
        var doses = DosesOf(state);
        if (state.Death is not null || doses.Length == 0)
        {
            return [];
        }

        var course = new Anchors(state, doses);
        return
        [
            .. FollowUpCatalogue.All.Where(rule => rule.Anchor != FollowUpAnchor.RiskAnswer && asked(rule) && IsAsked(state, rule))
                .SelectMany(rule => OpenOf(state, rule, course, LastFact(state, rule, doses))),
        ];
    }

    /// <param name="last">The rule's last fact.</param>
    private static IEnumerable<OpenVisit> OpenOf(PatientState state, FollowUpRule rule, Anchors course, DateTimeOffset last)
    {
        var until = last.AddDays(AheadDays);
        Slot[] slots = [.. course.SlotsOf(rule, until, last.AddDays(-OpenDaysMax))];
        for (var i = 0; i < slots.Length; i++)
        {
            var slot = slots[i];
            if (slot.Milestone is not null || slot.From > until)
            {
                continue;
            }

            if (slot.Expected)
            {
                var expected = NameOf(state, rule, slot);
                yield return new(expected, OpensAt(state, expected, slot, slot.From), slot.DueBy, null);
                continue;
            }

            var ends = ClosesAt(state, rule, slot, i + 1 < slots.Length ? slots[i + 1].From : DateTimeOffset.MaxValue);
            if (ends > last && !IsAnswered(state, rule, slot.From, rule.LateCounts ? ends : slot.DueBy) && ExplanationOf(state, rule, slot) is null && state.LossAt(slot.DueBy) is null
                && NameOf(state, rule, slot) is var name && MissOf(state, name) is null)
            {
                yield return new(name, OpensAt(state, name, slot, course.KnownFrom(rule, slot)), slot.DueBy, ends);
            }
        }
    }

    /// <summary>Without a copy: every answer of a patient comes by here.</summary>
    private static bool IsAnswered(PatientState state, FollowUpRule rule, DateTimeOffset from, DateTimeOffset until)
    {
        if (rule.Check is { } check)
        {
            return state.SafetyChecks.Any(c => c.Kind == check && c.OccurredAt >= from && c.OccurredAt < until);
        }

        if (rule.Scale != ScaleKind.Phq9)
        {
            return state.AnsweredScales.Any(a => a.Scale == rule.Scale && a.OccurredAt >= from && a.OccurredAt < until);
        }

        foreach (var answer in state.Assessments)
        {
            if (answer.OccurredAt >= from && answer.OccurredAt < until)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether an event can move what <see cref="OpenOf(PatientState)"/> tells. Of an event that is not known here, it can.</summary>
    public static bool Moves(IEvent @event) => @event is not
        (ResearchConsentSet or YearlyMilestonesAdded or SharingSet or SessionStarted or SessionCleared or SessionCompleted or SessionDischarged or LeftWithoutDischarge or SideEffectRecorded
        or SideEffectResolved or VitalsRecorded or DifficultyRecorded or VisitMissed or MilestoneClosed or EmergencyAccessGranted or EmergencyAccessEnded or EmergencyAccessReviewed
        or AlertRaised or AlertCauseAdded or AlertClosed or AlertEscalated or AlertAcknowledged);

    /// <summary>On a day that was agreed on, not before.</summary>
    private static DateTimeOffset OpensAt(PatientState state, string name, Slot slot, DateTimeOffset known) =>
        PlannedOn(state, name, slot.From, slot.DueBy) is { } day ? Later(known, ClinicTime.StartOf(day, state.TimeZone)) : known;

    /// <summary>The newest of what the rule's windows count from and of what answers them.</summary>
    private static DateTimeOffset LastFact(PatientState state, FollowUpRule rule, DateTimeOffset[] doses)
    {
        var last = Later(state.EndedAt ?? DateTimeOffset.MinValue, doses[^1]);
        foreach (var answer in rule.Scale == ScaleKind.Phq9 ? state.Assessments : [])
        {
            last = Later(last, answer.OccurredAt);
        }

        foreach (var answer in state.AnsweredScales)
        {
            last = answer.Scale == rule.Scale ? Later(last, answer.OccurredAt) : last;
        }

        foreach (var check in rule.Check is null ? [] : state.SafetyChecks)
        {
            last = check.Kind == rule.Check ? Later(last, check.OccurredAt) : last;
        }

        return last;
    }

    /// <summary>What windows count from, read once for all rules.</summary>
    private sealed class Anchors
    {
        private readonly PatientState _state;
        private readonly DateTimeOffset[] _doses;
        private readonly DateTimeOffset _lastInduction;
        private readonly DateTimeOffset _inductionOver;

        public Anchors(PatientState state, DateTimeOffset[] doses)
        {
            (_state, _doses) = (state, doses);
            var course = InductionCourse.Of(state)!;
            // By the time that visits are told ahead no induction dose can follow.
            _lastInduction = doses[course.Doses - 1];
            _inductionOver = course.Doses >= InductionSessions(state) || state.EndedAt is not null
                ? DateTimeOffset.MinValue
                : ClinicTime.StartOf(course.FirstDose.AddDays(MilestoneSchedule.InductionDaysMax + 1), state.TimeZone);
        }

        /// <param name="until">As if nothing more were recorded up to here.</param>
        /// <param name="since">What is older leaves nothing open.</param>
        public IEnumerable<Slot> SlotsOf(FollowUpRule rule, DateTimeOffset until, DateTimeOffset since) => rule.Anchor switch
        {
            // A window that ended with a dose is over.
            FollowUpAnchor.BeforeFirstDose => [],
            FollowUpAnchor.BeforeLaterDoses => NextDose(_state, rule, _doses),
            FollowUpAnchor.FirstDose => After(_state, rule, _doses[0], until, Over(_doses[0], since)).Where(s => !(rule.WhileTreated && s.From >= _state.EndedAt)),
            FollowUpAnchor.LastInductionDose => After(_state, rule, _lastInduction, until, Over(_lastInduction, since)),
            FollowUpAnchor.LastDose => _state.EndedAt is { } ended ? After(_state, rule, _doses[^1], until, Over(_doses[^1], since)).Where(s => s.DueBy > ended) : [],
            _ => throw new InvalidOperationException($"Nothing counts from {rule.Anchor}."),
        };

        /// <summary>Visits that ended by then, days after the anchor, leave nothing open.</summary>
        private static int Over(DateTimeOffset anchor, DateTimeOffset since) => (int)(since - anchor).TotalDays;

        /// <summary>Windows after induction are known once no induction dose can follow.</summary>
        public DateTimeOffset KnownFrom(FollowUpRule rule, Slot slot) =>
            rule.Anchor == FollowUpAnchor.LastInductionDose ? Later(slot.From, _inductionOver) : slot.From;
    }
}
