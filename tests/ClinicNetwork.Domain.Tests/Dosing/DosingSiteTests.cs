using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.Courses;
using ClinicNetwork.Domain.Tests.Sessions;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Dosing;

/// <summary>Until when a clinic may dose while cut off, what ends that, and what it means for others.</summary>
public sealed class DosingSiteTests
{
    private static readonly TakeDosing Take = new(Given.Home, "home-1");

    [Fact]
    public void Before_the_first_dose_it_holds_for_72_hours_to_the_tick()
    {
        var chart = Chart.Planned().Do(Take, Chart.Planned().At(0));
        Assert.Equal(new DosingRight(Given.Home, chart.At(0), chart.At(0).AddHours(72)), Assert.Single(chart.State.DosingRights));
        Assert.Equal((null, Given.Home, Given.Home, null), (
            chart.State.DosingAt(chart.At(0).AddTicks(-1))?.Site, chart.State.DosingAt(chart.At(0))?.Site, chart.State.DosingAt(chart.At(0).AddHours(72).AddTicks(-1))?.Site, chart.State.DosingAt(chart.At(0).AddHours(72))?.Site));
    }

    [Fact]
    public void It_ends_with_the_clinical_day_on_which_the_next_session_can_be_or_is_agreed_and_after_72_hours_at_most()
    {
        // Induction's spacing is two days at least, three at most.
        var chart = LaterSession.Planned(ProtocolCatalogue.KetamineIv2);
        chart.Do(LaterSession.Start(chart)).Do(new RecordDose(LaterSession.Id, 40, 40, chart.At(0))).Do(new RecordLeaving(LaterSession.Id, LeavingKind.AgainstAdvice, "would not wait", chart.At(0, 11)));
        var spacing = chart.State.Plan!.PhaseOn(0)!;
        Assert.Equal(chart.At(spacing.SpacingDaysMin + 1, 0), ExpiresAt(chart, chart.At(0, 12)));
        var late = chart.At(spacing.SpacingDaysMax + 10);
        Assert.Equal(late.AddHours(72), ExpiresAt(chart, late));
        var visit = FollowUps(chart, chart.At(0, 12));
        chart.Do(new RescheduleVisit(visit, chart.State.DayOf(chart.At(spacing.SpacingDaysMax)), "Away before", chart.At(0, 12)), chart.At(0, 12));
        Assert.Equal(Earlier(chart.At(spacing.SpacingDaysMax + 1, 0), chart.At(0, 12).AddHours(72)), ExpiresAt(chart, chart.At(0, 12)));
        Assert.Equal(chart.At(spacing.SpacingDaysMax + 1, 0), ExpiresAt(chart, chart.At(spacing.SpacingDaysMax, 7)));

        static string FollowUps(Chart chart, DateTimeOffset now) => Domain.FollowUps.FollowUpCalendar.Of(chart.State, now).Single(v => v.IsSession).Name;
    }

    [Fact]
    public void Taken_again_by_the_same_clinic_it_is_one_right_that_goes_on()
    {
        var chart = Chart.Planned();
        chart.Do(Take, chart.At(0)).Do(Take, chart.At(2));
        Assert.Equal(new DosingRight(Given.Home, chart.At(0), chart.At(5)), Assert.Single(chart.State.DosingRights));
    }

    [Fact]
    public void Passed_on_it_is_the_others_from_then_on()
    {
        var chart = Held(SiteAccess.Write);
        chart.Do(new PassDosing(Given.Other, Given.Home, "home-1"), chart.At(1));
        Assert.Equal((Given.Home, Given.Other, chart.At(4)), (chart.State.DosingAt(chart.At(1).AddTicks(-1))!.Site, chart.State.DosingAt(chart.At(1))!.Site, chart.State.DosingAt(chart.At(1))!.ExpiresAt));
        chart.Do(new EndDosing(Given.Other), chart.At(2)).Do(Take, chart.At(2));
        Assert.Equal((Given.Other, Given.Home), (chart.State.DosingAt(chart.At(2).AddTicks(-1))!.Site, chart.State.DosingAt(chart.At(2))!.Site));
    }

    public static TheoryData<string> Endings => ["treatment", "death", "transfer", "sharing", "sections"];

    [Theory]
    [MemberData(nameof(Endings))]
    public void It_ends_when_what_it_rests_on_does_and_does_not_come_back(string ending)
    {
        var chart = Held(SiteAccess.Write);
        chart.Do(new PassDosing(Given.Other, Given.Home), chart.At(1));
        var at = chart.At(2);
        if (ending == "transfer")
            chart.Do(new OfferTransfer(Given.Other, "Moves there", SiteAccess.Write, 0, Given.Home), at).Do(new AcceptTransfer(1, "S-1", Given.Other, "away-1", "America/New_York"), at);
        else
            chart.Do(
                ending switch
                {
                    "treatment" => new EndTreatment("Moved away", at),
                    "death" => new RecordDeath(DeathCause.Unknown, DeathSource.Register, "", at),
                    "sharing" => new SetSharing([], at),
                    _ => new SetSharing([new(Given.Other, SiteAccess.BySection) { Full = PlanSections.Sessions, Read = PlanSections.Medication }], at),
                },
                at);
        Assert.Equal((Given.Other, null), (chart.State.DosingAt(at.AddTicks(-1))?.Site, chart.State.DosingAt(at)?.Site));
        if (ending == "treatment")
            chart.Do(new MarkEnteredInError(new(FactKind.TreatmentEnd, "", 0), "Another patient's", "c-1", Roles.Clinician), at);
        if (ending == "sharing")
            chart.Do(new SetSharing([new(Given.Other, SiteAccess.Write)], at), at);
        Assert.Null(chart.State.DosingAt(at));
    }

    [Theory]
    [InlineData("transfer")]
    [InlineData("sharing")]
    public void A_right_that_others_ended_keeps_others_from_dosing_until_it_would_have_expired(string ending)
    {
        var chart = Held(SiteAccess.Write);
        chart.Do(new PassDosing(Given.Other, Given.Home), chart.At(1));
        var (third, at) = (new ClinicId("third"), chart.At(2));
        if (ending == "transfer")
            chart.Do(new OfferTransfer(third, "Moves there", SiteAccess.Write, 0, Given.Home), at).Do(new AcceptTransfer(1, "S-1", third, "third-1", "Europe/Berlin"), at);
        else
            chart.Do(new SetSharing([new(third, SiteAccess.Write)], at), at);
        chart.Do(new TakeDosing(third, "third-1"), at);
        foreach (var unconfirmed in (bool[])[false, true])
        {
            var start = chart.Start(3) with { Clinic = third, Site = third, Unconfirmed = unconfirmed };
            Assert.Equal("DOSING_ELSEWHERE", chart.Try(start, chart.At(3)).Refusal?.Reason);
            Assert.Null(chart.Try(start with { Overrides = [new(GateKind.DosingSite, "They were told by telephone")], ActorRoles = Roles.Clinician }, chart.At(3)).Refusal);
            Assert.Null(chart.Try(start with { OccurredAt = chart.At(4) }, chart.At(4)).Refusal);
        }

        // Who ended it itself knows that.
        chart = Held(SiteAccess.Write).Do(new EndDosing(Given.Home), chart.At(1));
        Assert.Null(chart.Try(chart.Start(1) with { Clinic = Given.Other }, chart.At(1)).Refusal);
    }

    [Fact]
    public void A_site_that_names_the_dosing_site_as_the_place_is_held_as_any_other()
    {
        var chart = Held(SiteAccess.Write);
        Assert.Equal("DOSING_ELSEWHERE", chart.Try(chart.Start(1) with { Clinic = Given.Home, Site = Given.Other }, chart.At(1)).Refusal?.Reason);
        Assert.Null(chart.Try(chart.Start(1) with { Clinic = Given.Home, Site = Given.Home }, chart.At(1)).Refusal);
        Assert.Null(chart.Try(chart.Start(1) with { Clinic = Given.Home, Site = null }, chart.At(1)).Refusal);
    }

    [Fact]
    public void Sharing_that_leaves_the_dosing_site_what_it_needs_leaves_it_the_right()
    {
        var chart = Held(SiteAccess.Write);
        chart.Do(new PassDosing(Given.Other, Given.Home), chart.At(1)).Do(new SetSharing([new(Given.Other, SiteAccess.BySection) { Full = DosingRight.Sections }], chart.At(2)), chart.At(2));
        Assert.Equal(Given.Other, chart.State.DosingAt(chart.At(2))?.Site);
    }

    [Fact]
    public void A_session_elsewhere_needs_a_clinicians_reason_which_is_recorded_and_raises_an_alert()
    {
        var chart = Held(SiteAccess.Write);
        var start = chart.Start(1) with { Clinic = Given.Other };
        Assert.Equal("DOSING_ELSEWHERE", chart.Try(start, chart.At(1)).Refusal?.Reason);
        Assert.Null(chart.Try(start with { Clinic = Given.Home }, chart.At(1)).Refusal);
        chart.Do(start with { Overrides = [new(GateKind.DosingSite, "The other clinic burnt down")], Actor = "c-1", ActorRoles = Roles.Clinician }, chart.At(1));
        Assert.Equal(new GateOverridden(GateKind.DosingSite, "The other clinic burnt down", "c-1"), Assert.Single(chart.State.MonitoringOf(start.Session).Overridden));
        var alert = Assert.Single(chart.State.Alerts);
        Assert.Equal((AlertKind.OutsideGates, "sessions/s-next", chart.At(1, 11)), (alert.Kind, alert.Causes.Single(), alert.DueAt));
        Assert.False(chart.Do(new MarkEnteredInError(FactName.Of(start.Session), "Another patient's", "c-1", Roles.Clinician), chart.At(1, 11)).State.Alerts[0].IsOpen);
    }

    [Fact]
    public void Without_the_network_the_dosing_site_alone_starts_sessions_within_its_time_and_another_with_a_reason()
    {
        var chart = Held(SiteAccess.Write);
        foreach (var (at, passes) in ((DateTimeOffset, bool)[])[(chart.At(0).AddTicks(-1), false), (chart.At(0), true), (chart.At(3).AddTicks(-1), true), (chart.At(3), false)])
            Assert.Equal(passes ? null : "DOSING_NOT_HERE", chart.Try(chart.Start(0) with { OccurredAt = at, Unconfirmed = true }, chart.At(9)).Refusal?.Reason);
        var other = chart.Start(1) with { Clinic = Given.Other, Unconfirmed = true };
        Assert.Equal("DOSING_NOT_HERE", chart.Try(other, chart.At(1)).Refusal?.Reason);
        Assert.Null(chart.Try(other with { Overrides = [new(GateKind.DosingSite, "Cannot wait")], ActorRoles = Roles.Clinician }, chart.At(1)).Refusal);
        Assert.Equal("OVERRIDE_NOT_ALLOWED", chart.Try(other with { Overrides = [new(GateKind.DosingSite, "Cannot wait")], ActorRoles = Roles.Nurse }, chart.At(1)).Refusal?.Reason);
    }

    [Fact]
    public void Where_nobody_may_dose_while_cut_off_any_clinic_starts_sessions_with_the_network() =>
        Assert.Null(Held(SiteAccess.Write).Try(Chart.Planned().Start(3) with { Clinic = Given.Other }, Chart.Planned().At(3)).Refusal);

    /// <summary>Shared with the other clinic; the home clinic is the dosing site from day 0, 10:00, for 72 hours.</summary>
    private static Chart Held(SiteAccess access)
    {
        var chart = Chart.Planned();
        return chart.Do(new SetSharing([new(Given.Other, access)], chart.At(-1)), chart.At(-1)).Do(Take, chart.At(0));
    }

    private static DateTimeOffset ExpiresAt(Chart chart, DateTimeOffset now) => ((DosingAnswer)chart.Try(Take, now).Answer!).Right.ExpiresAt;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
