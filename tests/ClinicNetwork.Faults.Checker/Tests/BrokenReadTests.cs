using ClinicNetwork.Faults.History;

namespace ClinicNetwork.Faults.Checker.Tests;

/// <summary>I4 finds reads and refusals that no order of events explains.</summary>
public sealed class BrokenReadTests
{
    [Fact]
    public void A_confirmed_read_older_than_what_was_acknowledged_before_it_is_found() =>
        Story.Good().Read(6, confirmed: true, plan: 1, sessions: 1).Breaks("I4", "7 was known");

    [Fact]
    public void A_confirmed_read_older_than_another_confirmed_read_is_found()
    {
        var story = Story.Good().Invoked("x", "RecordMissedVisit").Attempt("x", Outcome.Unknown).Entry(8, "x", "RecordMissedVisit");
        story.Read(8, confirmed: true, plan: 2, sessions: 1).Read(7, confirmed: true, plan: 2, sessions: 1).Breaks("I4", "8 was known");
    }

    [Fact]
    public void A_confirmed_read_that_was_under_way_at_the_acknowledgement_may_be_older()
    {
        var story = new Story().Accepted("enrol", "EnrolPatient", 1);
        var beganMs = story.NowMs;
        story.Accepted("more", "RecordMissedVisit", 2).Entries(("enrol", "EnrolPatient"), ("more", "RecordMissedVisit")).Read(1, confirmed: true, plan: 0, sessions: 0, beganMs: beganMs);
        Assert.Equal(Standing.Passed, story.Check().Verdicts.Single(v => v.Name == "I4").Standing);
    }

    [Fact]
    public void A_cached_read_older_than_asked_is_found() =>
        Story.Good().Read(5, confirmed: false, plan: 1, sessions: 1, min: 6).Breaks("I4", "older than the asked 6");

    [Fact]
    public void A_cached_read_may_be_old_when_nothing_was_asked()
    {
        var story = Story.Good().Read(2, confirmed: false, plan: 1, sessions: 0);
        Assert.Equal(Standing.Passed, story.Check().Verdicts.Single(v => v.Name == "I4").Standing);
    }

    [Fact]
    public void A_read_that_was_not_confirmed_although_asked_is_found() =>
        Story.Good().Read(7, confirmed: true, plan: 2, sessions: 1, isConfirmed: false).Breaks("I4", "was not");

    [Fact]
    public void A_read_of_what_nobody_had_sent_is_found()
    {
        var story = Story.Good().Read(8, confirmed: false, plan: 2, sessions: 1).Accepted("later", "RecordMissedVisit", 8).Entry(8, "later", "RecordMissedVisit");
        story.Breaks("I4", "before it was sent");
    }

    [Fact]
    public void A_read_beyond_the_history_is_found() =>
        Story.Good().Read(9, confirmed: false, plan: 2, sessions: 1).Breaks("I4", "ends at 7");

    [Fact]
    public void A_read_that_shows_what_its_version_does_not_hold_is_found() =>
        Story.Good().Read(7, confirmed: false, plan: 3, sessions: 1).Breaks("I4", "plan revision");

    [Fact]
    public void Two_contents_of_one_version_are_found() =>
        Story.Good().Read(7, confirmed: false, plan: 2, sessions: 1, content: "another").Breaks("I4", "another content");

    [Fact]
    public void A_refused_read_of_what_is_there_is_found() =>
        Story.Good().Add(new ReadRefused(1, Story.Anna, "a1", 7, "OutOfRange VERSION_UNKNOWN")).Breaks("I4", "VERSION_UNKNOWN");

    [Fact]
    public void A_refusal_of_what_every_state_accepts_is_found() =>
        Story.Good().Invoked("fact", "RecordAssessment").Attempt("fact", Outcome.Refused, reason: "NotFound PATIENT_NOT_FOUND").Breaks("I4", "fact");

    [Fact]
    public void A_refusal_for_a_change_that_nobody_had_made_is_found() =>
        Story.Good().Invoked("stale", "RevisePlan", refusable: true, baseVersion: 7).Attempt("stale", Outcome.Refused, reason: "Aborted ETAG_MISMATCH").Breaks("I4", "stale");

    [Fact]
    public void A_refusal_for_a_change_that_was_made_is_good()
    {
        var story = Story.Good().Invoked("stale", "RevisePlan", refusable: true, baseVersion: 2).Attempt("stale", Outcome.Refused, reason: "Aborted ETAG_MISMATCH");
        Assert.Equal(Standing.Passed, story.Check().Verdicts.Single(v => v.Name == "I4").Standing);
    }
}
