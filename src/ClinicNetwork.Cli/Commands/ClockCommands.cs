using ClinicNetwork.Cli.Input;
using ClinicNetwork.Client;

namespace ClinicNetwork.Cli.Commands;

internal static class ClockCommands
{
    internal static CliCommand Build()
    {
        var to = Given.Required(Given.Instant("--to", "where to, ISO 8601, for example 2026-01-02T00:00Z; at most 400 days ahead"));
        var advance = new CliCommand(
            "advance", "Move the clock of a test store, running everything due in between.", "clock advance --to 2026-01-02T00:00Z")
            .With(to)
            .Runs(async run =>
            {
                using var network = run.Connect();
                var answer = await network.Network.AdvanceClockAsync(
                    new() { RequestId = RequestIds.New(), To = run.Of(to) }, cancellationToken: run.Cancelled);
                run.Terminal.Line($"the store's clock is at {Show.Instant(answer.StoreTime)}; {answer.DueRun} due things were run");
            });
        return new CliCommand("clock", "The clock of a test store.").With(advance);
    }
}
