using ClinicNetwork.Domain.Outcomes;

namespace ClinicNetwork.Domain.Patients;

/// <summary>A milestone's last possible day is over: its outcome is fixed, measured or missing. Sent by the due loop. Refused: MILESTONE_CLOSED, MILESTONE_NOT_DUE, NOT_TREATED.</summary>
[GenerateSerializer, Immutable, Alias("close-milestone")]
public sealed record CloseMilestone([property: Id(0)] Milestone Milestone)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(CloseMilestone);

    public static Decision<Accepted> Decide(PatientState state, CloseMilestone command, DateTimeOffset now)
    {
        if (state.Outcomes.Any(o => o.Milestone == command.Milestone))
        {
            return Refusal.Precondition("MILESTONE_CLOSED", "milestone", "The milestone is closed already.");
        }

        if (OutcomeEvaluation.Evaluate(state, command.Milestone) is not { } outcome)
        {
            return Refusal.Precondition("NOT_TREATED", "patient", "No dose was given; there is no milestone to close.");
        }

        return now < DueAt(state, command.Milestone)
            ? Refusal.Precondition("MILESTONE_NOT_DUE", "milestone", "The milestone's last day is not over.")
            : Decision<Accepted>.Accept(Accepted.Instance, new MilestoneClosed(outcome));
    }

    /// <summary>Start of the first clinical day after every possible window, counted from the first dose. The patient has a dose.</summary>
    public static DateTimeOffset DueAt(PatientState state, Milestone milestone) =>
        ClinicTime.StartOf(MilestoneSchedule.ClosesOn(milestone, InductionCourse.Of(state)!.FirstDose), state.TimeZone);
}
