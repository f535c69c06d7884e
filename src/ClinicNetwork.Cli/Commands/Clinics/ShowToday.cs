using ClinicNetwork.Cli.Input;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;

namespace ClinicNetwork.Cli.Commands.Clinics;

/// <summary>One clinic's day on one page: what is going on, what is due, what is late.</summary>
internal static class ShowToday
{
    private static readonly TimeSpan WatchPause = TimeSpan.FromSeconds(5);

    internal static CliCommand Build()
    {
        var clinic = Given.Clinic();
        var limit = Given.Whole("--limit", "Things to be done that are shown at most, the most urgent of all", 1, 5_000, 300);
        var watch = Given.Flag("--watch", "Show it again every 5 seconds, until Ctrl-C");
        var json = Given.Json();
        return new CliCommand(
            "today", "Show the clinic's day: sessions in progress and what each needs next, sessions expected, visits due and overdue, alerts, reviews.",
            "clinic today clinics/harbour", "clinic today clinics/harbour --watch")
            .With(clinic, limit, watch, json)
            .Runs(async run =>
            {
                using var network = run.Connect(run.Of(clinic));
                using var timer = new PeriodicTimer(WatchPause);
                do
                {
                    var (day, more) = await ReadAsync(network, run.Of(clinic), run.Of(limit), run.Cancelled);
                    if (run.Of(json))
                    {
                        run.Terminal.Line(JsonFormatter.Default.Format(day));
                    }
                    else
                    {
                        if (run.Of(watch) && run.Terminal.Live)
                            run.Terminal.Console.Clear(home: true);
                        new TodaySheet(day).WriteTo(run.Terminal, run.Of(clinic), more);
                    }
                }
                while (run.Of(watch) && await timer.WaitForNextTickAsync(run.Cancelled));
            });
    }

    private static async Task<(ListClinicDayResponse Day, bool More)> ReadAsync(ClinicNetworkClient network, string clinic, int limit, CancellationToken cancellationToken)
    {
        const int page = 100;
        var day = new ListClinicDayResponse();
        while (true)
        {
            var next = await network.Clinics.ListClinicDayAsync(
                new() { Parent = clinic, PageSize = Math.Min(page, limit - day.Entries.Count), PageToken = day.NextPageToken }, cancellationToken: cancellationToken);
            day.NextPageToken = "";
            day.MergeFrom(next);
            if (day.NextPageToken.Length == 0 || day.Entries.Count >= limit)
                return (day, day.NextPageToken.Length > 0);
        }
    }
}
