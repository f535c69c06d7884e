namespace ClinicNetwork.Domain.Protocols;

[GenerateSerializer, Alias("phase-kind")]
public enum PhaseKind
{
    Induction = 1,
    Optimisation = 2,
    Maintenance = 3,

    /// <summary>The interval is widened instead of treatment stopped; begun by a clinician, not by a week.</summary>
    Taper = 4,
}

/// <summary>A stretch of the course with its spacing. Which one a session is in follows from the days since the first dose.</summary>
/// <param name="FirstWeek">Week of the course it begins in, 1 is that of the first dose; 0 when no week begins it (taper).</param>
/// <param name="SpacingDaysMin">Clinic days from one dose to the next, at least; a sooner session is held by <see cref="GateKind.Spacing"/>.</param>
/// <param name="SpacingDaysMax">Clinic days from one dose to the next, at most; for people, nothing is refused by it.</param>
[GenerateSerializer, Immutable, Alias("phase")]
public sealed record Phase(
    [property: Id(0)] PhaseKind Kind,
    [property: Id(1)] int FirstWeek,
    [property: Id(2)] int SpacingDaysMin,
    [property: Id(3)] int SpacingDaysMax);
