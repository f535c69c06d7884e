using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Advising;

/// <summary>What a piece of advice proposes.</summary>
[GenerateSerializer, Alias("advice-kind")]
public enum AdviceKind
{
    WidenInterval = 1,
    HoldInterval = 2,
    NarrowInterval = 3,
    StepDoseUp = 4,
    StepDoseDown = 5,
    AddAntiNausea = 6,
    TaperRatherThanStop = 7,
    AddPsychotherapy = 8,
    AddSupportGroup = 9,
    ReassessBenefit = 10,
    StopForNoResponse = 11,
    BloodPressureMeasures = 12,
}

/// <summary>A rule of advice: versioned data. A change of what meets it, or of what it proposes, is a new version.</summary>
/// <param name="Text">What is advised, and when.</param>
/// <param name="Alternatives">What else was considered.</param>
/// <param name="Source">Where it comes from; [K] marks what was not checked against the source.</param>
public sealed record AdviceRule(string Id, int Version, AdviceKind Kind, string Text, ImmutableArray<string> Alternatives, string Source)
{
    /// <summary><c>id/version</c>.</summary>
    public string Key => $"{Id}/{Version}";
}
