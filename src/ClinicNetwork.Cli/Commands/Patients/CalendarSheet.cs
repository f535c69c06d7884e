using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

/// <summary>Visits of the follow-up calendar as a table, by the names that they are rescheduled and missed by.</summary>
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
        var table = new Sheet("first day", "last day", "state", "!visit", "what");
        foreach (var visit in open)
            table.Row(visit.FirstDay, visit.LastDay, Show.Words(visit.State), visit.Name, $"{What(visit)}{(visit.PlannedOn.Length > 0 ? $", planned {visit.PlannedOn}" : "")}");
        table.WriteTo(terminal);
    }

    internal static void Write(Terminal terminal, IEnumerable<FollowUpVisit> visits)
    {
        var table = new Sheet("first day", "last day", "state", "!visit", "answered, why not, or planned");
        foreach (var visit in visits)
        {
            var told = visit.Explained == VisitReason.Unspecified ? "" : $" ({Show.Words(visit.Explained)})";
            var found = visit.State == FollowUpState.Done ? $"{Show.Instant(visit.AnsweredAt)} {visit.Answer[(visit.Answer.LastIndexOf('/') + 1)..]}"
                : visit.MissingReason != MissingReason.Unspecified ? Show.Words(visit.MissingReason) + told
                : visit.PlannedOn.Length > 0 ? $"planned {visit.PlannedOn}"
                : visit.Session ? "the session itself"
                : "";
            table.Row(visit.FirstDay, visit.LastDay, Show.Words(visit.State), visit.Name, found);
        }
        table.WriteTo(terminal);
        terminal.Line("What each visit asks for: clinicnet follow-ups.");
    }

    private static string What(FollowUpVisit visit) => visit.Session ? "session expected, with a PHQ-9 before it" : visit.Title;
}
