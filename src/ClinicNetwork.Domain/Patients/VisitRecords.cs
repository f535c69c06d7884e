using ClinicNetwork.Domain.Outcomes;

namespace ClinicNetwork.Domain.Patients;

/// <summary>A visit of the calendar beside the milestones did not happen. A milestone's is <see cref="VisitMissed"/>.</summary>
[GenerateSerializer, Immutable, Alias("follow-up-missed")]
public sealed record FollowUpMissed([property: Id(0)] FollowUpMiss Miss) : IEvent;

/// <inheritdoc cref="PlannedVisit"/>
[GenerateSerializer, Immutable, Alias("visit-rescheduled")]
public sealed record VisitRescheduled([property: Id(0)] PlannedVisit Planned) : IEvent;

/// <summary>Why a visit of the calendar did not happen.</summary>
/// <param name="Number">1..n of this patient, in order of recording.</param>
/// <param name="Visit">As <see cref="FollowUps.FollowUpVisit.Name"/>.</param>
[GenerateSerializer, Immutable, Alias("follow-up-miss")]
public sealed record FollowUpMiss(
    [property: Id(0)] int Number, [property: Id(1)] string Visit, [property: Id(2)] MissingReason Reason, [property: Id(3)] DateTimeOffset OccurredAt) : IRecordedFact
{
    FactName IRecordedFact.Fact => new(FactKind.FollowUpMiss, "", Number);
}

/// <summary>The day of its window on which a visit shall take place; the last one holds, as long as the window has it.</summary>
/// <param name="Number">1..n of this patient, in order of recording.</param>
/// <param name="Visit">As <see cref="FollowUps.FollowUpVisit.Name"/>.</param>
/// <param name="Day">In the home clinic's time zone.</param>
[GenerateSerializer, Immutable, Alias("planned-visit")]
public sealed record PlannedVisit(
    [property: Id(0)] int Number, [property: Id(1)] string Visit, [property: Id(2)] DateOnly Day, [property: Id(3)] string Reason, [property: Id(4)] DateTimeOffset OccurredAt);
