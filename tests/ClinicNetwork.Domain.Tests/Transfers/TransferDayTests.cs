using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Rems;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Transfers;

/// <summary>What a transfer changes of days, and what it leaves.</summary>
public sealed class TransferDayTests
{
    /// <summary>At home in Berlin, then in New York: half past midnight in Berlin is the day before in New York.</summary>
    [Fact]
    public void What_was_keeps_its_day_and_what_comes_has_the_new_clinics()
    {
        var chart = Chart.Planned().Dose(0, hour: 0, minute: 30).Answer(1, 20);
        var (dosed, first) = (chart.State.Sessions[0].DosedAt!.Value, InductionCourse.Of(chart.State)!);
        Moved(chart, day: 2);
        Assert.Equal("America/New_York", chart.State.TimeZone);
        Assert.Equal(first, InductionCourse.Of(chart.State));
        Assert.Equal(new DateOnly(2025, 2, 3), chart.State.DayOf(dosed));
        Assert.Equal(new DateOnly(2025, 2, 5), chart.State.DayOf(chart.At(2).AddTicks(-1)));
        Assert.Equal(new DateOnly(2025, 2, 9), chart.State.DayOf(chart.At(7, 0, 30)));
    }

    [Fact]
    public void A_milestone_closes_at_the_end_of_its_day_in_the_new_clinic()
    {
        var chart = Chart.Planned().Doses(0, 3);
        var before = CloseMilestone.DueAt(chart.State, Milestone.EndOfInduction);
        Moved(chart, day: 4);
        var after = CloseMilestone.DueAt(chart.State, Milestone.EndOfInduction);
        Assert.True(after > before && ClinicTime.DayOf(before, "Europe/Berlin") == ClinicTime.DayOf(after, "America/New_York"));
        Assert.Equal("MILESTONE_NOT_DUE", chart.Try(new CloseMilestone(Milestone.EndOfInduction), before).Refusal?.Reason);
        chart.Close();
    }

    /// <summary>Midnight in Melbourne is in the day before in Berlin: days of a window that was over before the transfer stay the same.</summary>
    [Fact]
    public void Windows_keep_their_days_when_the_patient_moves_east()
    {
        var chart = Chart.Planned().Dose(0);
        var before = Days(chart);
        Moved(chart, day: 50, "Australia/Melbourne");
        Assert.Equal(before, Days(chart));
        Assert.Equal((new DateOnly(2025, 2, 24), new DateOnly(2025, 3, 10)), before);

        static (DateOnly First, DateOnly Last) Days(Chart chart) => FollowUpCalendar.PlanningDays(chart.State, FollowUpCalendar.Of(chart.State, FollowUpCatalogue.Safety, chart.At(50))[0]);
    }

    [Fact]
    public void The_programme_is_to_be_told_of_a_move_until_it_was_and_of_no_other()
    {
        var chart = Chart.Planned(esketamine: true);
        Assert.Null(RemsRules.NoticeMissing(chart.State));
        chart.Do(RemsGiven.Form(chart));
        Moved(chart, day: 2);
        Assert.Equal(Given.Home, RemsRules.NoticeMissing(chart.State)?.Clinic);
        Assert.Null(RemsRules.NoticeMissing(new Chart().Enrol().State));
        chart.Do(RemsGiven.Notice(chart, Given.Other, 3));
        Assert.Null(RemsRules.NoticeMissing(chart.State));
    }

    [Fact]
    public void A_notice_given_beforehand_or_of_a_site_that_is_not_concerned_leaves_nothing_to_tell()
    {
        var told = Chart.Planned(esketamine: true);
        told.Do(RemsGiven.Form(told)).Do(RemsGiven.Notice(told, Given.Other, 1));
        Moved(told, day: 2);
        Assert.Null(RemsRules.NoticeMissing(told.State));
        var elsewhere = Chart.Planned(esketamine: true);
        elsewhere.Do(RemsGiven.Form(elsewhere) with { Clinic = new("east") });
        Moved(elsewhere, day: 2);
        Assert.Null(RemsRules.NoticeMissing(elsewhere.State));
    }

    private static void Moved(Chart chart, int day, string zone = "America/New_York")
    {
        chart.Do(new OfferTransfer(Given.Other, "Moves there", null, 14, Given.Home, "home-1"), chart.At(day));
        chart.Do(new AcceptTransfer(1, "S-1", Given.Other, "away-1", zone), chart.At(day));
    }
}
