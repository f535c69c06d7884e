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

    /// <summary>The point that a server is to crash at; null for every other fault.</summary>
    public AwaitedPoint? Point { get; init; }
}

/// <summary>A point at which a server is to end itself (F4), and how far it got.</summary>
internal sealed class AwaitedPoint(string name)
{
    public string Name => name;

    /// <summary>It serves: from now on passes count.</summary>
    public volatile bool IsServing;

    /// <summary>It ended itself there. False: it was killed where it stood.</summary>
    public volatile bool IsReached;
}
