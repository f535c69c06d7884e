using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

/// <summary>Visits of the follow-up calendar as a table.</summary>
internal static class CalendarSheet
{
    /// <summary>What is to be done now, the overdue first.</summary>
    internal static void WriteDue(Terminal terminal, IEnumerable<FollowUpVisit> visits)
    {
        var open = visits.Where(visit => visit.State is FollowUpState.Due or FollowUpState.Overdue)
            .OrderBy(visit => visit.State == FollowUpState.Due).ThenBy(visit => visit.DueBy).ToList();
        if (open.Count == 0)
            return;
        terminal.Line("");
        terminal.Line("Due and overdue");
        Write(terminal, open);
    }

    internal static void Write(Terminal terminal, IEnumerable<FollowUpVisit> visits)
    {
        var table = new Sheet("first day", "last day", "state", "visit", "what", "planned, answered or why not");
        foreach (var visit in visits)
        {
            var found = visit.State == FollowUpState.Done ? $"{Show.Instant(visit.AnsweredAt)} {visit.Answer[(visit.Answer.LastIndexOf('/') + 1)..]}"
                : visit.MissingReason == MissingReason.Unspecified ? visit.PlannedOn.Length > 0 ? $"planned {visit.PlannedOn}" : ""
                : Show.Words(visit.MissingReason);
            table.Row(visit.FirstDay, visit.LastDay, Show.Words(visit.State), visit.Name, visit.Session ? "session expected" : visit.Title, found);
        }
        table.WriteTo(terminal);
    }
}
