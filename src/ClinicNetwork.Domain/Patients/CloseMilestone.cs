using ClinicNetwork.Domain.Outcomes;

namespace ClinicNetwork.Domain.Patients;

/// <summary>A milestone's last possible day is over: its outcome is fixed, measured or missing. Sent by the due loop. Refused: MILESTONE_CLOSED, MILESTONE_NOT_DUE, NOT_TREATED, COURSE_UNKNOWN.</summary>
/// <param name="Course">1..n of the patient; 0 is the first.</param>
[GenerateSerializer, Immutable, Alias("close-milestone")]
public sealed record CloseMilestone([property: Id(0)] Milestone Milestone, [property: Id(55)] int Course = 0)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(CloseMilestone);

    public static Decision<Accepted> Decide(PatientState state, CloseMilestone command, DateTimeOffset now)
    {
        var number = command.Course == 0 ? 1 : command.Course;
        if (number < 1 || number > state.CourseNumber())
        {
            return Refusal.Precondition("COURSE_UNKNOWN", "course", "The patient has no course of this number.");
        }

        var course = state.InCourse(number);
        if (course.Outcomes.Any(o => o.Milestone == command.Milestone))
        {
            return Refusal.Precondition("MILESTONE_CLOSED", "milestone", "The milestone is closed already.");
        }

        if (OutcomeEvaluation.Evaluate(course, command.Milestone) is not { } outcome)
        {
            return Refusal.Precondition("NOT_TREATED", "patient", "No dose was given; there is no milestone to close.");
        }

        return now < DueAt(course, command.Milestone)
            ? Refusal.Precondition("MILESTONE_NOT_DUE", "milestone", "The milestone's last day is not over.")
            : Decision<Accepted>.Accept(Accepted.Instance, number == 1 ? new MilestoneClosed(outcome) : new CourseMilestoneClosed(number, outcome));
    }

    /// <summary>Start of the first clinical day after every possible window, counted from the first dose. The patient has a dose.</summary>
    public static DateTimeOffset DueAt(PatientState state, Milestone milestone) =>
        ClinicTime.StartOf(MilestoneSchedule.ClosesOn(milestone, InductionCourse.Of(state)!.FirstDose), state.TimeZone);
}
