using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Patients;

/// <summary>The patient's goals in its own words; replaces those before. Refused: GOALS_INVALID, PLAN_GOAL_UNKNOWN, TEXT_INVALID, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.</summary>
/// <param name="Goals">At most 10; none: there are none any more.</param>
[GenerateSerializer, Immutable, Alias("set-own-goals")]
public sealed record SetOwnGoals([property: Id(0)] ImmutableArray<StatedGoal> Goals, [property: Id(1)] DateTimeOffset OccurredAt)
{
    private const int GoalsMax = 10;
    private const int TextLengthMax = 300;

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(SetOwnGoals);

    public static Decision<Accepted> Decide(PatientState state, SetOwnGoals command, DateTimeOffset now)
    {
        if (command.Goals.Length > GoalsMax)
        {
            return Refusal.Invalid("GOALS_INVALID", "goals", $"Give at most {GoalsMax} goals.");
        }

        var planned = state.Plan?.Goals ?? [];
        foreach (var (i, goal) in command.Goals.Index())
        {
            if (Texts.Check(goal.Text, 1, TextLengthMax, $"goals[{i}].text") is { } refusal)
            {
                return refusal;
            }

            if (goal.PlanGoal is { } number && (number < 1 || number > planned.Length))
            {
                return Refusal.Precondition("PLAN_GOAL_UNKNOWN", $"goals[{i}].plan_goal", "Give the place of a goal in the plan, from 1, or none.");
            }
        }

        return ClinicTime.CheckOccurred(command.OccurredAt, now) is { } wrong
            ? wrong
            : Decision<Accepted>.Accept(
                Accepted.Instance,
                new OwnGoalsSet([.. command.Goals.Select(g => new OwnGoal(g.Text, g.PlanGoal is { } number ? planned[number - 1].Text : null))], command.OccurredAt));
    }
}

/// <param name="Text">1 to 300 characters.</param>
/// <param name="PlanGoal">Place of the plan's goal that it goes with, from 1; null: none.</param>
[GenerateSerializer, Immutable, Alias("stated-goal")]
public sealed record StatedGoal([property: Id(0)] string Text, [property: Id(1)] int? PlanGoal)
{
    /// <inheritdoc cref="JournalEntry.ToString"/>
    public override string ToString() => nameof(StatedGoal);
}
