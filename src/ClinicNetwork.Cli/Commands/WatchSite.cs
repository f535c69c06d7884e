using ClinicNetwork.Cli.Input;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Cli.Commands;

internal static class WatchSite
{
    internal static CliCommand Build()
    {
        var site = Given.Clinic();
        var cursor = Given.Option(
            "--cursor", "File that keeps the place; made when there is none, so that the next run goes on here", "FILE",
            text => text.Length > 0 ? text : null);
        var untilCaughtUp = Given.Flag("--until-caught-up", "End when there is nothing new; without it the command stays until Ctrl-C");
        var json = Given.Json();
        return new CliCommand("watch", "Print changes of the plans that a site may see, as they arrive.",
            "site watch clinics/hillside", "site watch clinics/hillside --cursor hillside.cursor --until-caught-up")
            .With(site, cursor, untilCaughtUp, json)
            .Runs(async run =>
            {
                using var network = run.Connect(run.Of(site));
                var place = run.Of(cursor) is { } path ? new CursorFile(path) : null;
                await foreach (var item in network.WatchPlansAsync(run.Of(site), place?.Read() ?? "", run.Of(untilCaughtUp), cancellationToken: run.Cancelled))
                {
                    if (item.ItemCase == WatchPlansResponse.ItemOneofCase.Change)
                        run.Terminal.Line(run.Of(json) ? Json(item.Change) : await DescribeAsync(network, item.Change, run.Cancelled));
                    // Only after the line was printed: a kill in between repeats a line, it never loses one.
                    place?.Write(item.ItemCase == WatchPlansResponse.ItemOneofCase.Change ? item.Change.Cursor : item.Bookmark.Cursor);
                }
                if (!run.Of(json))
                    run.Terminal.Line("caught up");
            });
    }

    private static string Json(PlanChange change) => JsonFormatter.Default.Format(change);

    private static async Task<string> DescribeAsync(ClinicNetworkClient network, PlanChange change, CancellationToken cancellationToken)
    {
        var line = $"{Show.Instant(change.RecordedAt)}  {change.Patient}  version {change.Version}  {change.Command}";
        return change.Kind switch
        {
            ChangeKind.AccessRevoked => $"{line}  no longer readable",
            ChangeKind.Erased => $"{line}  erased",
            ChangeKind.AccessGranted => $"{line}  readable from now on, {await PlanAsync(network, change, cancellationToken)}",
            _ when change.PlanChanged => $"{line}  {await PlanAsync(network, change, cancellationToken)}",
            _ => line,
        };
    }

    /// <summary>The plan as it is now, at least as new as the change.</summary>
    private static async Task<string> PlanAsync(ClinicNetworkClient network, PlanChange change, CancellationToken cancellationToken)
    {
        try
        {
            var read = new GetPlanRequest { Name = $"{change.Patient}/plan", Read = new() { MinVersion = change.Version } };
            var plan = (await network.Patients.GetPlanAsync(read, cancellationToken: cancellationToken)).Plan;
            return $"plan revision {plan.Revision}: {Show.Plan(plan)}";
        }
        catch (ClinicNetworkException error) when (error.Code == StatusCode.NotFound)
        {
            return "no plan to see";
        }
    }
}
