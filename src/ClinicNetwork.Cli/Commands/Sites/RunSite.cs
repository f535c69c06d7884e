using ClinicNetwork.Cli.Input;
using ClinicNetwork.Client;
using ClinicNetwork.Site;

namespace ClinicNetwork.Cli.Commands.Sites;

internal static class RunSite
{
    /// <summary>The meetings are repeated anyway: that the network is away is told soon.</summary>
    private static ClinicNetworkClientOptions Brisk { get; } = new() { RetriesMax = 2, RefusedRetriesMax = 0, StreamReopensMax = 1 };

    internal static CliCommand Build()
    {
        var folder = new SiteFolder();
        var once = Given.Flag("--once", "Meet the network once and end; without it the command stays until Ctrl-C");
        return new CliCommand("run", "Keep a site's copy and the network together, whenever the network is there.", "site run --folder hillside", "site run --folder hillside --once")
            .With(folder.Options)
            .With(once)
            .Runs(async run =>
            {
                using var replica = folder.Open(run);
                using var network = run.Connect(replica.Clinic, Brisk);
                var sync = new SiteSync(replica, network);
                if (run.Of(once))
                    Tell(run, replica, await sync.MeetAsync(run.Cancelled), "");
                else
                    await sync.RunAsync((meeting, why) => Tell(run, replica, meeting, why), run.Cancelled);
            });
    }

    /// <summary>One line a change of state; what waits for a person comes last.</summary>
    private static void Tell(Invocation run, SiteReplica replica, SiteMeeting? meeting, string why)
    {
        if (meeting is null)
        {
            run.Terminal.Line($"offline: {why.Split(';')[0]}");
            return;
        }
        var status = replica.Status();
        run.Terminal.Line(
            $"online: pulled {meeting.Pulled}, pushed {meeting.Pushed}{(meeting.Restored ? ", the network was restored" : "")}; "
            + $"{Show.Count(status.Patients, "patient")}, waiting {status.Waiting}, conflicts {status.Conflicts}, refused {status.Refused}");
        if (meeting.IsClockSet)
            run.Terminal.Line($"clock: this machine's was set {Apart(meeting.ClockSet, "ahead", "back")} since the last contact; times that were recorded meanwhile may be wrong: see 'site outbox'");
        if (meeting.IsClockWrong)
            run.Terminal.Line($"clock: this machine's is {Apart(meeting.ClockBehind, "behind", "ahead of")} the network's; it is corrected here, set it right");
        run.Terminal.Out.Flush();
    }

    private static string Apart(TimeSpan by, string over, string under) =>
        $"{(by.Duration() < TimeSpan.FromHours(2) ? Show.Count((long)by.Duration().TotalMinutes, "minute") : Show.Count((long)by.Duration().TotalHours, "hour"))} {(by > TimeSpan.Zero ? over : under)}";
}
