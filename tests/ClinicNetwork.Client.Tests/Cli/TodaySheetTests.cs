using ClinicNetwork.Cli.Commands.Clinics;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Client.Tests.Cli;

/// <summary>Every kind of a clinic's work has a table of its own.</summary>
public sealed class TodaySheetTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 10, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, string, string, WorklistEntry> Kinds => new()
    {
        { "Sessions in progress", "in progress", "1 session in progress", new() { Session = "patients/p-1/sessions/s-1", Overdue = true } },
        { "Alerts", "2026-06-30 12:00, overdue", "1 alert,", new() { Alert = 4, AlertLevel = 2, Overdue = true } },
        { "Sessions expected", "session/1/2", "1 expected", new() { ExpectedSession = true, Visit = "session/1/2", Overdue = true } },
        { "Overdue visits", "phq9/1/2", "1 visit overdue", new() { Visit = "phq9/1/2", VisitTitle = "PHQ-9", Overdue = true } },
        { "Visits due", "phq9/1/2", "1 due", new() { Visit = "phq9/1/2", VisitTitle = "PHQ-9" } },
        { "Emergency accesses to review", "clinics/hill", "1 review,", new() { EmergencyAccess = 1, Site = "clinics/hill", Overdue = true } },
        { "Monitoring forms to send", "s-7", "1 form", new() { RemsSession = "patients/p-1/sessions/s-7", Site = "clinics/hill", Overdue = true } },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_entry_is_in_the_table_of_its_kind_and_counted_there(string title, string cell, string count, WorklistEntry entry)
    {
        entry.Patient = "patients/p-1";
        entry.ClosesAt = Now.AddDays(-1).ToTimestamp();
        var day = new ListClinicDayResponse { ReadAt = Now.ToTimestamp(), Day = "2026-07-01", TimeZone = "Europe/Berlin", Entries = { new ClinicDayEntry { Entry = entry } } };
        using var output = new StringWriter();
        new TodaySheet(day).WriteTo(new Terminal(output, TextWriter.Null, live: false), "clinics/harbour", more: false);
        var page = output.ToString();
        Assert.Contains(cell, page, StringComparison.Ordinal);
        Assert.Contains(count, page, StringComparison.Ordinal);
        Assert.Equal([title], Kinds.Select(row => (string)row[0]).Where(known => page.Contains("\n" + known, StringComparison.Ordinal)));
    }
}
