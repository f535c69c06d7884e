using System.Globalization;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Cli.Commands.Clinics;

/// <summary>A clinic's day as tables, in its own time. What is not there has no table.</summary>
internal sealed class TodaySheet(ListClinicDayResponse day)
{
    private readonly DateTimeOffset now = day.ReadAt.ToDateTimeOffset();

    /// <summary>A machine that does not know the clinic's zone shows UTC.</summary>
    private readonly TimeZoneInfo zone = TimeZoneInfo.TryFindSystemTimeZoneById(day.TimeZone, out var known) ? known : TimeZoneInfo.Utc;

    internal void WriteTo(Terminal terminal, string clinic, bool more)
    {
        terminal.Line($"{clinic}, {day.Day}, {Clock(day.ReadAt)} ({zone.Id})");
        var entries = day.Entries.ToLookup(KindOf);
        Write(terminal, "Sessions in progress", entries[Kind.Session], ["stage", "needs next"], e =>
            e.Session is null ? ["in progress", ""] : [Show.Words(e.Session.Stage), string.Join("\n", Next(e.Session))]);
        Write(terminal, "Alerts", entries[Kind.Alert], ["alert", ">level", "act by"], e =>
            [$"{e.Entry.Alert} {Show.Words(e.Entry.AlertKind)}", $"{e.Entry.AlertLevel}", When(e.Entry.ClosesAt) + (e.Entry.Overdue ? ", overdue" : "")]);
        Write(terminal, "Sessions expected", entries[Kind.Expected], ["!visit", "when"], e => [e.Entry.Visit, Days(e)]);
        Write(terminal, "Overdue visits", entries[Kind.Overdue], ["!visit", "what", "overdue since", ">days"], e =>
            [e.Entry.Visit, e.Entry.VisitTitle, Day(e.Entry.ClosesAt), $"{(int)(now - e.Entry.ClosesAt.ToDateTimeOffset()).TotalDays + 1}"]);
        Write(terminal, "Visits due", entries[Kind.Due], ["!visit", "what", "when"], e => [e.Entry.Visit, e.Entry.VisitTitle, Days(e)]);
        Write(terminal, "Emergency accesses to review", entries[Kind.Review], ["access", "by", "review by"], e =>
            [$"{e.Entry.EmergencyAccess}", e.Entry.Site, When(e.Entry.ClosesAt) + (e.Entry.Overdue ? ", overdue" : "")]);
        Write(terminal, "Monitoring forms to send", entries[Kind.Form], ["session", "by", "send by"], e =>
            [e.Entry.RemsNotice ? "notice of the move" : e.Entry.RemsSession[(e.Entry.RemsSession.LastIndexOf('/') + 1)..], e.Entry.Site, When(e.Entry.ClosesAt) + (e.Entry.Overdue ? ", overdue" : "")]);
        if (day.Approvals.Count > 0)
        {
            terminal.Line("");
            terminal.Line($"Approvals that wait for a decision: {string.Join(", ", day.Approvals)}");
        }
        terminal.Line("");
        terminal.Line(day.Entries.Count == 0 ? "Nothing is to be done." : string.Join(", ", Summary(entries)) + (more ? "; there is more: give a higher --limit" : ""));
    }

    private static IEnumerable<string> Summary(ILookup<Kind, ClinicDayEntry> entries)
    {
        yield return Show.Count(entries[Kind.Session].Count(), "session") + " in progress";
        yield return $"{entries[Kind.Expected].Count()} expected";
        yield return Show.Count(entries[Kind.Overdue].Count(), "visit") + " overdue";
        yield return $"{entries[Kind.Due].Count()} due";
        yield return Show.Count(entries[Kind.Alert].Count(), "alert");
        yield return Show.Count(entries[Kind.Review].Count(), "review");
        yield return Show.Count(entries[Kind.Form].Count(), "form");
    }

    /// <summary>Names have their column when the caller may see any.</summary>
    private void Write(Terminal terminal, string title, IEnumerable<ClinicDayEntry> entries, string[] headings, Func<ClinicDayEntry, string[]> cells)
    {
        var rows = entries.ToList();
        if (rows.Count == 0)
            return;
        var named = day.Entries.Any(e => e.FamilyName.Length > 0);
        var table = new Sheet((string[])["!patient", .. named ? ["name"] : (string[])[], .. headings]);
        foreach (var entry in rows)
            table.Row((string[])[entry.Entry.Patient["patients/".Length..], .. named ? [$"{entry.GivenName} {entry.FamilyName}".Trim()] : (string[])[], .. cells(entry)]);
        terminal.Line("");
        terminal.Line(title);
        table.WriteTo(terminal);
    }

    /// <summary>What a session needs, the first thing first.</summary>
    private IEnumerable<string> Next(SessionProgress session)
    {
        if (session.Stage == SessionStage.Emergency)
            yield return "emergency: give care, then record readings";
        if (session.ObservedUntil is null)
        {
            yield return "the dose, or its end without one";
            yield break;
        }
        foreach (var due in session.Readings)
        {
            var signs = string.Join(", ", due.Signs.Select(sign => sign.ToLowerInvariant().Replace('_', ' ')));
            yield return now > due.To.ToDateTimeOffset() ? $"readings of minute {due.Minute} were missed, {Clock(due.From)} to {Clock(due.To)}: {signs}"
                : now >= due.From.ToDateTimeOffset() ? $"readings now, until {Clock(due.To)}: {signs}"
                : $"readings from {Clock(due.From)} to {Clock(due.To)}: {signs}";
        }
        if (now < session.ObservedUntil.ToDateTimeOffset())
            yield return $"observe until {Clock(session.ObservedUntil)}";
        if (session.UnresolvedSideEffects.Count > 0)
            yield return $"the end of side effect {string.Join(", ", session.UnresolvedSideEffects)}";
        if (session.Checklist.Count > 0)
            yield return $"to leave, confirm: {string.Join(", ", session.Checklist.Select(Show.ChecklistItem))}";
        else
            yield return "to leave: blood pressure";
    }

    private static Kind KindOf(ClinicDayEntry entry) => entry.Entry switch
    {
        { Session.Length: > 0 } => Kind.Session,
        { Alert: > 0 } => Kind.Alert,
        { EmergencyAccess: > 0 } => Kind.Review,
        { RemsSession.Length: > 0 } or { RemsNotice: true } => Kind.Form,
        { ExpectedSession: true } => Kind.Expected,
        { Overdue: true } => Kind.Overdue,
        _ => Kind.Due,
    };

    /// <summary>The day that was agreed on, else the window.</summary>
    private string Days(ClinicDayEntry entry)
    {
        var overdue = entry.Entry.Overdue ? ", overdue" : "";
        return entry.PlannedOn.Length > 0 ? $"planned {entry.PlannedOn}{overdue}"
            : entry.FirstDay.Length > 0 ? (entry.FirstDay == entry.LastDay ? entry.FirstDay : $"{entry.FirstDay} to {entry.LastDay}") + overdue
            : $"until {When(entry.Entry.ClosesAt)}{overdue}";
    }

    private string Clock(Timestamp time) => Local(time).ToString("HH:mm", CultureInfo.InvariantCulture);

    private string Day(Timestamp time) => Local(time).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private string When(Timestamp time) => Local(time).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private DateTimeOffset Local(Timestamp time) => TimeZoneInfo.ConvertTime(time.ToDateTimeOffset(), zone);

    private enum Kind
    {
        Session,
        Alert,
        Expected,
        Overdue,
        Due,
        Review,
        Form,
    }
}
