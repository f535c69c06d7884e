namespace ClinicNetwork.Domain.Outcomes;

/// <summary>Points of time at which outcomes are read; weeks and years (of 52 weeks) count from the centre of the end-of-induction window.</summary>
[GenerateSerializer, Alias("milestone")]
public enum Milestone
{
    EndOfInduction = 1,
    Week4 = 2,
    Week8 = 3,
    Week12 = 4,
    Week26 = 5,
    Week52 = 6,
    Year2 = 7,
    Year3 = 8,
    Year4 = 9,
    Year5 = 10,
}

/// <summary>Why a milestone was not measured.</summary>
[GenerateSerializer, Alias("missing-reason")]
public enum MissingReason
{
    NotAttended = 1,
    LeftTreatment = 2,
    InductionIncomplete = 3,
    Declined = 4,
    Unreachable = 5,
    BaselineMissing = 6,
    Died = 80,
    LostToFollowUp = 81,
}
