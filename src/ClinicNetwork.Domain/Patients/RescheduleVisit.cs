using System.Globalization;
using ClinicNetwork.Domain.FollowUps;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// A visit of the calendar, or the session that is expected, shall take place on a day of its window: a fact with its reason. The window stays. Refused: TEXT_INVALID,
/// OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY, PLANNED_DAY_PAST, VISIT_UNKNOWN, VISIT_CLOSED, PLANNED_DAY_OUTSIDE_WINDOW.
/// </summary>
/// <param name="Visit">As <see cref="FollowUpVisit.Name"/>.</param>
/// <param name="Day">In the home clinic's time zone.</param>
/// <param name="Reason">1 to 500 characters.</param>
[GenerateSerializer, Immutable, Alias("reschedule-visit")]
public sealed record RescheduleVisit(
    [property: Id(0)] string Visit, [property: Id(1)] DateOnly Day, [property: Id(2)] string Reason, [property: Id(3)] DateTimeOffset OccurredAt)
{
    internal const int VisitLengthMax = 80;

    internal static readonly Refusal Unknown =
        Refusal.Precondition("VISIT_UNKNOWN", "visit", "The patient's calendar has no such visit now; read the calendar for the names of its visits.");

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RescheduleVisit);

    public static Decision<Accepted> Decide(PatientState state, RescheduleVisit command, DateTimeOffset now)
    {
        if ((Texts.Check(command.Visit, 1, VisitLengthMax, "visit") ?? Texts.Check(command.Reason, 1, 500, "reason") ?? ClinicTime.CheckOccurred(command.OccurredAt, now)) is { } refusal)
        {
            return refusal;
        }

        if (command.Day < state.DayOf(command.OccurredAt))
        {
            return Refusal.Invalid("PLANNED_DAY_PAST", "day", "Give a day that was not over when it was agreed on.");
        }

        if (FollowUpCalendar.Find(state, command.Visit, now) is not { } visit)
        {
            return Unknown;
        }

        if (visit.State is FollowUpState.Done or FollowUpState.Missed)
        {
            return Refusal.Precondition("VISIT_CLOSED", "visit", "This visit is answered or was missed; there is nothing to plan.");
        }

        var (first, last) = FollowUpCalendar.PlanningDays(state, visit);
        return command.Day < first || command.Day > last
            ? Refusal.Precondition("PLANNED_DAY_OUTSIDE_WINDOW", "day", string.Create(CultureInfo.InvariantCulture, $"Give a day from {first:yyyy-MM-dd} to {last:yyyy-MM-dd}; outside this window it would not count."))
            : Decision<Accepted>.Accept(
                Accepted.Instance,
                new VisitRescheduled(new(state.PlannedVisits.Length + 1, visit.Name, command.Day, command.Reason, command.OccurredAt)));
    }
}
