using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Rems;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Patients;

/// <summary>Rows that follow when a fact was taken out: visits that it had done are open again, and what is released carries the corrected values: of a milestone that was released already, as a correction.</summary>
internal static class RetractionProjections
{
    public static IEnumerable<Projection> Of(PatientState before, PatientState after) => [.. OfVisits(before, after), .. OfRems(before, after), .. OfRelease(before, after)];

    /// <summary>The form of the session that the fact was of is to be sent again, or no more.</summary>
    private static IEnumerable<Projection> OfRems(PatientState before, PatientState after)
    {
        var kept = after.Retracted[before.Retracted.Length];
        if ((kept.Recorded is RemsSubmission sent ? sent.Session : kept.Session?.Id) is not { } id || before.FindSession(id) is not { } was || !RemsRules.Asks(before, was))
        {
            yield break;
        }

        yield return after.FindSession(id) is { } session && RemsRules.Asks(after, session) && RemsRules.SubmissionOf(after, id) is null
            ? PatientProjections.RemsSet(after, session)
            : new Projection.FollowUpDone(DueKinds.RemsOf(was));
    }

    private static IEnumerable<Projection> OfVisits(PatientState before, PatientState after)
    {
        if (InductionCourse.Of(before) is null)
        {
            yield break;
        }

        var course = InductionCourse.Of(after);
        foreach (var milestone in MilestoneSchedule.All.Where(m => after.Outcomes.All(o => o.Milestone != m)))
        {
            MilestoneWindow? window = course is null ? null : MilestoneSchedule.WindowOf(milestone, course.LastDose);
            if (window is { } days)
            {
                yield return PatientProjections.VisitSet(after, milestone, days);
            }
            else
            {
                yield return new Projection.DueDone(DueKinds.Of(milestone, after.CourseNumber()));
            }

            if (window is not { } open || !PatientProjections.IsAskedAfter(after) || after.Assessments.Any(a => open.Holds(after.DayOf(a.OccurredAt))) || after.MissedVisits.Any(m => m.Milestone == milestone))
            {
                yield return new Projection.FollowUpDone(DueKinds.OfVisit(milestone, after.CourseNumber()));
            }
        }
    }

    private static IEnumerable<Projection> OfRelease(PatientState before, PatientState after)
    {
        if (!before.InPool)
        {
            yield break;
        }

        var (quarter, leaves) = (ReleaseMapper.Quarter(after), ReleaseMapper.QuasiIdentifiers(after));
        if (quarter != ReleaseMapper.Quarter(before) || !leaves.SequenceEqual(ReleaseMapper.QuasiIdentifiers(before)))
        {
            yield return new Projection.PoolEntered(quarter, leaves);
        }

        foreach (var (was, outcome) in before.OutcomesOfFirstCourse().Zip(after.OutcomesOfFirstCourse()))
        {
            var values = ReleaseMapper.Map(after, outcome).Values;
            if (!values.SequenceEqual(ReleaseMapper.Map(before, was).Values))
            {
                yield return new Projection.OutcomeRevised(ReleaseMapper.Name(outcome.Milestone), values);
            }
        }
    }
}
