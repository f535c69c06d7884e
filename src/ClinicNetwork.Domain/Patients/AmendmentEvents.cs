using ClinicNetwork.Domain.Outcomes;

namespace ClinicNetwork.Domain.Patients;

/// <summary>The first event of its command; what took the fact's place, and all that changes by it, follows in the same one.</summary>
[GenerateSerializer, Immutable, Alias("fact-entered-in-error")]
public sealed record FactEnteredInError(
    [property: Id(0)] FactName Fact,
    [property: Id(1)] string Reason,
    [property: Id(2)] string Actor,
    [property: Id(3)] DateTimeOffset At,
    [property: Id(4)] FactName? ReplacedBy) : IEvent;

/// <inheritdoc cref="RevisedOutcome"/>
[GenerateSerializer, Immutable, Alias("milestone-revised")]
public sealed record MilestoneRevised([property: Id(0)] MilestoneOutcome Outcome, [property: Id(1)] int Retraction, [property: Id(2)] DateTimeOffset At) : IEvent
{
    /// <summary>1..n of the patient.</summary>
    [Id(3)] public int Course { get; init; } = 1;
}

/// <summary>A fact meets the rule no more; the alert is over when that was its last one.</summary>
[GenerateSerializer, Immutable, Alias("alert-cause-withdrawn")]
public sealed record AlertCauseWithdrawn(
    [property: Id(0)] int Number, [property: Id(1)] string Cause, [property: Id(2)] int Retraction, [property: Id(3)] DateTimeOffset At) : IEvent;

/// <summary>What had answered it was entered in error: the clock of its level begins anew.</summary>
[GenerateSerializer, Immutable, Alias("alert-reopened")]
public sealed record AlertReopened(
    [property: Id(0)] int Number, [property: Id(1)] int Retraction, [property: Id(2)] DateTimeOffset At, [property: Id(3)] DateTimeOffset DueAt) : IEvent;
