namespace ClinicNetwork.Domain.Patients;

/// <summary>A patient whose week 52 had closed before there were yearly milestones gets them. Sent by the due loop, once. Refused: NOT_TREATED.</summary>
[GenerateSerializer, Immutable, Alias("add-yearly-milestones")]
public sealed record AddYearlyMilestones
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(AddYearlyMilestones);

    public static Decision<Accepted> Decide(PatientState state, AddYearlyMilestones command, DateTimeOffset now)
    {
        (_, _) = (command, now);
        return InductionCourse.Of(state.InCourse(1)) is null
            ? Refusal.Precondition("NOT_TREATED", "patient", "No dose was given; there are no milestones.")
            : Decision<Accepted>.Accept(Accepted.Instance, new YearlyMilestonesAdded());
    }
}
