using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Patients;

/// <summary>What goes with the drug.</summary>
[GenerateSerializer, Alias("support-kind")]
public enum SupportKind
{
    Psychotherapy = 1,
    SupportGroup = 2,
}

/// <summary>A series of sessions beside the doses, as planned.</summary>
/// <param name="Provider">Who gives it, 1 to 200 characters.</param>
/// <param name="EveryDays">From one to the next, clinic days, 1 to 90.</param>
/// <param name="To">The last day; null when open.</param>
[GenerateSerializer, Immutable, Alias("planned-support")]
public sealed record PlannedSupport(
    [property: Id(0)] SupportKind Kind,
    [property: Id(1)] string Provider,
    [property: Id(2)] int EveryDays,
    [property: Id(3)] DateOnly From,
    [property: Id(4)] DateOnly? To)
{
    /// <summary>Frequencies beyond a quarter are no series ([K], our bound).</summary>
    public const int EveryDaysMax = 90;

    /// <summary>Planned for this day or a later one.</summary>
    public bool IsPlannedAfter(DateOnly day) => To is null || To >= day;

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(PlannedSupport);
}

/// <summary>A session of it that took place, or did not.</summary>
/// <param name="MissedReason">Null: attended.</param>
[GenerateSerializer, Immutable, Alias("support-session")]
public sealed record SupportSession(
    [property: Id(0)] SupportSessionId Id,
    [property: Id(1)] SupportKind Kind,
    [property: Id(2)] DateTimeOffset OccurredAt,
    [property: Id(3)] string? MissedReason) : IRecordedFact
{
    FactName IRecordedFact.Fact => new(FactKind.SupportSession, Id.Value, 0);

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(SupportSession);
}

/// <summary>From one dose to the next in one phase; in other phases the protocol's own spacing holds.</summary>
/// <param name="Days">Clinic days, within the phase's spacing.</param>
[GenerateSerializer, Immutable, Alias("planned-interval")]
public sealed record PlannedInterval([property: Id(0)] PhaseKind Phase, [property: Id(1)] int Days)
{
    /// <summary>A dose so many days before or after is still by the interval ([K], ours: weekly phases of our protocols count 5 to 9 days).</summary>
    public const int ToleranceDays = 2;
}
