namespace ClinicNetwork.Simulation;

/// <summary>The outcome measurements after induction; windows in days after the last induction dose.</summary>
public enum VirtualMilestone
{
    /// <summary>Day 14 to 31.</summary>
    EndOfInduction = 1,

    /// <summary>Day 43 to 57 (22 + 7 × 4, ± 7).</summary>
    Week4 = 2,

    /// <summary>Day 71 to 85.</summary>
    Week8 = 3,

    /// <summary>Day 99 to 113.</summary>
    Week12 = 4,
}

public enum Phq9Purpose
{
    /// <summary>At most 7 days before the first dose, or on its day before the dose; never later than any other before it.</summary>
    Baseline = 1,

    /// <summary>Up to half an hour before a session, from the second.</summary>
    BeforeSession = 2,
    EndOfInduction = 3,
    Week4 = 4,
    Week8 = 5,
    Week12 = 6,
}

/// <param name="Items">Nine answers, 0-3 each; the ninth is the one about death and self-harm.</param>
public sealed record Phq9Answered(DateOnly Day, TimeOnly Time, Phq9Purpose Purpose, IReadOnlyList<int> Items) : VirtualEvent(Day, Time)
{
    /// <summary>0-27.</summary>
    public int Total => Items.Sum();
}

public enum MissedReason
{
    NotAttended = 1,
    Unreachable = 2,
    Declined = 3,
}

/// <summary>No answer at a milestone; dated at the visit that was planned, inside the window.</summary>
public sealed record VisitMissed(DateOnly Day, TimeOnly Time, VirtualMilestone Milestone, MissedReason Reason) : VirtualEvent(Day, Time);
