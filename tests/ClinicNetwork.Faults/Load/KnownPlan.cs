using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Faults.Load;

/// <summary>A plan as somebody read it.</summary>
/// <param name="Version">That made it.</param>
/// <param name="Goals">Names in order.</param>
internal sealed record KnownPlan(long Version, string Etag, IReadOnlyList<string> Goals)
{
    public static readonly KnownPlan None = new(0, "", []);
}

/// <summary>What a plan says, as the history file has it: goals by names without a person's words.</summary>
internal static class PlanTexts
{
    private const string GoalPrefix = Commands.Planted + "goal-";

    private const string MeasuredName = "measured";

    /// <summary>The goal that each plan begins with; no proposal touches it.</summary>
    public static Goal Measured => new() { Text = Commands.Planted + "goal", TargetPhq9 = 9 };

    public static Goal GoalOf(string name) => name == MeasuredName ? Measured : new() { Text = GoalPrefix + name };

    public static IReadOnlyList<string> GoalsOf(Protocol.Care.V1.Plan plan) => [.. plan.Goals.Select(g => g.HasTargetPhq9 ? MeasuredName : g.Text[GoalPrefix.Length..])];

    public static string Names(IEnumerable<string> goals) => string.Join(' ', goals);

    /// <summary>Sessions of the induction and goals, as <c>6: first second</c>.</summary>
    public static string? Of(Protocol.Care.V1.Plan? plan) => plan is null ? null : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{plan.InductionSessions}: {Names(GoalsOf(plan))}");

    /// <summary>A proposal's goals: one more, one less, or another one in the place of all.</summary>
    /// <param name="name">Of the new goal; no other has it.</param>
    public static IReadOnlyList<string> Change(IReadOnlyList<string> goals, string name, int choice)
    {
        const int AddedMax = 5;
        var added = goals.Where(g => g != MeasuredName).ToList();
        return (choice % 4) switch
        {
            0 when added.Count > 0 => [.. goals.Where(g => g != added[choice / 4 % added.Count])],
            0 or 1 when added.Count < AddedMax => [.. goals, name],
            _ => [MeasuredName, name],
        };
    }
}
