using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class ShowRemsForm
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var session = Given.Id("session");
        var json = Given.Json();
        return new CliCommand("rems", "Show a session's monitoring form for the programme: what is recorded, from which facts, and what is missing.", "patient rems patients/p-1 s-1")
            .With(patient, session, json)
            .Runs(async run =>
            {
                using var network = run.Connect();
                var answer = await network.Patients.GetRemsFormAsync(new() { Name = run.Of(patient), SessionId = run.Of(session) }, cancellationToken: run.Cancelled);
                if (run.Of(json))
                {
                    run.Terminal.Line(JsonFormatter.Default.Format(answer));
                    return;
                }
                var table = new Sheet("entry", "value", "from", "to record");
                foreach (var entry in answer.Entries)
                    table.Row(Show.Words(entry.Field), ValueOf(entry), string.Join(", ", entry.Sources), entry.Missing);
                table.WriteTo(run.Terminal);
                run.Terminal.Line($"form version {answer.Due.FormVersion}, {StandOf(answer.Due)}");
            });
    }

    /// <summary><c>sent 2025-02-05 09:00:00Z</c>, or by when it has to be.</summary>
    internal static string StandOf(RemsDue due)
    {
        var missing = due.Missing == 0 ? "" : $", {Show.Count(due.Missing, "entry", "entries")} missing";
        return due.SubmittedAt is not null ? $"sent {Show.Instant(due.SubmittedAt)}{(due.Overdue ? ", late" : "")}{missing}"
            : $"{(due.Overdue ? "OVERDUE since" : "to be sent by")} {due.LastDay}{missing}";
    }

    private static string ValueOf(RemsEntry entry) => (entry.At, entry.ResolvedAt) switch
    {
        (null, _) => entry.Value,
        (var at, null) => $"{entry.Value}, {Show.Instant(at)}",
        var (at, over) => $"{entry.Value}, {Show.Instant(at)} to {Show.Instant(over)}",
    };
}
