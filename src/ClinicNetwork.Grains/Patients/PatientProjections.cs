using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
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

        projections.AddRange(OfCourse(before, after));
        projections.AddRange(OfRelease(before, after));
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
        ResearchConsentSet e => [new Projection.ConsentSet(e.Recipients.Sum(r => (int)r))],
        MilestoneClosed e =>
        [
            new Projection.DueDone(DueKinds.Of(e.Outcome.Milestone)),
            new Projection.FollowUpDone(e.Outcome.Milestone.ToString()),
        ],
        AssessmentRecorded e => VisitDone(after, e.OccurredAt) is { } milestone ? [new Projection.FollowUpDone(milestone.ToString())] : [],
        VisitMissed e => [new Projection.FollowUpDone(e.Milestone.ToString())],
        EmergencyAccessGranted e =>
        [
            AccessOf(after),
            new Projection.DueSet(KindOf(after, e.Number), e.Until),
            new Projection.FollowUpSet(after.HomeClinic.Name, KindOf(after, e.Number), e.At, e.At.AddDays(EmergencyAccess.ReviewDaysMax)),
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
        AlertCauseWithdrawn e => after.Alerts[e.Number - 1] is { IsOpen: false } over ? Done(over) : [],
        AlertReopened e => ToDo(after, after.Alerts[e.Number - 1], e.At),
        PatientErased => [new Projection.ConsentSet(0), new Projection.Erased()],
        _ => [],
    };

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
    private static IEnumerable<Projection> OfCourse(PatientState before, PatientState after)
    {
        var (was, now) = (before.Exists ? InductionCourse.Of(before) : null, InductionCourse.Of(after));
        if (now is null || now == was)
        {
            yield break;
        }

        foreach (var milestone in MilestoneSchedule.All.Where(m => after.Outcomes.All(o => o.Milestone != m)))
        {
            if (was?.FirstDose != now.FirstDose)
            {
                yield return new Projection.DueDone(DueKinds.Of(milestone));
                yield return new Projection.DueSet(DueKinds.Of(milestone), CloseMilestone.DueAt(after, milestone));
            }

            if (was?.LastDose != now.LastDose)
            {
                var window = MilestoneSchedule.WindowOf(milestone, now.LastDose);
                yield return VisitIn(after, milestone, window);
                if (after.Assessments.Any(a => window.Holds(after.DayOf(a.OccurredAt))))
                {
                    yield return new Projection.FollowUpDone(milestone.ToString());
                }
            }
        }
    }

    internal static Projection.FollowUpSet VisitIn(PatientState state, Milestone milestone, MilestoneWindow window) => new(
        state.HomeClinic.Name,
        milestone.ToString(),
        ClinicTime.StartOf(window.FirstDay, state.TimeZone),
        ClinicTime.StartOf(window.LastDay.AddDays(1), state.TimeZone));

    private static IEnumerable<Projection> OfRelease(PatientState before, PatientState after)
    {
        if (!after.InPool || ReleaseMapper.TreatmentLeaf(after) is null)
        {
            yield break;
        }

        if (!before.InPool)
        {
            yield return new Projection.PoolEntered(ReleaseMapper.Quarter(after), ReleaseMapper.QuasiIdentifiers(after));
        }

        foreach (var outcome in before.InPool ? after.Outcomes.Skip(before.Outcomes.Length) : after.Outcomes)
        {
            yield return new Projection.OutcomeReady(ReleaseMapper.Name(outcome.Milestone), ReleaseMapper.Map(after, outcome).Values);
        }
    }

    private static IEnumerable<Projection> OfFeed(PatientState before, PatientState after, IReadOnlyList<IEvent> events)
    {
        var planChanged = events.Any(e => e is PlanCreated or PlanRevised);
        var (had, has) = (SitesOf(before), SitesOf(after));
        foreach (var site in has)
        {
            yield return new Projection.FeedReference(site, had.Contains(site) ? FeedKind.Changed : FeedKind.AccessGranted, planChanged);
        }

        foreach (var site in had.Except(has))
        {
            yield return new Projection.FeedReference(site, after.IsErased ? FeedKind.Erased : FeedKind.AccessRevoked, false);
        }
    }

    /// <summary>Whose lists hold the patient: those of an emergency until its end was recorded, which is soon after its time is over.</summary>
    private static string[] SitesOf(PatientState state) => state.Exists
        ? [.. ((IEnumerable<ClinicId>)[state.HomeClinic, .. state.Sites.Select(s => s.Site), .. state.EmergencyAccesses.Where(e => !e.Ended).Select(e => e.Site)])
            .Distinct().Select(s => s.Name)]
        : [];

    private static Projection.SitesSet AccessOf(PatientState state) => new(SitesOf(state))
    {
        ForEmergency = [.. state.EmergencyAccesses.Where(e => !e.Ended && !state.Permits(e.Site, SiteAccess.Read)).Select(e => e.Site.Name).Distinct(StringComparer.Ordinal)],
    };

    private static string KindOf(PatientState state, int number) => DueKinds.Of(state.EmergencyAccesses[number - 1]);

    /// <summary>The milestone whose window holds this instant, if the course has one.</summary>
    private static Milestone? VisitDone(PatientState state, DateTimeOffset occurredAt) =>
        InductionCourse.Of(state) is { } course
            ? MilestoneSchedule.All.Where(m => MilestoneSchedule.WindowOf(m, course.LastDose).Holds(state.DayOf(occurredAt))).Cast<Milestone?>().FirstOrDefault()
            : null;
}
