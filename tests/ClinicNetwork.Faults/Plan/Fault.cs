using ClinicNetwork.Faults.Run;

namespace ClinicNetwork.Faults.Plan;

/// <summary>One fault of a plan: how it strikes, how long it lasts, how its cause is taken away again.</summary>
/// <param name="Name">The guide's number and what it is, for example <c>F1 kill one</c>.</param>
/// <param name="Detail">Which parts, for the history.</param>
/// <param name="Hold">How long the cause stays.</param>
internal sealed record Fault(
    string Name, string Detail, TimeSpan Hold, Func<RigNetwork, CancellationToken, Task> StrikeAsync, Func<RigNetwork, CancellationToken, Task> HealAsync)
{
    /// <summary>Runs beside the faults that follow, until it is healed by the plan's end.</summary>
    public bool Beside { get; init; }
}
