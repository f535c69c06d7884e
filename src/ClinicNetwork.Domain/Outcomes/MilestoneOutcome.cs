using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Outcomes;

/// <summary>What a milestone came to: measured with scores and judgements, or missing with a reason.</summary>
/// <param name="BaselinePhq9">Last PHQ-9 before the first dose and at most 30 clinical days old, 0 to 27; null when there is none.</param>
/// <param name="Phq9">First PHQ-9 in the window, 0 to 27; null when missing.</param>
/// <param name="Definitions">Keys of the definitions that made the judgements.</param>
[GenerateSerializer, Immutable, Alias("milestone-outcome")]
public sealed record MilestoneOutcome(
    [property: Id(0)] Milestone Milestone,
    [property: Id(1)] MissingReason? Missing,
    [property: Id(2)] int? BaselinePhq9,
    [property: Id(3)] int? Phq9,
    [property: Id(4)] bool Response,
    [property: Id(5)] bool Remission,
    [property: Id(6)] bool Worsening,
    [property: Id(7)] ImmutableArray<string> Definitions)
{
    public bool Measured => Missing is null;
}
