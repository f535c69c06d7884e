using ClinicNetwork.Domain.Advising;

namespace ClinicNetwork.Domain.Patients;

[GenerateSerializer, Immutable, Alias("support-session-recorded")]
public sealed record SupportSessionRecorded([property: Id(0)] SupportSession Session) : IEvent;

/// <inheritdoc cref="AdviceDecision"/>
[GenerateSerializer, Immutable, Alias("advice-decided")]
public sealed record AdviceDecided([property: Id(0)] AdviceDecision Decision) : IEvent;

[GenerateSerializer, Alias("advice-verdict")]
public enum AdviceVerdict
{
    Followed = 1,
    FollowedInPart = 2,
    Declined = 3,
}

/// <summary>What a clinician decided on a piece of advice.</summary>
/// <param name="Number">1..n of this patient.</param>
/// <param name="Advice">As it was shown: later versions of its rule change nothing that was decided on.</param>
/// <param name="PlanRevision">The revision by which the plan was changed; null when it was not.</param>
/// <param name="Actor">Who, from the connection.</param>
/// <param name="At">By the store's clock.</param>
[GenerateSerializer, Immutable, Alias("advice-decision")]
public sealed record AdviceDecision(
    [property: Id(0)] int Number,
    [property: Id(1)] Advice Advice,
    [property: Id(2)] AdviceVerdict Verdict,
    [property: Id(3)] string Reason,
    [property: Id(4)] int? PlanRevision,
    [property: Id(5)] string Actor,
    [property: Id(6)] DateTimeOffset At)
{
    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(AdviceDecision);
}
