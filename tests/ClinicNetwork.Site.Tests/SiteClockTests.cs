using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.Protocol.Sync.V1;
using ClinicNetwork.Site.Tests.Rig;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClinicNetwork.Site.Tests;

/// <summary>A machine's clock is anybody's to set: the right to dose does not go by it alone.</summary>
public sealed class SiteClockTests
{
    private const string Home = "clinics/home";
    private const string Far = "clinics/far";

    [Fact]
    public async Task A_clock_that_is_set_back_lengthens_no_right_to_dose_and_the_next_contact_begins_anew()
    {
        await using var network = await SiteNetwork.StartAsync();
        var patient = await network.ShareAsync("patients/back", Home, Far);
        var far = network.Site(Far);
        await network.TakeDosingAsync(patient, Far);
        await far.MeetAsync();
        network.Line.Cut();
        far.Clock.Wrong = TimeSpan.FromHours(73);
        Assert.Equal("DOSING_NOT_HERE", far.Start(patient, "s-1").Refusal!.Reason);
        // The same folder, by another program, with the clock back.
        far.Reopen();
        far.Clock.Wrong = TimeSpan.FromHours(1);
        var held = far.Start(patient, "s-1").Refusal!;
        Assert.Equal("DOSING_NOT_HERE", held.Reason);
        Assert.Contains("set back", held.Message, StringComparison.Ordinal);
        Assert.Null(far.Replica.Find(patient)!.State!.DosingAt(far.Replica.Latest));
        // What happened is recorded all the same, and an emergency is a person's to answer for.
        Assert.Null(far.Assess(patient, "a-1").Refusal);
        Assert.NotNull(far.Start(patient, "s-1", emergency: "severe ideation, nobody else is here").Item);

        network.Line.Mend();
        var meeting = await far.MeetAsync();
        Assert.Equal((60, -60), (Math.Round(meeting.ClockSet.TotalMinutes), Math.Round(meeting.ClockBehind.TotalMinutes)));
        Assert.True(meeting is { IsClockSet: true, IsClockWrong: true });
        Assert.NotNull(far.Replica.Find(patient)!.State!.DosingAt(far.Replica.Latest));
        Assert.False((await far.MeetAsync()).IsClockSet);
    }

    [Fact]
    public async Task Time_goes_on_for_a_program_that_stays_whatever_its_clock_says_and_for_others_once_it_was_kept()
    {
        await using var network = await SiteNetwork.StartAsync();
        var patient = await network.ShareAsync("patients/stays", Home, Far);
        var far = network.Site(Far);
        await network.TakeDosingAsync(patient, Far);
        await far.MeetAsync();
        network.Line.Cut();
        // Four days later the clock has been set back to the first one.
        far.Clock.Ran = TimeSpan.FromDays(4);
        Assert.Equal("DOSING_NOT_HERE", far.Start(patient, "s-2").Refusal!.Reason);
        far.Reopen();
        Assert.Equal("DOSING_NOT_HERE", far.Start(patient, "s-2").Refusal!.Reason);
    }

    [Fact]
    public async Task Nothing_is_stamped_before_the_last_contact_so_no_session_is_before_the_right_it_was_started_under()
    {
        await using var network = await SiteNetwork.StartAsync();
        var patient = await network.ShareAsync("patients/before", Home, Far);
        var far = network.Site(Far);
        await network.TakeDosingAsync(patient, Far);
        await far.MeetAsync();
        var contact = far.Replica.Status().LastContact!.Value;
        network.Line.Cut();
        far.Clock.Wrong = TimeSpan.FromDays(-300);
        Assert.Null(far.Start(patient, "s-1").Refusal);
        network.Line.Mend();
        await far.MeetAsync();
        var session = far.Replica.Find(patient)!.State!.Sessions.Single();
        Assert.Equal((contact, 0), (session.StartedAt, session.Report!.OutsideGates.Length));
    }

    [Fact]
    public async Task The_network_tells_a_session_of_before_or_after_the_right_and_takes_none_of_after_its_receipt()
    {
        await using var network = await SiteNetwork.StartAsync();
        var patient = await network.ShareAsync("patients/bounds", Home, Far);
        var far = network.Site(Far);
        await network.TakeDosingAsync(patient, Far);
        await far.MeetAsync();
        await RefusalSeen.AssertAsync(StatusCode.InvalidArgument, "OCCURRED_IN_FUTURE", async () => await ReportAsync(TimeSpan.FromHours(1), "s-later"));
        Assert.Contains("DOSING_NOT_HERE", (await ReportAsync(TimeSpan.FromHours(-1), "s-before")).OutsideGates);

        Task<ReportSessionResponse> ReportAsync(TimeSpan by, string session) => network.AskAsync(async n =>
        {
            var report = Valid.Report(patient, session, clinic: Far);
            report.Session.OccurredAt = (DateTimeOffset.UtcNow + by).ToTimestamp();
            return await n.As(Far).Push.ReportSessionAsync(report);
        });
    }
}
