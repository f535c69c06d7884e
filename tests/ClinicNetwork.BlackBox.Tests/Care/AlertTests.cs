using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>An early warning over the contract, the command line and SIGKILL.</summary>
public sealed class AlertTests
{
    /// <summary>The clock begins on 1 July 2025 at 7:00 in Berlin.</summary>
    private static readonly DateTimeOffset DayEnds = new(2025, 7, 1, 22, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task SIGKILL_after_the_answer_loses_no_alert_and_it_escalates_once_and_is_acknowledged_at_the_command_line()
    {
        await using var server = await ServerProcess.StartAsync();
        var patient = await RecordAsync(server);
        await server.KillAsync();
        await server.StartAgainAsync();
        using (var channel = server.Open())
        {
            var alert = await AlertAsync(new(channel), patient);
            Assert.Equal((1, AlertKind.RiskScreenDue, 1, DayEnds), (alert.Number, alert.Kind, alert.Level, alert.DueAt.ToDateTimeOffset()));
            Assert.Equal([patient + "/assessments/a-1"], alert.Causes);
            Assert.Equal(["clinician", "nurse"], alert.Owners);
            await new Network(channel).AdvanceAsync(DayEnds);
        }

        await server.KillAsync();
        await server.StartAgainAsync();
        using var again = server.Open();
        var network = new Network(again);
        Assert.Equal((2, null), ((await AlertAsync(network, patient)).Level, (await AlertAsync(network, patient)).ClosedAt));
        Assert.Single(await network.HistoryAsync(patient), e => e.Command == "EscalateAlert");
        // The screen stands there as its alert; whatever else the calendar asks for is beside it.
        var entry = Assert.Single((await network.As(Network.Harbour).Clinics.ListWorklistAsync(new() { Parent = Network.Harbour })).Entries, e => e.Visit.Length == 0);
        Assert.Equal((patient, 1, AlertKind.RiskScreenDue, 2, Milestone.Unspecified), (entry.Patient, entry.Alert, entry.AlertKind, entry.AlertLevel, entry.Milestone));
        await AcknowledgeAsync(server, patient);
        Assert.Equal("screened by telephone, safe", (await AlertAsync(network, patient)).Done);
        Assert.DoesNotContain((await network.As(Network.Harbour).Clinics.ListWorklistAsync(new() { Parent = Network.Harbour })).Entries, e => e.Alert > 0);
    }

    private static async Task<string> RecordAsync(ServerProcess server)
    {
        using var channel = server.Open();
        var network = new Network(channel);
        await network.RegisterAsync(Network.Harbour);
        var patient = await network.TreatAsync("patients/warned");
        var assessment = Valid.Assessment(patient, "a-1", total: 0);
        assessment.Items[8] = 1;
        Assert.True((await network.Patients.RecordAssessmentAsync(assessment)).SuicideRiskScreenDue);
        return patient;
    }

    private static async Task AcknowledgeAsync(ServerProcess server, string patient)
    {
        string[] at = ["--server", server.Address.GetLeftPart(UriPartial.Authority), "--identity", Path.Combine(server.Folder, "admin.pem")];
        using var folder = new TempFolder();
        var (_, listed, _) = await Clinicnet.RunAsync(folder.Path, ["clinic", "worklist", Network.Harbour, .. at]);
        Assert.Contains("alert 1, ", listed, StringComparison.Ordinal);
        Assert.Contains("0 visits, 0 sessions, 0 reviews, 1 alerts, 0 forms, 0 overdue", listed, StringComparison.Ordinal);
        var (code, told, error) = await Clinicnet.RunAsync(folder.Path, ["patient", "acknowledge-alert", patient, "--alert", "1", "--done", "screened by telephone, safe", .. at]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("alert 1 acknowledged: ", told, StringComparison.Ordinal);
        (_, var shown, _) = await Clinicnet.RunAsync(folder.Path, ["patient", "show", patient, .. at]);
        Assert.Contains("  alert     1 risk screen due, acknowledged by ", shown, StringComparison.Ordinal);
    }

    private static async Task<Alert> AlertAsync(Network network, string patient) =>
        Assert.Single((await network.Patients.GetPatientAsync(new() { Name = patient, Read = new() { Confirmed = true } })).Patient.Alerts);
}
