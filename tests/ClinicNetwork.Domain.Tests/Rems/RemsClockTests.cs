using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Rems;
using ClinicNetwork.Domain.Tests.Sessions;
using ClinicNetwork.Domain.Tests.Support;
using CsCheck;

namespace ClinicNetwork.Domain.Tests.Rems;

/// <summary>Within seven calendar days of the session, in the clinic's days.</summary>
public sealed class RemsClockTests
{
    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"];

    /// <summary>Hand-counted: the last instant of the seventh day after the session's, both clock changes of 2025 among them.</summary>
    [Theory]
    [InlineData("Europe/Berlin", "2025-02-03T09:00:00Z", "2025-02-10T23:00:00Z")]
    [InlineData("Europe/Berlin", "2025-03-24T09:00:00Z", "2025-03-31T22:00:00Z")] // over the change to summer time
    [InlineData("Europe/Berlin", "2025-03-22T22:30:00Z", "2025-03-29T23:00:00Z")] // 23:30 there on the 22nd
    [InlineData("Europe/Berlin", "2025-03-22T23:30:00Z", "2025-03-30T22:00:00Z")] // an hour later it is the 23rd, and the last day has 23 hours
    [InlineData("Europe/Berlin", "2025-10-20T08:00:00Z", "2025-10-27T23:00:00Z")] // over the change back
    [InlineData("Europe/Berlin", "2025-10-19T08:00:00Z", "2025-10-26T23:00:00Z")] // the last day has 25 hours
    [InlineData("America/New_York", "2025-03-02T15:00:00Z", "2025-03-10T04:00:00Z")]
    [InlineData("Africa/Cairo", "2025-04-17T09:00:00Z", "2025-04-24T22:00:00Z")] // 25 April begins at 01:00 there: midnight is skipped
    [InlineData("Africa/Cairo", "2025-04-18T09:00:00Z", "2025-04-25T21:00:00Z")] // the last day has 23 hours
    [InlineData("Australia/Melbourne", "2025-12-29T02:00:00Z", "2026-01-05T13:00:00Z")]
    public void It_is_late_from_the_end_of_the_seventh_day_on(string zone, string dosedAt, string dueBy)
    {
        var chart = Dosed(zone, At(dosedAt));
        var due = RemsRules.DueBy(chart.State, chart.State.Sessions[0]);
        Assert.Equal(At(dueBy), due);
        Assert.False(Submit(chart, due.AddTicks(-1)).Late);
        Assert.True(Submit(chart, due).Late);
    }

    [Fact]
    public void It_ends_on_the_seventh_day_after_the_sessions_in_every_zone_on_every_day() =>
        Gen.Select(Gen.Int[0, Zones.Length - 1], Gen.Int[0, 2_000_000]).Sample((index, minutes) =>
        {
            var zone = Zones[index];
            var dosedAt = At("2023-01-01T00:00:00Z").AddMinutes(minutes);
            var chart = Dosed(zone, dosedAt);
            var due = RemsRules.DueBy(chart.State, chart.State.Sessions[0]);
            Assert.Equal(ClinicTime.DayOf(dosedAt, zone).AddDays(7), ClinicTime.DayOf(due.AddTicks(-1), zone));
            Assert.Equal(ClinicTime.DayOf(dosedAt, zone).AddDays(8), ClinicTime.DayOf(due, zone));
        }, iter: 400, threads: 2);

    [Fact]
    public void The_first_that_was_sent_is_told_and_a_correction_does_not_make_it_late()
    {
        var chart = LaterSession.Dosed(ProtocolCatalogue.EsketamineNasal2);
        chart.Do(new RecordRemsSubmission(LaterSession.Id, "corrected", chart.At(20), "nurse-1")).Do(new RecordRemsSubmission(LaterSession.Id, "first", chart.At(3), "nurse-1"));
        Assert.Equal("first", MonitoringForm.Of(chart.State, chart.State.Sessions[0])!.Submission!.Reference);
        Assert.Equal([1, 2], chart.State.RemsSubmissions.Select(s => s.Number));
    }

    [Fact]
    public void A_site_that_the_programme_was_told_of_treats_without_anybody_confirming_it()
    {
        var chart = LaterSession.Planned(ProtocolCatalogue.EsketamineNasal2);
        Assert.Equal("ENROLMENT_MISSING", chart.Try(LaterSession.Start(chart) with { EnrolmentConfirmed = false }).Refusal?.Reason);
        chart.Do(RemsGiven.Form(chart));
        Assert.True(chart.Try(LaterSession.Start(chart) with { EnrolmentConfirmed = false }).Accepted);
        chart.Do(RemsGiven.Notice(chart, Given.Other, -5));
        var refused = chart.Try(LaterSession.Start(chart) with { Overrides = [new(GateKind.Enrolment, "It is on its way")] });
        Assert.Equal("TRANSFER_NOTICE_MISSING", refused.Refusal?.Reason);
        Assert.True(chart.Do(RemsGiven.Notice(chart, Given.Home, -1)).Try(LaterSession.Start(chart)).Accepted);
    }

    private static Chart Dosed(string zone, DateTimeOffset at)
    {
        var chart = Chart.Planned(zone, new DateOnly(2023, 1, 1), esketamine: true);
        return chart.Do(new StartSession(LaterSession.Id, Given.Home, true, Given.Calm, null, "", at), at).Do(new RecordDose(LaterSession.Id, 56, 10, at), at);
    }

    private static RemsSubmissionAnswer Submit(Chart chart, DateTimeOffset at) =>
        RecordRemsSubmission.Decide(chart.State, new(LaterSession.Id, "", at), at).Answer!;

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
