using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Admin.V1;
using Google.Protobuf;

namespace ClinicNetwork.Cli.Commands;

internal static class StatusCommand
{
    internal static CliCommand Build()
    {
        var json = Given.Json();
        return new CliCommand("status", "What runs, and on which store.", "status", "status --json").With(json).Runs(async run =>
        {
            using var network = run.Connect();
            var status = await network.Network.GetStatusAsync(new(), cancellationToken: run.Cancelled);
            if (run.Of(json))
            {
                run.Terminal.Line(JsonFormatter.Default.Format(status));
                return;
            }
            run.Terminal.Line($"ClinicNetwork {status.ProductVersion} at {run.ServerAddress}");
            run.Terminal.Line($"  store     {status.Incarnation}, schema {status.SchemaVersion}");
            run.Terminal.Line(
                $"  clock     {Show.Instant(status.StoreTime)}{(status.ClockKind == ClockKind.Manual ? ", manual: a test store" : "")}");
            run.Terminal.Line($"  holds     {status.Clinics} clinics, {status.Patients} patients, {status.Commands} commands");
            run.Terminal.Line($"  overdue   {status.Overdue} follow-up visits whose window has closed, and reviews");
            if (status.PublicationBlockedSince is { } blocked)
                run.Terminal.Line($"  releases  blocked since {Show.Instant(blocked)}, nothing is published; the server's log says why (PUBLICATION_BLOCKED)");
        });
    }
}
