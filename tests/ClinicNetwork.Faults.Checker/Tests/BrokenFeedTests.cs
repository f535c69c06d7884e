using ClinicNetwork.Faults.History;

namespace ClinicNetwork.Faults.Checker.Tests;

/// <summary>I6 finds each of the feed's six properties broken.</summary>
public sealed class BrokenFeedTests
{
    [Fact]
    public void Reliable_a_missing_entry_is_found() =>
        Story.Good().Without(e => e is FeedEntry { Version: 4 }).Breaks("I6", "Reliable");

    [Fact]
    public void Reliable_a_missing_last_entry_is_found() =>
        Story.Good().Without(e => e is FeedEntry { Version: 7 }).Breaks("I6", "ends at 6");

    [Fact]
    public void Reliable_an_entry_that_one_reader_missed_is_found() =>
        Story.Good().Without(e => e is FeedEntry { Version: 5, Reader: "live" }).Breaks("I6", "read by live");

    [Fact]
    public void Reliable_a_reader_told_that_it_has_caught_up_too_early_is_found() =>
        Story.Good().Without(e => e is FeedEntry { Version: 7, Reader: "live" }).Breaks("I6", "caught up after 6");

    [Fact]
    public void Unique_an_entry_that_is_there_twice_is_found() =>
        Story.Good().With<FeedEntry>(e => e is { Reader: "whole", Version: 7 }, e => e with { Version = 6, Command = "RecordMissedVisit" }).Breaks("I6", "Unique");

    [Fact]
    public void Ordered_an_entry_before_one_acknowledged_before_it_was_sent_is_found()
    {
        const string Ben = "patients/ben";
        var story = new Story()
            .Add(new Invoked("first", Story.Anna, "EnrolPatient", false, Site: Story.Harbour)).Attempt("first", Outcome.Ok, 1, "a")
            .Add(new Invoked("second", Ben, "EnrolPatient", false, Site: Story.Harbour)).Attempt("second", Outcome.Ok, 1, "b")
            .Entry(1, "first", "EnrolPatient")
            .Add(new HistoryEntry(Ben, 1, "second", "EnrolPatient", default))
            .Add(new FeedBegan(Story.Harbour, "whole", "start", true))
            .Add(new FeedEntry(Story.Harbour, "whole", Ben, 1, "EnrolPatient"))
            .Add(new FeedEntry(Story.Harbour, "whole", Story.Anna, 1, "EnrolPatient"))
            .Add(new FeedEnded(Story.Harbour, "whole", true));
        story.Breaks("I6", "Ordered");
    }

    [Fact]
    public void Resumable_a_change_skipped_after_a_cursor_is_found() =>
        Story.Good().With<FeedBegan>(e => e.From == "bookmark", e => e with { From = "change" }).Without(e => e is FeedEntry { Version: 4, Reader: "live" }).Breaks("I6", "Resumable");

    [Fact]
    public void Resumable_a_reader_whose_cursor_is_refused_for_ever_is_found() =>
        Story.Good()
            .Add(new FeedBegan(Story.Harbour, "live", "change", true)).Add(new FeedEnded(Story.Harbour, "live", false, "OutOfRange CURSOR_EXPIRED"))
            .Breaks("I6", "read by live: its last piece did not catch up, OutOfRange CURSOR_EXPIRED");

    [Fact]
    public void Resumable_a_reader_that_never_catches_up_is_found() =>
        Story.Good().Add(new FeedBegan(Story.Harbour, "live", "change", true)).Breaks("I6", "did not catch up");

    [Fact]
    public void Bookmarkable_a_change_skipped_after_a_bookmark_is_found() =>
        Story.Good().Without(e => e is FeedEntry { Version: 4, Reader: "live" }).Breaks("I6", "Bookmarkable");

    [Fact]
    public void Bookmarkable_a_change_sent_again_after_a_bookmark_is_found() =>
        Story.Good().With<FeedEntry>(e => e is { Reader: "live", Version: 4 }, e => e with { Version = 3, Command = "StartSession" }).Breaks("I6", "Bookmarkable");

    [Fact]
    public void Atomic_an_entry_for_a_command_that_its_version_does_not_hold_is_found() =>
        Story.Good().With<FeedEntry>(e => e.Version == 6, e => e with { Command = "RecordAssessment" }).Breaks("I6", "Atomic");

    [Fact]
    public void A_feed_that_cannot_be_read_to_its_end_is_found() =>
        Story.Good().With<FeedEnded>(e => e.Reader == "whole", e => e with { Complete = false }).Breaks("I6", "could not be read");
}
