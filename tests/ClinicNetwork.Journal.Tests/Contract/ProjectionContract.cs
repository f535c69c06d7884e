namespace ClinicNetwork.Journal.Tests.Contract;

/// <summary>What <see cref="IProjections"/> shows of committed commands.</summary>
public abstract class ProjectionContract(IStoreFactory stores)
{
    private static readonly DateTimeOffset Day0 = new(2025, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static Projection.PatientIndexed Patient(string clinic, string recordNumber) => new(clinic, recordNumber, "Anna", "Muster", new DateOnly(1980, 5, 17));

    [Fact]
    public async Task Clinics_are_listed_in_order_and_pages()
    {
        await using var store = await stores.CreateAsync();
        foreach (var clinic in (string[])["cl-c", "cl-a", "cl-b"])
        {
            await new StreamDriver(store.Journal, clinic).AcceptAsync(new Projection.ClinicIndexed(clinic));
        }

        Assert.Equal(["cl-a", "cl-b"], await store.Projections.ReadClinicsAsync("", 2, default));
        Assert.Equal(["cl-c"], await store.Projections.ReadClinicsAsync("cl-b", 2, default));
    }

    [Fact]
    public async Task A_record_number_is_taken_once_per_clinic_and_nothing_of_the_loser_is_written()
    {
        await using var store = await stores.CreateAsync();
        await new StreamDriver(store.Journal, "pt-a").AcceptAsync(Patient("cl-n", "77"), new Projection.SitesSet(["cl-n"]));
        var loser = new StreamDriver(store.Journal, "pt-b");
        var refused = loser.Next(new Projection.SitesSet(["cl-n"]), new Projection.FeedReference("cl-n", FeedKind.Changed, true), Patient("cl-n", " 77 "));

        Assert.Equal(new AppendOutcome.KeyTaken("record_number"), await loser.AppendAsync(refused));
        Assert.Equal(0, await store.Journal.ReadHeadAsync("pt-b", default));
        Assert.Equal(["pt-a"], (await store.Projections.ReadRosterAsync("cl-n", "", 10, default)).Select(row => row.Stream));
        Assert.Empty((await store.Projections.ReadFeedAsync("cl-n", FeedPosition.Start, 10, default)).Rows);

        await loser.AcceptAsync(Patient("cl-s", "77"));
        Assert.Equal(2, (await store.Projections.ReadCountsAsync(Day0, default)).Patients);
    }

    [Fact]
    public async Task A_patient_who_moves_home_gives_the_record_number_free()
    {
        await using var store = await stores.CreateAsync();
        var anna = new StreamDriver(store.Journal, "pt-a");
        await anna.AcceptAsync(Patient("cl-n", "77"));
        await anna.AcceptAsync(Patient("cl-s", "12"));
        await new StreamDriver(store.Journal, "pt-b").AcceptAsync(Patient("cl-n", "77"));
    }

    /// <summary>All rows of a transfer, or none: the number that is taken there undoes the others.</summary>
    [Fact]
    public async Task A_move_home_takes_roster_list_and_due_rows_along_unless_the_number_is_taken_there()
    {
        await using var store = await stores.CreateAsync();
        var anna = new StreamDriver(store.Journal, "pt-a");
        await anna.AcceptAsync(Patient("cl-n", "77"), new Projection.SitesSet(["cl-n"]), new Projection.FollowUpSet("cl-n", "visit:x", Day0, Day0.AddDays(2)), new Projection.DueSet("milestone:x", Day0.AddDays(9)));
        await new StreamDriver(store.Journal, "pt-b").AcceptAsync(Patient("cl-s", "12"));
        Projection[] Move(string number) =>
        [
            Patient("cl-s", number), new Projection.SitesSet(["cl-s"]), new Projection.DueDone("milestone:x"), new Projection.DueSet("milestone:x", Day0.AddDays(9).AddHours(6)),
            new Projection.FollowUpSet("cl-s", "visit:x", Day0, Day0.AddDays(2)), new Projection.FeedReference("cl-s", FeedKind.AccessGranted, false), new Projection.FeedReference("cl-n", FeedKind.AccessRevoked, false),
        ];

        Assert.Equal(new AppendOutcome.KeyTaken("record_number"), await anna.AppendAsync(anna.Next(Move("12"))));
        Assert.Equal([new("pt-a", "cl-n", 1)], await store.Projections.ReadRosterAsync("cl-n", "", 10, default));
        Assert.Single(await store.Projections.ReadWorklistAsync("cl-n", Day0, null, 9, default));
        Assert.Equal(Day0.AddDays(9), await store.Projections.ReadNextDueAsync(default));

        await anna.AcceptAsync(Move("13"));
        Assert.Empty(await store.Projections.ReadRosterAsync("cl-n", "", 10, default));
        Assert.Equal([new("pt-a", "cl-s", 2)], await store.Projections.ReadRosterAsync("cl-s", "", 10, default));
        Assert.Empty(await store.Projections.ReadWorklistAsync("cl-n", Day0, null, 9, default));
        Assert.Single(await store.Projections.ReadWorklistAsync("cl-s", Day0, null, 9, default));
        Assert.Equal([new("pt-a", "milestone:x", Day0.AddDays(9).AddHours(6))], await store.Projections.ReadDueAsync(Day0.AddDays(30), 9, TimeSpan.Zero, default));
        Assert.Equal(FeedKind.AccessRevoked, Assert.Single((await store.Projections.ReadFeedAsync("cl-n", FeedPosition.Start, 9, default)).Rows).Kind);
        Assert.Equal(FeedKind.AccessGranted, Assert.Single((await store.Projections.ReadFeedAsync("cl-s", FeedPosition.Start, 9, default)).Rows).Kind);
    }

    [Fact]
    public async Task A_roster_shows_the_patients_a_site_may_read_with_their_version()
    {
        await using var store = await stores.CreateAsync();
        var anna = new StreamDriver(store.Journal, "pt-a");
        await anna.AcceptAsync(Patient("cl-n", "1"), new Projection.SitesSet(["cl-n", "cl-s", "cl-s"]));
        await new StreamDriver(store.Journal, "pt-b").AcceptAsync(Patient("cl-n", "2"), new Projection.SitesSet(["cl-n"]));
        await anna.AcceptAsync();

        Assert.Equal([new("pt-a", "cl-n", 2), new("pt-b", "cl-n", 1)], await store.Projections.ReadRosterAsync("cl-n", "", 10, default));
        Assert.Equal([new("pt-b", "cl-n", 1)], await store.Projections.ReadRosterAsync("cl-n", "pt-a", 10, default));
        await anna.AcceptAsync(new Projection.SitesSet(["cl-n"]));
        Assert.Empty(await store.Projections.ReadRosterAsync("cl-s", "", 10, default));
    }

    [Fact]
    public async Task The_worklist_shows_open_visits_whose_window_has_opened_the_most_urgent_first()
    {
        await using var store = await stores.CreateAsync();
        await new StreamDriver(store.Journal, "pt-a").AcceptAsync(
            new Projection.FollowUpSet("cl-n", "WEEK_8", Day0, Day0.AddDays(9)),
            new Projection.FollowUpSet("cl-n", "WEEK_4", Day0, Day0.AddDays(5)),
            new Projection.FollowUpSet("cl-n", "WEEK_12", Day0.AddDays(1), Day0.AddDays(2)),
            new Projection.FollowUpSet("cl-s", "WEEK_26", Day0, Day0.AddDays(1)));
        var berta = new StreamDriver(store.Journal, "pt-b");
        await berta.AcceptAsync(
            new Projection.FollowUpSet("cl-n", "WEEK_4", Day0, Day0.AddDays(5)),
            new Projection.FollowUpSet("cl-n", "WEEK_8", Day0, Day0.AddDays(1)),
            new Projection.FollowUpDone("WEEK_8"));

        var first = await store.Projections.ReadWorklistAsync("cl-n", Day0, null, 2, default);
        Assert.Equal([new("pt-a", "WEEK_4", Day0, Day0.AddDays(5)), new("pt-b", "WEEK_4", Day0, Day0.AddDays(5))], first);
        Assert.Equal([new("pt-a", "WEEK_8", Day0, Day0.AddDays(9))], await store.Projections.ReadWorklistAsync("cl-n", Day0, first[1], 2, default));
        Assert.Equal(3, (await store.Projections.ReadCountsAsync(Day0.AddDays(5).AddMilliseconds(1), default)).Overdue - 1);

        await berta.AcceptAsync(new Projection.FollowUpSet("cl-n", "WEEK_8", Day0.AddDays(-1), Day0));
        Assert.Equal("WEEK_8", (await store.Projections.ReadWorklistAsync("cl-n", Day0, null, 1, default))[0].Milestone);
    }

    [Fact]
    public async Task A_visit_that_has_ended_is_in_no_list_and_no_count_and_setting_it_again_moves_its_end()
    {
        await using var store = await stores.CreateAsync();
        var anna = new StreamDriver(store.Journal, "pt-a");
        await anna.AcceptAsync(new Projection.FollowUpSet("cl-n", "visit:x", Day0, Day0.AddDays(2)) { EndsAt = Day0.AddDays(5) });
        Assert.Single(await store.Projections.ReadWorklistAsync("cl-n", Day0.AddDays(5).AddMilliseconds(-1), null, 9, default));
        Assert.Equal(1, (await store.Projections.ReadCountsAsync(Day0.AddDays(5).AddMilliseconds(-1), default)).Overdue);
        Assert.Empty(await store.Projections.ReadWorklistAsync("cl-n", Day0.AddDays(5), null, 9, default));
        Assert.Equal(0, (await store.Projections.ReadCountsAsync(Day0.AddDays(5), default)).Overdue);

        await anna.AcceptAsync(new Projection.FollowUpSet("cl-n", "visit:x", Day0, Day0.AddDays(2)));
        Assert.Single(await store.Projections.ReadWorklistAsync("cl-n", Day0.AddDays(900), null, 9, default));
    }

    [Fact]
    public async Task Due_things_come_in_order_of_time_until_they_are_done()
    {
        await using var store = await stores.CreateAsync();
        var anna = new StreamDriver(store.Journal, "pt-a");
        await anna.AcceptAsync(new Projection.DueSet("visit", Day0.AddDays(2)), new Projection.DueSet("visit", Day0), new Projection.DueSet("call", Day0.AddDays(1)));

        Assert.Equal(Day0, await store.Projections.ReadNextDueAsync(default));
        Assert.Equal([new("pt-a", "visit", Day0), new("pt-a", "call", Day0.AddDays(1))], await store.Projections.ReadDueAsync(Day0.AddDays(1), 10, TimeSpan.Zero, default));
        Assert.Single(await store.Projections.ReadDueAsync(Day0.AddDays(9), 1, TimeSpan.Zero, default));

        await anna.AcceptAsync(new Projection.DueDone("visit"));
        Assert.Equal([new("pt-a", "call", Day0.AddDays(1))], await store.Projections.ReadDueAsync(Day0.AddDays(9), 10, TimeSpan.Zero, default));
        await anna.AcceptAsync(new Projection.DueDone("call"));
        Assert.Null(await store.Projections.ReadNextDueAsync(default));
    }

    [Fact]
    public async Task What_was_done_in_time_is_not_due_again_unless_it_is_set_anew_by_the_same_command()
    {
        await using var store = await stores.CreateAsync();
        await store.Clock.AdvanceAsync(Day0, default);
        var anna = new StreamDriver(store.Journal, "pt-a");
        await anna.AcceptAsync(new Projection.DueSet("visit", Day0));
        await anna.AcceptAsync(new Projection.DueDone("visit"), new Projection.DueSet("visit", Day0));
        Assert.Equal(Day0, await store.Projections.ReadNextDueAsync(default));

        await anna.AcceptAsync(new Projection.DueDone("visit"));
        await anna.AcceptAsync(new Projection.DueSet("visit", Day0));
        Assert.Null(await store.Projections.ReadNextDueAsync(default));
    }

    [Fact]
    public async Task What_was_taken_back_before_its_time_is_due_again_when_set_again()
    {
        await using var store = await stores.CreateAsync();
        await store.Clock.AdvanceAsync(Day0.AddMilliseconds(-1), default);
        var anna = new StreamDriver(store.Journal, "pt-a");
        await anna.AcceptAsync(new Projection.DueSet("visit", Day0));
        await anna.AcceptAsync(new Projection.DueDone("visit"));
        Assert.Null(await store.Projections.ReadNextDueAsync(default));
        await anna.AcceptAsync(new Projection.DueSet("visit", Day0));
        Assert.Equal(Day0, await store.Projections.ReadNextDueAsync(default));
    }

    [Fact]
    public async Task Refused_and_repeated_commands_write_no_projection()
    {
        await using var store = await stores.CreateAsync();
        var anna = new StreamDriver(store.Journal, "pt-a");
        var reference = new Projection.FeedReference("cl-n", FeedKind.Changed, false);
        var first = anna.Next(new Projection.SitesSet(["cl-n"]), reference);
        await anna.AppendAsync(first);
        await anna.AppendAsync(first);
        await anna.AppendAsync(anna.Next(reference) with { Version = 5 });
        await anna.AppendAsync(anna.Next(reference) with { BaseHash = new byte[32] });
        await anna.AppendAsync(first with { Origin = StreamDriver.Origin(first.Origin.RequestId, "another") });

        Assert.Single((await store.Projections.ReadFeedAsync("cl-n", FeedPosition.Start, 10, default)).Rows);
        Assert.Equal(1, (await store.Projections.ReadCountsAsync(Day0, default)).Commands);
    }
}
