using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Clinics;

internal static class ListWorklist
{
    internal static CliCommand Build()
    {
        var clinic = Given.Clinic();
        var json = Given.Json();
        return new CliCommand(
            "worklist", "List follow-up visits, sessions, reviews of emergency accesses, alerts and monitoring forms that are open or overdue, the longest overdue first.", "clinic worklist clinics/harbour")
            .With(clinic, json)
            .Runs(async run =>
            {
                using var network = run.Connect(run.Of(clinic));
                var doubles = 0;
                var entries = await Pages.AllAsync<WorklistEntry>(async token =>
                {
                    var page = await network.Clinics.ListWorklistAsync(
                        new() { Parent = run.Of(clinic), PageSize = 500, PageToken = token }, cancellationToken: run.Cancelled);
                    doubles += page.ProbableDoubles;
                    return (page.Entries, page.NextPageToken);
                });
                if (run.Of(json))
                {
                    run.Terminal.Line(Show.JsonArray(entries));
                    return;
                }
                var table = new Sheet("patient", "to do", "opens", "closes", "");
                foreach (var entry in entries)
                {
                    table.Row(
                        entry.Patient, ToDo(entry), Show.Instant(entry.OpensAt), Show.Instant(entry.ClosesAt),
                        entry.Overdue ? "overdue" : "open");
                }
                table.WriteTo(run.Terminal);
                run.Terminal.Line($"{entries.Count(entry => entry is { EmergencyAccess: 0, Alert: 0, RemsSession: "", RemsNotice: false, Session: "", ExpectedSession: false })} visits, {entries.Count(entry => entry.ExpectedSession || entry.Session.Length > 0)} sessions, {entries.Count(entry => entry.EmergencyAccess > 0)} reviews, {entries.Count(entry => entry.Alert > 0)} alerts, {entries.Count(entry => entry.RemsSession.Length > 0 || entry.RemsNotice)} forms, {entries.Count(entry => entry.Overdue)} overdue");
                if (doubles > 0)
                    run.Terminal.Line($"{(doubles < DoublesMax ? "" : "at least ")}{Show.Count(doubles, "probable double")}: see 'patient doubles list {run.Of(clinic)} --site {run.Of(clinic)}'");
            });
    }

    /// <summary>The network counts no further.</summary>
    private const int DoublesMax = 100;

    private static string ToDo(WorklistEntry entry) =>
        entry.EmergencyAccess > 0 ? $"review access {entry.EmergencyAccess} by {entry.Site}"
        : entry.Alert > 0 ? $"alert {entry.Alert}, {Show.Words(entry.AlertKind)}, level {entry.AlertLevel}"
        : entry.RemsSession.Length > 0 ? $"rems form of {entry.RemsSession[(entry.RemsSession.LastIndexOf('/') + 1)..]}, by {entry.Site}"
        : entry.RemsNotice ? $"rems notice of the move from {entry.Site}"
        : entry.Course > 1 ? $"{Show.Words(entry.Milestone)} of course {entry.Course}"
        : entry.Session.Length > 0 ? $"session {entry.Session[(entry.Session.LastIndexOf('/') + 1)..]} in progress"
        : entry.ExpectedSession ? $"session expected ({entry.Visit})"
        : $"visit {entry.Visit}";
}
