using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Rems;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Patients;

/// <summary>Rows of a transfer: the offer in two lists until its time is over; and once it is accepted, whatever stands in the former home clinic's worklist, in the other's.</summary>
public static class TransferProjections
{
    /// <summary>Whose list holds a clinic's offers, those that it made and those that are made to it; no clinic's name.</summary>
    public static string ListOf(ClinicId clinic) => "transfers/" + clinic.Value;

    internal static IEnumerable<Projection> OfEvent(PatientState after, IEvent @event, Projection.SitesSet access) => @event switch
    {
        TransferOffered { Transfer: var offer } =>
        [
            .. offer.Number > 1 ? Done(offer.Number - 1) : [],
            InList(offer, offer.To, own: false),
            InList(offer, offer.From, own: true),
        ],
        TransferWithdrawn e => Done(e.Number),
        TransferDeclined e => Done(e.Number),
        TransferAccepted e =>
        [
            .. Done(e.Number),
            new Projection.PatientIndexed(after.HomeClinic.Name, after.RecordNumber, after.GivenName, after.FamilyName, after.BirthDate),
            access,
        ],
        _ => [],
    };

    /// <summary>Rows of the calendar and of a session move by <see cref="WorklistRows"/>.</summary>
    internal static IEnumerable<Projection> OfMove(PatientState before, PatientState after) =>
    [
        .. OfClosings(before, after),
        .. OfVisits(after),
        .. after.Alerts.Where(a => a.IsOpen).Select(a => new Projection.FollowUpSet(after.HomeClinic.Name, DueKinds.Of(a), a.RaisedAt, a.DueAt)),
        .. after.SessionsOfAllCourses().Where(s => RemsRules.Asks(after, s) && RemsRules.SubmissionOf(after, s.Id) is null).Select(s => PatientProjections.RemsSet(after, s)),
        .. after.EmergencyAccesses.Where(a => a.ReviewedAt is null).Select(a => PatientProjections.ReviewSet(after, a)),
    ];

    private static Projection.FollowUpSet InList(Transfer offer, ClinicId clinic, bool own) =>
        new(ListOf(clinic), DueKinds.OfTransfer(offer.Number, own), offer.OfferedAt, offer.ExpiresAt) { EndsAt = offer.ExpiresAt };

    private static Projection[] Done(int number) => [new Projection.FollowUpDone(DueKinds.OfTransfer(number, own: false)), new Projection.FollowUpDone(DueKinds.OfTransfer(number, own: true))];

    /// <summary>A milestone closes at the end of a day of the home clinic: one set by another zone would come too early, or too late.</summary>
    private static IEnumerable<Projection> OfClosings(PatientState before, PatientState after)
    {
        for (var number = 1; number <= after.CourseNumber(); number++)
        {
            var (was, now) = (before.InCourse(number), after.InCourse(number));
            foreach (var milestone in InductionCourse.Of(now) is null ? [] : MilestoneSchedule.All.Where(m => now.Outcomes.All(o => o.Milestone != m)))
            {
                if (CloseMilestone.DueAt(was, milestone) != CloseMilestone.DueAt(now, milestone))
                {
                    yield return new Projection.DueDone(DueKinds.Of(milestone, number));
                    yield return new Projection.DueSet(DueKinds.Of(milestone, number), CloseMilestone.DueAt(now, milestone));
                }
            }
        }
    }

    /// <summary>Of the present course, as long as they are asked after: those that nothing answered, and that were not missed.</summary>
    private static IEnumerable<Projection> OfVisits(PatientState after) => InductionCourse.Of(after) is not { } course || !PatientProjections.IsAskedAfter(after)
        ? []
        : MilestoneSchedule.All.Where(m => after.Outcomes.All(o => o.Milestone != m) && after.MissedVisits.All(v => v.Milestone != m))
            .Select(m => (Milestone: m, Window: MilestoneSchedule.WindowOf(m, course.LastDose)))
            .Where(v => !after.Assessments.Any(a => v.Window.Holds(after.DayOf(a.OccurredAt))))
            .Select(v => PatientProjections.VisitSet(after, v.Milestone, v.Window));
}
