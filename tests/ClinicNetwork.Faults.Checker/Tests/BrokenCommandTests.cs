using ClinicNetwork.Faults.History;

namespace ClinicNetwork.Faults.Checker.Tests;

/// <summary>I1, I2, I3, I5 and I13 find what is wrong with commands.</summary>
public sealed class BrokenCommandTests
{
    [Fact]
    public void I1_finds_an_acknowledged_command_that_is_lost() =>
        Story.Good().Accepted("lost", "RecordMissedVisit", 8).Breaks("I1", "lost");

    [Fact]
    public void I1_finds_an_acknowledged_command_that_is_there_twice() =>
        Story.Good().Entry(8, "probe", "RecordMissedVisit").Without(e => e is HistoryComplete).Add(new HistoryComplete(Story.Anna, 8)).Breaks("I1", "probe");

    [Fact]
    public void I1_finds_an_acknowledged_command_at_another_version() =>
        Story.Good().With<Told>(t => t.Op == "probe", t => t with { Version = 5 }).Breaks("I1", "probe");

    [Fact]
    public void I1_finds_another_command_under_the_acknowledged_id() =>
        Story.Good().With<HistoryEntry>(e => e.Op == "probe", e => e with { Command = "RecordAssessment" }).Breaks("I1", "probe");

    [Fact]
    public void I1_finds_a_history_that_was_not_read_to_its_end() =>
        Story.Good().Without(e => e is HistoryComplete).Breaks("I1", Story.Anna);

    [Fact]
    public void I2_finds_a_refused_command_that_is_there() =>
        Story.Good().Invoked("no", "RecordMissedVisit").Attempt("no", Outcome.Refused, reason: "FailedPrecondition X").Entry(8, "no", "RecordMissedVisit").Breaks("I2", "no (");

    [Fact]
    public void I2_finds_a_busy_answer_to_a_command_that_is_there() =>
        Story.Good().Invoked("busy", "RecordMissedVisit").Attempt("busy", Outcome.Refused, reason: "Unavailable NOT_EXECUTED").Entry(8, "busy", "RecordMissedVisit").Breaks("I2", "busy");

    [Fact]
    public void I2_finds_a_command_of_unknown_outcome_that_is_there_twice() =>
        Story.Good().Invoked("maybe", "RecordMissedVisit").Attempt("maybe", Outcome.Unknown).Entry(8, "maybe", "RecordMissedVisit").Entry(9, "maybe", "RecordMissedVisit").Breaks("I2", "2 times");

    [Fact]
    public void I2_leaves_a_command_of_unknown_outcome_alone_that_is_there_once()
    {
        var story = Story.Good().Invoked("maybe", "RecordMissedVisit").Attempt("maybe", Outcome.Unknown).Entry(8, "maybe", "RecordMissedVisit");
        Assert.Equal(Standing.Passed, story.Check().Verdicts.Single(v => v.Name == "I2").Standing);
    }

    [Fact]
    public void I2_finds_a_command_that_nobody_sent() =>
        Story.Good().Entry(8, "stranger", "RecordMissedVisit").Breaks("I2", "stranger");

    [Fact]
    public void I3_finds_a_gap() =>
        Story.Good().With<HistoryEntry>(e => e.Version == 7, e => e with { Version = 8 }).Breaks("I3", "version 8");

    [Fact]
    public void I3_finds_a_version_that_is_there_twice() =>
        Story.Good().With<HistoryEntry>(e => e.Version == 7, e => e with { Version = 6 }).Breaks("I3", "version 6");

    [Fact]
    public void I5_finds_another_answer_to_the_same_id() =>
        Story.Good().Attempt("probe", Outcome.Ok, 6, "another answer", attempt: 2).Breaks("I5", "another answer");

    [Fact]
    public void I5_finds_a_refusal_after_the_acknowledgement() =>
        Story.Good().Attempt("probe", Outcome.Refused, reason: "AlreadyExists X", attempt: 2).Breaks("I5", "after it was acknowledged");

    [Fact]
    public void I5_finds_a_copy_that_was_under_way_at_the_acknowledgement_and_was_refused_after_it() =>
        Story.Good().Invoked("twin", "StartSession", session: "s-1")
            .Add(new Sent("twin", 1, "a1")).Add(new Sent("twin", 2, "a2"))
            .Add(new Told("twin", 1, Outcome.Ok, 8, "answer")).Add(new Told("twin", 2, Outcome.Refused, Reason: "FailedPrecondition SESSION_OPEN"))
            .Entry(8, "twin", "StartSession").Breaks("I5", "twin (patients/anna) got FailedPrecondition SESSION_OPEN though it was acknowledged");

    [Fact]
    public void I5_finds_a_refusal_of_what_is_in_a_history_though_nobody_was_told_that_it_was_accepted() =>
        LostReplyThenMismatch().Breaks("I5", "though it is in a history");

    [Fact]
    public void I4_finds_a_revision_that_was_refused_for_its_own_change() =>
        LostReplyThenMismatch().Breaks("I4", "revise-2");

    [Fact]
    public void I5_leaves_a_busy_copy_of_an_accepted_command_alone()
    {
        var story = Story.Good().Invoked("twin", "RecordMissedVisit")
            .Add(new Sent("twin", 1, "a1")).Add(new Sent("twin", 2, "a2"))
            .Add(new Told("twin", 1, Outcome.Refused, Reason: "Unavailable NOT_EXECUTED")).Add(new Told("twin", 2, Outcome.Ok, 8, "answer")).Entry(8, "twin", "RecordMissedVisit");
        Assert.Equal(Standing.Passed, story.Check().Verdicts.Single(v => v.Name == "I5").Standing);
    }

    [Fact]
    public void I5_leaves_a_busy_answer_after_the_acknowledgement_alone()
    {
        var story = Story.Good().Attempt("probe", Outcome.Refused, reason: "Unavailable NOT_EXECUTED", attempt: 2);
        Assert.Equal(Standing.Passed, story.Check().Verdicts.Single(v => v.Name == "I5").Standing);
    }

    [Fact]
    public void I5_finds_an_answer_that_expired_within_the_run() =>
        Story.Good().Invoked("young", "RecordMissedVisit").Attempt("young", Outcome.Refused, reason: "AlreadyExists ANSWER_EXPIRED").Breaks("I5", "young");

    [Fact]
    public void I13_finds_a_revision_of_a_plan_that_had_changed() =>
        Story.Good().Accepted("late", "RevisePlan", 8, plan: 3, baseVersion: 2, refusable: true).Entry(8, "late", "RevisePlan").Breaks("I13", "late");

    [Fact]
    public void I13_finds_a_session_started_while_one_was_open() =>
        Story.Good().Accepted("s1", "StartSession", 8, session: "s-1").Accepted("s2", "StartSession", 9, session: "s-2").Entry(8, "s1", "StartSession").Entry(9, "s2", "StartSession").Breaks("I13", "s2");

    [Fact]
    public void I13_finds_an_answer_made_from_another_state() =>
        Story.Good().With<Told>(t => t.Op == "revise", t => t with { PlanRevision = 3 }).Breaks("I13", "revise");

    private static Story LostReplyThenMismatch() =>
        Story.Good().Invoked("revise-2", "RevisePlan", refusable: true, baseVersion: 7)
            .Attempt("revise-2", Outcome.Unknown, reason: "Unavailable").Attempt("revise-2", Outcome.Refused, reason: "Aborted ETAG_MISMATCH", attempt: 2)
            .Entry(8, "revise-2", "RevisePlan");
}
