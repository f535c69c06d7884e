using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;
using Xunit.Abstractions;

namespace ClinicNetwork.Domain.Tests.Plans;

/// <summary>Every pair of changes that two sites make on the same plan, in both orders: what becomes of it is written out again here, by what a change is about.</summary>
public sealed class ConcurrentEditTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_pair_of_concurrent_edits_is_merged_agreed_or_a_conflict_and_nothing_is_lost()
    {
        var (counts, fields) = (new Dictionary<ProposalOutcome, int>(), new HashSet<PlanField>());
        foreach (var (chart, edits) in Edit.Plans())
        {
            foreach (var (first, second) in edits.SelectMany(one => edits.Select(other => (one, other))))
            {
                var (outcome, plan) = Meet(chart, first, second);
                Assert.True(Expected(first, second) == outcome, $"{first}, then {second}: {outcome}");
                counts[outcome] = counts.GetValueOrDefault(outcome) + 1;
                if (outcome == ProposalOutcome.Merged)
                    Assert.Equal(Ordered(plan), Ordered(Meet(chart, second, first).Plan));
                fields.UnionWith(PlanMerge.Changed(chart.State.Plan!, plan));
            }
        }

        output.WriteLine(string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}")));
        Assert.Equal(Enum.GetValues<PlanField>(), fields.Order());
    }

    /// <summary>The same to the same is agreed; two changes of the dosing group, or of one goal or series, contradict each other; all else goes together.</summary>
    private static ProposalOutcome Expected(Edit first, Edit second) =>
        first == second ? ProposalOutcome.Agreed : first.Of == second.Of ? ProposalOutcome.Conflict : ProposalOutcome.Merged;

    private static (ProposalOutcome Outcome, Plan Plan) Meet(Chart chart, Edit first, Edit second)
    {
        var known = chart.State.Plan!;
        var (alone, here) = (Propose(chart.State, known, second), Propose(chart.State, known, first));
        Assert.Equal((ProposalOutcome.Accepted, ProposalOutcome.Accepted), (AnswerOf(alone).Outcome, AnswerOf(here).Outcome));
        var (proposed, before) = (AnswerOf(alone).Plan, UseCases.Fold(chart.State, here));
        var attempt = Propose(before, known, second);
        var (answer, after) = (AnswerOf(attempt), UseCases.Fold(before, attempt));
        Assert.Same(answer.Plan, after.Plan);
        switch (answer.Outcome)
        {
            case ProposalOutcome.Conflict:
                Assert.Equal([typeof(PlanConflictFound), typeof(AlertRaised)], attempt.Events.Select(e => e.GetType()));
                Assert.Same(before.Plan, after.Plan);
                var conflict = Assert.Single(after.PlanConflicts);
                Assert.Same(answer.Conflict, conflict);
                Assert.Equal(
                    (Ordered(known), Ordered(proposed), Ordered(before.Plan!)), (Ordered(conflict.Base!), Ordered(conflict.Proposed), Ordered(conflict.Present)));
                Assert.Equal(("north-1", "south-1"), (Assert.Single(conflict.Against).Actor, conflict.Proposed.RevisedBy));
                Assert.Subset(PlanMerge.Changed(known, before.Plan!).Union(PlanMerge.Changed(known, proposed)).ToHashSet(), conflict.Fields.ToHashSet());
                break;
            case ProposalOutcome.Merged:
                // As if the second had been decided on the plan of the first.
                var then = RevisePlan.Decide(before, second.Change(before.Plan!, Revision(before.Plan!, "south-1")), chart.At(-1)).Answer!.Plan;
                Assert.Equal(Loose(then), Loose(after.Plan!));
                Assert.Equal((before.Plan!.Revision + 1, "Because", "south-1"), (after.Plan!.Revision, after.Plan.RevisionReason, after.Plan.RevisedBy));
                break;
            default:
                Assert.Same(before.Plan, after.Plan);
                Assert.Equal(Ordered(proposed), Ordered(after.Plan!));
                Assert.Equal("Because", Assert.IsType<PlanProposed>(Assert.Single(attempt.Events)).Reason);
                break;
        }

        return (answer.Outcome, after.Plan!);

        Attempt Propose(PatientState state, Plan on, Edit edit) =>
            UseCases.Decide(state, new ProposeRevision(edit.Change(on, Revision(on, ReferenceEquals(edit, second) && state != chart.State ? "south-1" : "north-1")), chart.At(-1)), chart.At(0));
    }

    /// <summary>A revision takes supervision away where it is not needed and not given again.</summary>
    private static RevisePlan Revision(Plan on, string actor) => new(on.Version, null, null, null, [], "Because", on.Version + 10) { Supervision = on.Supervision, Actor = actor };

    private static ProposalAnswer AnswerOf(Attempt attempt)
    {
        Assert.True(attempt.Accepted, attempt.Refusal?.ToString());
        return Assert.IsType<ProposalAnswer>(attempt.Answer);
    }

    /// <summary>What a plan says, in the order in which it does.</summary>
    private static string Ordered(Plan plan) => $"{Dosing(plan)}|{string.Join('|', plan.Goals.Select(Text))}|{string.Join('|', plan.Support.Select(Text))}";

    /// <summary>In whatever order.</summary>
    private static string Loose(Plan plan) => $"{Dosing(plan)}|{string.Join('|', plan.Goals.Select(Text).Order())}|{string.Join('|', plan.Support.Select(Text).Order())}";

    private static string Dosing(Plan p) =>
        $"{p.Protocol.Value}/{p.ProtocolVersion} {p.Setting} {p.Supervision} {p.DoseMgPerKg} {p.DoseMg} {p.InductionSessions} {p.ChosenPhase} {p.Interval?.Phase} {p.Interval?.Days}";

    private static string Text(Goal g) => $"{g.Text} {g.TargetPhq9} {g.TargetDate} {g.Measure} {g.TargetTotal}";

    private static string Text(PlannedSupport s) => $"{s.Kind} {s.Provider} {s.EveryDays} {s.From} {s.To}";
}
