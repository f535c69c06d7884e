using ClinicNetwork.Domain;
using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Rems;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Patients;

/// <summary>The rows that each patient command writes beside itself; pure, so that a rebuild from the journal gives the same.</summary>
public static class PatientProjections
{
    public static IReadOnlyList<Projection> Of(PatientState before, PatientState after, IReadOnlyList<IEvent> events)
    {
        var projections = new List<Projection>();
        foreach (var @event in events)
        {
            projections.AddRange(OfEvent(after, @event));
        }

        projections.AddRange(OfConsent(before, after, events));
        for (var course = 1; course <= after.CourseNumber(); course++)
        {
            projections.AddRange(OfCourse(course > before.CourseNumber() ? PatientState.Empty : before.InCourse(course), after, course));
        }

        projections.AddRange(OfStanding(before, after));
        projections.AddRange(OfLapse(before, after, events));
        projections.AddRange(WorklistRows.Changes((before, SitesOf(before)), (after, SitesOf(after)), events));
        projections.AddRange(OfRelease(before, after));
        if (events.Any(e => e is TransferAccepted))
        {
            projections.AddRange(TransferProjections.OfMove(before, after));
        }

        if (events is [FactEnteredInError, ..])
        {
            projections.AddRange(RetractionProjections.Of(before, after));
        }

        projections.AddRange(OfFeed(before, after, events));
        return projections;
    }

    private static IEnumerable<Projection> OfEvent(PatientState after, IEvent @event) => @event switch
    {
        PatientEnrolled e =>
        [
            new Projection.PatientIndexed(e.HomeClinic.Name, e.RecordNumber, e.GivenName, e.FamilyName, e.BirthDate),
            AccessOf(after),
        ],
        SharingSet => [AccessOf(after)],
        MilestoneClosed e =>
        [
            new Projection.DueDone(DueKinds.Of(e.Outcome.Milestone)),
            new Projection.FollowUpDone(e.Outcome.Milestone.ToString()),
            .. e.Outcome.Milestone == Milestone.Week52 ? YearsOf(after, 1) : [],
        ],
        CourseMilestoneClosed e =>
        [
            new Projection.DueDone(DueKinds.Of(e.Outcome.Milestone, e.Course)),
            new Projection.FollowUpDone(DueKinds.OfVisit(e.Outcome.Milestone, e.Course)),
            .. e.Outcome.Milestone == Milestone.Week52 ? YearsOf(after, e.Course) : [],
        ],
        YearlyMilestonesAdded =>
        [
            new Projection.DueDone(DueKinds.YearlyMilestones),
            .. Enumerable.Range(1, after.CourseNumber()).Where(n => after.InCourse(n).Outcomes.Any(o => o.Milestone == Milestone.Week52)).SelectMany(n => YearsOf(after, n)),
        ],
        AssessmentRecorded e => VisitDone(after, e.OccurredAt) is { } milestone ? [new Projection.FollowUpDone(DueKinds.OfVisit(milestone, after.CourseNumber()))] : [],
        VisitMissed e => [new Projection.FollowUpDone(DueKinds.OfVisit(e.Milestone, after.CourseNumber()))],
        VisitRescheduled e => MilestonesPlanned(after, e),
        EmergencyAccessGranted e =>
        [
            AccessOf(after),
            new Projection.DueSet(KindOf(after, e.Number), e.Until),
            ReviewSet(after, after.EmergencyAccesses[e.Number - 1]),
        ],
        EmergencyAccessEnded e => [AccessOf(after), new Projection.DueDone(KindOf(after, e.Number))],
        EmergencyAccessReviewed e => [new Projection.FollowUpDone(KindOf(after, e.Number))],
        AlertRaised e => ToDo(after, after.Alerts[e.Number - 1], e.At),
        AlertEscalated e =>
        [
            .. Done(after.Alerts[e.Number - 1] with { Level = e.Level - 1 }),
            .. ToDo(after, after.Alerts[e.Number - 1], e.At),
        ],
        AlertClosed e => Done(after.Alerts[e.Number - 1]),
        AlertAcknowledged e => Done(after.Alerts[e.Number - 1]),
        DoseGiven e when after.FindSession(e.Session) is { } session && RemsRules.Asks(after, session) => [RemsSet(after, session)],
        RemsSubmitted e => [new Projection.FollowUpDone(DueKinds.RemsOf(after.FindSession(e.Submission.Session)!))],
        AlertCauseWithdrawn e => after.Alerts[e.Number - 1] is { IsOpen: false } over ? Done(over) : [],
        AlertReopened e => ToDo(after, after.Alerts[e.Number - 1], e.At),
        TransferOffered or TransferWithdrawn or TransferDeclined or TransferAccepted => TransferProjections.OfEvent(after, @event, AccessOf(after)),
        DoubleDismissed e => [new Projection.DoubleDismissed(e.Double.Value)],
        DoubleReopened e => [new Projection.DoubleReopened(e.Double.Value)],
        PatientErased => [new Projection.ConsentSet(0), new Projection.Erased()],
        _ => [],
    };

    /// <summary>Of a session that the programme asks for.</summary>
    internal static Projection RemsSet(PatientState state, Session session) =>
        new Projection.FollowUpSet(state.HomeClinic.Name, DueKinds.RemsOf(session), session.DosedAt!.Value, RemsRules.DueBy(state, session));

    /// <summary>Of an emergency access that the home clinic is to review.</summary>
    internal static Projection.FollowUpSet ReviewSet(PatientState state, EmergencyAccess access) =>
        new(state.HomeClinic.Name, DueKinds.Of(access), access.At, access.At.AddDays(EmergencyAccess.ReviewDaysMax));

    /// <summary>In the worklist from the beginning of its level, overdue by its clock, which the last level's escalates no more.</summary>
    private static IEnumerable<Projection> ToDo(PatientState state, Alert alert, DateTimeOffset begun)
    {
        yield return new Projection.FollowUpSet(state.HomeClinic.Name, DueKinds.Of(alert), begun, alert.DueAt);
        if (!alert.IsAtLastLevel)
        {
            yield return new Projection.DueSet(DueKinds.Of(alert), alert.DueAt);
        }
    }

    private static IEnumerable<Projection> Done(Alert alert) => [new Projection.DueDone(DueKinds.Of(alert)), new Projection.FollowUpDone(DueKinds.Of(alert))];

    /// <summary>Closings are counted from the first dose, windows from the last induction dose: both move when doses are recorded.</summary>
    /// <param name="before">The patient in the course.</param>
    /// <param name="patient">After the command, in the present course.</param>
    private static IEnumerable<Projection> OfCourse(PatientState before, PatientState patient, int number)
    {
        var after = patient.InCourse(number);
        var (was, now) = (before.Exists ? InductionCourse.Of(before) : null, InductionCourse.Of(after));
        if (now is null || now == was)
        {
            yield break;
        }

        foreach (var milestone in MilestoneSchedule.All.Where(m => after.Outcomes.All(o => o.Milestone != m)))
        {
            if (was?.FirstDose != now.FirstDose)
            {
                yield return new Projection.DueDone(DueKinds.Of(milestone, number));
                yield return new Projection.DueSet(DueKinds.Of(milestone, number), CloseMilestone.DueAt(after, milestone));
            }

            if (was?.LastDose != now.LastDose && number == patient.CourseNumber() && IsAskedAfter(after))
            {
                var window = MilestoneSchedule.WindowOf(milestone, now.LastDose);
                yield return VisitSet(after, milestone, window);
                if (after.Assessments.Any(a => window.Holds(after.DayOf(a.OccurredAt))))
                {
                    yield return new Projection.FollowUpDone(DueKinds.OfVisit(milestone, number));
                }
            }
        }
    }

    /// <summary>
    /// Of who was treated before there were milestones after week 52, whose rows were set with the first dose: set when week 52 closes, or once if it had. For everybody else they are there
    /// already, and nothing changes: none of those windows has opened.
    /// </summary>
    private static IEnumerable<Projection> YearsOf(PatientState patient, int number)
    {
        var course = patient.InCourse(number);
        if (InductionCourse.Of(course) is not { } induction)
        {
            yield break;
        }

        foreach (var milestone in MilestoneSchedule.All.Where(m => m > Milestone.Week52 && course.Outcomes.All(o => o.Milestone != m)))
        {
            yield return new Projection.DueSet(DueKinds.Of(milestone, number), CloseMilestone.DueAt(course, milestone));
            var window = MilestoneSchedule.WindowOf(milestone, induction.LastDose);
            if (number == patient.CourseNumber() && IsAskedAfter(patient) && course.MissedVisits.All(v => v.Milestone != milestone)
                && !course.Assessments.Any(a => window.Holds(course.DayOf(a.OccurredAt))))
            {
                yield return VisitSet(course, milestone, window);
            }
        }
    }

    /// <summary>
    /// What is permitted now. A statement that was recorded late may have taken something away that a later one gives again: it is then taken away first, because who is in a cell
    /// already has lost it for good.
    /// </summary>
    private static IEnumerable<Projection> OfConsent(PatientState before, PatientState after, IReadOnlyList<IEvent> events)
    {
        if (!events.Any(e => e is ResearchConsentSet))
        {
            yield break;
        }

        var state = before;
        foreach (var @event in events)
        {
            var next = PatientState.Evolve(state, @event);
            if (@event is ResearchConsentSet statement)
            {
                var permitted = next.PresentConsent()?.Permission ?? 0;
                var kept = permitted & ~ResearchConsents.WithdrawnBy(state, statement);
                if (kept != permitted)
                {
                    yield return ConsentOf(next, ReleasePermission.PermitsSome(kept) ? kept : 0);
                }

                yield return ConsentOf(next, permitted);
            }

            state = next;
        }

        var (was, now) = (before.PresentConsent()?.Until, after.PresentConsent()?.Until);
        if (was is not null && was != now)
        {
            yield return new Projection.DueDone(DueKinds.ConsentEnd);
        }

        if (now is { } until && now != was)
        {
            yield return new Projection.DueSet(DueKinds.ConsentEnd, until);
        }
    }

    private static Projection.ConsentSet ConsentOf(PatientState state, int permission) =>
        new(permission) { Until = state.PresentConsent()?.Until ?? DateTimeOffset.MaxValue };

    /// <summary>One row, at the next time by which a dose or monitoring has to be there.</summary>
    private static IEnumerable<Projection> OfLapse(PatientState before, PatientState after, IReadOnlyList<IEvent> events)
    {
        if (!events.Any(e => e is DoseGiven or PlanCreated or PlanRevised or TreatmentEnded or DoseRequested or LapseNoticed or FactEnteredInError or TransferAccepted))
        {
            yield break;
        }

        var (was, next) = (NoticeLapse.DueAt(before), NoticeLapse.DueAt(after));
        if (was is not null && was != next)
        {
            yield return new Projection.DueDone(DueKinds.Lapse);
        }

        if (next is { } at && next != was)
        {
            yield return new Projection.DueSet(DueKinds.Lapse, at);
        }
    }

    /// <summary>
    /// Visits leave the worklist when another course begins, at a death and while the patient is lost, and come back when that is over. Closings stay: the day on which an outcome
    /// is fixed says nothing about how it went.
    /// </summary>
    private static IEnumerable<Projection> OfStanding(PatientState before, PatientState after)
    {
        if (after.IsErased || !before.Exists || InductionCourse.Of(before) is not { } course)
        {
            return [];
        }

        var open = MilestoneSchedule.All.Where(m => before.Outcomes.All(o => o.Milestone != m));
        return before.CourseNumber() != after.CourseNumber() || (IsAskedAfter(before) && !IsAskedAfter(after))
                ? open.Select(m => new Projection.FollowUpDone(DueKinds.OfVisit(m, before.CourseNumber())))
            : !IsAskedAfter(before) && IsAskedAfter(after)
                ? open.Where(m => after.MissedVisits.All(v => v.Milestone != m))
                    .Select(m => (Milestone: m, Window: MilestoneSchedule.WindowOf(m, course.LastDose)))
                    .Where(v => !after.Assessments.Any(a => v.Window.Holds(after.DayOf(a.OccurredAt))))
                    .Select(v => VisitSet(after, v.Milestone, v.Window))
            : [];
    }

    internal static bool IsAskedAfter(PatientState state) => state.Death is null && state.PresentLoss() is null;

    /// <summary>From the first day of its window, or the one that was agreed on.</summary>
    internal static Projection.FollowUpSet VisitSet(PatientState state, Milestone milestone, MilestoneWindow window)
    {
        var (from, until) = (ClinicTime.StartOf(window.FirstDay, state.TimeZone), ClinicTime.StartOf(window.LastDay.AddDays(1), state.TimeZone));
        var planned = FollowUpCalendar.PlannedOn(state, FollowUpCatalogue.VisitOf(milestone), from, until);
        return new(state.HomeClinic.Name, DueKinds.OfVisit(milestone, state.CourseNumber()), planned is { } day ? ClinicTime.StartOf(day, state.TimeZone) : from, until);
    }

    /// <summary>The row of a milestone whose visit was planned; a milestone that has closed has none.</summary>
    private static IEnumerable<Projection> MilestonesPlanned(PatientState state, VisitRescheduled planned) =>
        InductionCourse.Of(state) is { } course && FollowUpCatalogue.MilestoneOf(planned.Planned.Visit) is { } milestone && state.Outcomes.All(o => o.Milestone != milestone)
            ? [VisitSet(state, milestone, MilestoneSchedule.WindowOf(milestone, course.LastDose))]
            : [];

    /// <summary>Of the first course alone: a person is in one cell for ever, and has one row a milestone.</summary>
    private static IEnumerable<Projection> OfRelease(PatientState before, PatientState after)
    {
        if (!after.InPool)
        {
            yield break;
        }

        if (!before.InPool)
        {
            yield return new Projection.PoolEntered(ReleaseMapper.Quarter(after), ReleaseMapper.QuasiIdentifiers(after));
        }

        foreach (var outcome in after.OutcomesOfFirstCourse().Skip(before.InPool ? before.OutcomesOfFirstCourse().Length : 0))
        {
            yield return new Projection.OutcomeReady(ReleaseMapper.Name(outcome.Milestone), ReleaseMapper.Map(after, outcome).Values);
        }
    }

    /// <summary>A site that sees sections is told of what is in those; what it may read has changed whenever its sections have.</summary>
    private static IEnumerable<Projection> OfFeed(PatientState before, PatientState after, IReadOnlyList<IEvent> events)
    {
        var (had, has) = (HoldersOf(before), HoldersOf(after));
        foreach (var site in has)
        {
            var readable = HeldBy(after, site);
            var told = events.Where(e => readable == PlanSections.All || IsOfPerson(e) || IsTold(SectionsOfEvent.Of(before, e), readable)).ToArray();
            var planChanged = told.Any(e => e is PlanCreated or PlanRevised or PlanConflictFound);
            if (!had.Contains(site) || HeldBy(before, site) != readable)
            {
                yield return new Projection.FeedReference(site.Name, FeedKind.AccessGranted, planChanged);
            }
            else if (told.Length > 0)
            {
                yield return new Projection.FeedReference(site.Name, FeedKind.Changed, planChanged);
            }
        }

        foreach (var site in had.Except(has))
        {
            yield return new Projection.FeedReference(site.Name, after.IsErased ? FeedKind.Erased : FeedKind.AccessRevoked, false);
        }
    }

    /// <summary>What a site's copy may hold: in an emergency all, until its end was recorded.</summary>
    internal static PlanSections HeldBy(PatientState state, ClinicId site) =>
        state.EmergencyAccesses.Any(e => !e.Ended && e.Site == site) ? PlanSections.All : state.ReadableBy(site);

    /// <summary>Who the patient is, and where at home, is told with any section: also that the patient died.</summary>
    private static bool IsOfPerson(IEvent @event) => @event is DeathRecorded or TransferAccepted or FactEnteredInError { Fact.Kind: FactKind.Death };

    private static bool IsTold(PlanSections sections, PlanSections readable) => sections != PlanSections.All && (sections & readable) != PlanSections.None;

    /// <summary>Whose lists hold the patient: those of an emergency until its end was recorded, which is soon after its time is over.</summary>
    private static ClinicId[] HoldersOf(PatientState state) => state.Exists
        ? [.. ((IEnumerable<ClinicId>)[state.HomeClinic, .. state.Sites.Select(s => s.Site), .. state.EmergencyAccesses.Where(e => !e.Ended).Select(e => e.Site)]).Distinct()]
        : [];

    private static string[] SitesOf(PatientState state) => [.. HoldersOf(state).Select(s => s.Name)];

    private static Projection.SitesSet AccessOf(PatientState state) => new(SitesOf(state))
    {
        ForEmergency = [.. state.EmergencyAccesses.Where(e => !e.Ended && state.ReadableBy(e.Site) == PlanSections.None).Select(e => e.Site.Name).Distinct(StringComparer.Ordinal)],
    };

    private static string KindOf(PatientState state, int number) => DueKinds.Of(state.EmergencyAccesses[number - 1]);

    /// <summary>The milestone whose window holds this instant, if the course has one.</summary>
    private static Milestone? VisitDone(PatientState state, DateTimeOffset occurredAt) =>
        InductionCourse.Of(state) is { } course
            ? MilestoneSchedule.All.Where(m => MilestoneSchedule.WindowOf(m, course.LastDose).Holds(state.DayOf(occurredAt))).Cast<Milestone?>().FirstOrDefault()
            : null;
}
