namespace ClinicNetwork.Simulation;

/// <summary>A treatment given; <see cref="VirtualEvent.Time"/> is the start of the dose.</summary>
/// <param name="Number">1, 2, … without gap.</param>
/// <param name="WeightKg">Of that day, one decimal.</param>
/// <param name="DoseMg">IV: 0.5 mg/kg to 0.1 mg; esketamine: 56 or 84 mg.</param>
/// <param name="InfusionMinutes">40; 0 for the nasal spray.</param>
/// <param name="Before">Within ten minutes before the start; may lie above 140/90, which asks for a decision.</param>
/// <param name="After">40 minutes after the start.</param>
/// <param name="Completed">Local time of discharge, the same day, at most 16:00; esketamine at least 120 minutes after the start.</param>
public sealed record SessionGiven(
    DateOnly Day,
    TimeOnly Time,
    int Number,
    decimal WeightKg,
    decimal DoseMg,
    int InfusionMinutes,
    VirtualPressure Before,
    VirtualPressure After,
    TimeOnly Completed) : VirtualEvent(Day, Time)
{
    public TimeOnly Started => Time;

    public int ObservedMinutes => (int)(Completed - Time).TotalMinutes;
}

public enum VirtualSideEffect
{
    Dissociation = 1,
    Nausea = 2,
    Sedation = 3,
    RaisedBloodPressure = 4,
    Headache = 5,
}

public enum VirtualSeverity
{
    Mild = 1,
    Moderate = 2,
    Severe = 3,
}

/// <summary>Seen during a session; <see cref="VirtualEvent.Time"/> is its onset.</summary>
/// <param name="Session">The session's number.</param>
/// <param name="OnsetMinutes">After the start of the dose, 1 or more.</param>
/// <param name="ResolvedMinutes">After the start of the dose; after the onset and not after discharge.</param>
public sealed record SideEffectNoted(
    DateOnly Day, TimeOnly Time, int Session, VirtualSideEffect Kind, VirtualSeverity Severity, int OnsetMinutes, int ResolvedMinutes)
    : VirtualEvent(Day, Time);
