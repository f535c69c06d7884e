using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Outcomes;

/// <summary>What a definition says of a course.</summary>
public enum JudgementKind
{
    Met = 1,
    NotMet = 2,

    /// <summary>The window is over without what the definition needs.</summary>
    Missing = 3,

    /// <summary>The window is not over, and nothing decides it yet.</summary>
    NotYet = 4,

    /// <summary>The definition is not about this course: not a case at baseline, or never a responder.</summary>
    NotEligible = 5,

    /// <summary>Whether it is about this course was not measured, or not yet.</summary>
    EligibilityUnknown = 6,
}

/// <summary>A definition's judgement of one course on a day.</summary>
/// <param name="Definition">The definition's key.</param>
/// <param name="Reason">Why it is missing, or why eligibility is not known; null otherwise.</param>
/// <param name="Totals">What decided it, one of each scale; empty when nothing did.</param>
/// <param name="IsFinal">The window is over; a rate counts no one before.</param>
public sealed record OutcomeJudgement(string Definition, JudgementKind Kind, MissingReason? Reason, ImmutableArray<JudgedTotal> Totals, bool IsFinal)
{
    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => $"{Definition}: {Kind}";
}
