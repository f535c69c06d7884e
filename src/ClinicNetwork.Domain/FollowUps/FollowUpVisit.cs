using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Domain.FollowUps;

/// <summary>Where a visit of the calendar stands.</summary>
public enum FollowUpState
{
    /// <summary>Its window has not begun.</summary>
    Upcoming = 1,

    /// <summary>In its window, and not answered.</summary>
    Due = 2,

    /// <summary>Answered.</summary>
    Done = 3,

    /// <summary>Its window is over, and it is still asked after.</summary>
    Overdue = 4,

    /// <summary>It did not happen.</summary>
    Missed = 5,
}

/// <summary>One occurrence of a rule for one patient; derived, never stored.</summary>
/// <param name="Occurrence">1..n within the rule; of sessions, the number of the dose.</param>
/// <param name="OpensAt">An answer counts from here.</param>
/// <param name="DueBy">It is late from here on.</param>
public sealed record FollowUpVisit(FollowUpRule Rule, int Occurrence, Milestone? Milestone, DateTimeOffset OpensAt, DateTimeOffset DueBy, FollowUpState State)
{
    /// <summary>What it is called: the rule's key and its number within the rule, <c>phq9-two-weekly/1/3</c>; of a risk screen the clinical day that asks for it, <c>cssrs-after-item-9/1/2025-03-04</c>.</summary>
    public required string Name { get; init; }

    /// <summary>A session that is expected: it is planned, and nothing but the dose ends it.</summary>
    public bool IsSession { get; init; }

    /// <summary>The day of its window that was agreed on last; null when none was, or the window moved away from it.</summary>
    public DateOnly? PlannedOn { get; init; }

    /// <summary>The answer that completed it.</summary>
    public AssessmentId? Answer { get; init; }

    /// <summary>The safety check that completed it.</summary>
    public SafetyCheckId? Check { get; init; }

    /// <summary>When that was given.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>Why it was missed.</summary>
    public MissingReason? Missing { get; init; }

    /// <summary>Why it was not answered, as the patient told; null: not told.</summary>
    public VisitReason? Explained { get; init; }

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(FollowUpVisit);
}
