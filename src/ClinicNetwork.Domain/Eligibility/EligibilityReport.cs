using System.Collections.Immutable;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Eligibility;

/// <summary>What a rule does where it is not met.</summary>
public enum RuleEffect
{
    /// <summary>No treatment by this protocol.</summary>
    Stops = 1,

    /// <summary>A clinician weighs it.</summary>
    Warns = 2,

    /// <summary>Something is to be done first.</summary>
    AsksFor = 3,
}

/// <summary>A rule of eligibility: versioned data. A change of what it looks at, or of its bounds, is a new version.</summary>
/// <param name="AsksFor">What is to be done where it is not met, or not known.</param>
/// <param name="Source">[K] marks what was not checked against the source.</param>
public sealed record EligibilityRule(string Id, int Version, string Text, RuleEffect Effect, string AsksFor, string Source)
{
    /// <summary><c>id/version</c>.</summary>
    public string Key => $"{Id}/{Version}";
}

/// <summary>What a rule says of a patient.</summary>
/// <param name="Fact">What was looked at, for example <c>consultations/2</c> or <c>safetyChecks/lft-1</c>; empty when there was nothing.</param>
/// <param name="Value">What was found, as a class, never as it was written.</param>
/// <param name="Day">The clinical day of the fact; null when there is none.</param>
public sealed record EligibilityLine(EligibilityRule Rule, RuleAnswer Answer, string Fact, string Value, DateOnly? Day)
{
    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => Rule.Key;
}

public enum EligibilityVerdict
{
    /// <summary>Every rule that stops is met. A clinician decides.</summary>
    Eligible = 1,

    /// <summary>A rule that stops is not met.</summary>
    NotEligible = 2,

    /// <summary>None is known not to be met, but one that stops is not known.</summary>
    Undetermined = 3,
}

/// <summary>Eligibility for one protocol, explained rule by rule; derived, never stored. Decision support.</summary>
/// <param name="Lines">Those that stop first.</param>
public sealed record EligibilityReport(TreatmentProtocol Protocol, EligibilityVerdict Verdict, ImmutableArray<EligibilityLine> Lines)
{
    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(EligibilityReport);
}
