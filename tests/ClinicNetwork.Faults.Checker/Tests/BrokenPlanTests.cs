using ClinicNetwork.Faults.History;

namespace ClinicNetwork.Faults.Checker.Tests;

/// <summary>I15 finds what is wrong with plans, and the other verdicts leave alone what an open conflict refuses.</summary>
public sealed class BrokenPlanTests
{
    [Fact]
    public void What_is_merged_and_agreed_and_resolved_as_it_must_passes() =>
        Assert.All(Story().Check().Verdicts.Where(v => v.Name is "I1" or "I2" or "I4" or "I5" or "I13" or "I15"), v => Assert.True(v.Standing == Standing.Passed, $"{v.Name}: {string.Join("; ", v.Broken)}"));

    [Fact]
    public void I15_finds_a_dose_that_was_merged_in_silence() =>
        Story().With<Told>(t => t.Op == "clash", t => t with { Became = "merged" }).Breaks("I15", "clash");

    [Fact]
    public void I15_finds_a_goal_that_the_merge_lost() =>
        Story().With<Told>(t => t.Op == "merge", t => t with { Plan = "8: phq9 a" }).Breaks("I15", "merge");

    [Fact]
    public void I15_finds_a_read_that_shows_half_of_a_conflict() =>
        Story().Read(11, confirmed: true, plan: 4, sessions: 1).With<StateRead>(r => r.Version == 11, r => r with { Plan = "3: phq9 a b", OpenConflicts = 1 }).Breaks("I15", "shows 3: phq9 a b");

    [Fact]
    public void I15_finds_a_conflict_that_is_not_shown() =>
        Story().Read(11, confirmed: true, plan: 4, sessions: 1).With<StateRead>(r => r.Version == 11, r => r with { Plan = "8: phq9 a b", OpenConflicts = 0 }).Breaks("I15", "0 conflicts");

    [Fact]
    public void I15_finds_a_session_that_started_over_a_conflict() =>
        Story().With<HistoryEntry>(e => e.Version >= 12, e => e.Version == 12 ? e with { Op = "start-2", Command = "StartSession" } : e with { Op = "resolve", Command = "ResolvePlanConflict" }).Breaks("I15", "start-2");

    [Fact]
    public void I15_finds_a_conflict_that_was_resolved_twice() =>
        Story().Proposed("again", "ResolvePlanConflict", 14, "3: phq9 a b", i => i with { Base = 12, Conflict = 1, Holds = "proposed" }).Entry(14, "again", "ResolvePlanConflict").Breaks("I15", "of no open conflict");

    [Fact]
    public void I4_finds_a_refusal_for_a_conflict_that_was_resolved_before_it_was_asked() =>
        Story().Invoked("late", "StartSession", session: "s-2").Attempt("late", Outcome.Refused, reason: "FailedPrecondition PLAN_CONFLICT").Breaks("I4", "late");

    [Fact]
    public void I4_finds_a_resolution_that_was_refused_as_closed_though_nobody_resolved_that_conflict() =>
        Story().Add(new Invoked("early", Checker.Tests.Story.Anna, "ResolvePlanConflict", true, 12) { Conflict = 2, Holds = "present" })
            .Attempt("early", Outcome.Refused, reason: "FailedPrecondition PLAN_CONFLICT_CLOSED").Breaks("I4", "early");

    [Fact]
    public void I4_leaves_a_resolution_alone_that_came_second() =>
        Assert.Equal(Standing.Passed, Story().Add(new Invoked("second", Checker.Tests.Story.Anna, "ResolvePlanConflict", true, 12) { Conflict = 1, Holds = "present" })
            .Attempt("second", Outcome.Refused, reason: "FailedPrecondition PLAN_CONFLICT_CLOSED").Check().Verdicts.Single(v => v.Name == "I4").Standing);

    [Fact]
    public void I5_finds_a_start_that_was_refused_for_a_conflict_after_it_was_acknowledged() =>
        Story().Attempt("start-2", Outcome.Refused, reason: "FailedPrecondition PLAN_CONFLICT", attempt: 3).Breaks("I5", "start-2");

    /// <summary>
    /// After the good history (plan of version 7: 6 sessions, one goal) one gives it 8 sessions, another a goal, decided on the same plan; a third the same 8 sessions, a fourth 3, which clashes; a session is refused meanwhile, and
    /// starts once the fourth holds.
    /// </summary>
    private static Story Story() => Checker.Tests.Story.Good()
        .Proposed("sessions", "ProposeRevision", 8, "8: phq9", i => i with { Base = 7, Sessions = 8 }, "accepted", 3)
        .Proposed("merge", "ProposeRevision", 9, "8: phq9 a b", i => i with { Base = 7, Goals = "phq9 a b" }, "merged", 4)
        .Proposed("agree", "ProposeRevision", 10, "8: phq9 a b", i => i with { Base = 7, Sessions = 8 }, "agreed", 4)
        .Proposed("clash", "ProposeRevision", 11, "8: phq9 a b", i => i with { Base = 7, Sessions = 3 }, "conflict", 4)
        .Invoked("start-2", "StartSession", session: "s-1").Attempt("start-2", Outcome.Refused, reason: "FailedPrecondition PLAN_CONFLICT")
        .Proposed("resolve", "ResolvePlanConflict", 12, "3: phq9 a b", i => i with { Base = 9, Conflict = 1, Holds = "proposed" }, null, 5)
        .Attempt("start-2", Outcome.Ok, 13, "answer", attempt: 2)
        .Entry(8, "sessions", "ProposeRevision").Entry(9, "merge", "ProposeRevision").Entry(10, "agree", "ProposeRevision").Entry(11, "clash", "ProposeRevision")
        .Entry(12, "resolve", "ResolvePlanConflict").Entry(13, "start-2", "StartSession")
        .Without(e => e is HistoryComplete).Add(new HistoryComplete(Checker.Tests.Story.Anna, 13));
}
