using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>Requests for doses, and what time alone warns of, over the contract, the command line and SIGKILL. The clock begins on 1 July 2025.</summary>
public sealed class WarningTests
{
    [Fact]
    public async Task SIGKILL_between_two_requests_and_after_them_loses_no_pattern_and_the_command_line_tells_it()
    {
        await using var server = await ServerProcess.StartAsync();
        string patient;
        using (var channel = server.Open())
        {
            var network = new Network(channel);
            await network.RegisterAsync(Network.Harbour);
            patient = await network.TreatAsync("patients/asking");
        }

        using var folder = new TempFolder();
        string[] asked = ["patient", "dose-request", patient, "r-1", "--kind", "early", "--requester", "patient", "--decision", "granted", "--reason", "an exam the next day"];
        var (code, told, error) = await Clinicnet.RunAsync(folder.Path, [.. asked, .. At(server)]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("request r-1 recorded: ", told, StringComparison.Ordinal);
        await server.KillAsync();
        await server.StartAgainAsync();
        using (var channel = server.Open())
        {
            var network = new Network(channel);
            Assert.Empty(await AlertsAsync(network, patient));
            await network.Patients.RecordRequestForDoseAsync(Valid.RequestForDose(patient, "r-2"));
        }

        await server.KillAsync();
        await server.StartAgainAsync();
        using var again = server.Open();
        var alert = Assert.Single(await AlertsAsync(new(again), patient));
        Assert.Equal((AlertKind.MisusePattern, 1, false), (alert.Kind, alert.Level, alert.Historical));
        Assert.Equal([patient + "/dose-requests/r-1", patient + "/dose-requests/r-2"], alert.Causes.Order());
        (_, var shown, _) = await Clinicnet.RunAsync(folder.Path, ["patient", "show", patient, .. At(server)]);
        Assert.Contains("patient: early, granted by ", shown, StringComparison.Ordinal);
        Assert.Contains("  alert     1 misuse pattern, level 1, clinician until ", shown, StringComparison.Ordinal);
    }

    /// <summary>A responder by a protocol with phases gets one dose; the next ones do not come.</summary>
    [Fact]
    public async Task Doses_that_stop_are_noticed_by_time_alone_once_over_SIGKILL()
    {
        await using var server = await ServerProcess.StartAsync();
        var patient = await DoseAsync(server);
        await server.KillAsync();
        await server.StartAgainAsync();
        using (var channel = server.Open())
        {
            await new Network(channel).AdvanceAsync(ServerProcess.ClockStart.AddDays(10));
        }

        await server.KillAsync();
        await server.StartAgainAsync();
        using var again = server.Open();
        var network = new Network(again);
        await network.AdvanceAsync(ServerProcess.ClockStart.AddDays(30));
        var alert = Assert.Single(await AlertsAsync(network, patient));
        Assert.Equal((AlertKind.AbruptStop, 2, patient + "/sessions/s-1/dose"), (alert.Kind, alert.Level, Assert.Single(alert.Causes)));
        Assert.Single(await network.HistoryAsync(patient), e => e.Command == "NoticeLapse");
    }

    private static async Task<string> DoseAsync(ServerProcess server)
    {
        using var channel = server.Open();
        var network = new Network(channel);
        await network.RegisterAsync(Network.Harbour);
        var patient = await network.TreatAsync("patients/stopping", protocol: "protocols/ketamine-im");
        await network.Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-1", Valid.Past.AddDays(-1), total: 20));
        await network.Patients.StartSessionAsync(Valid.Start(patient, "s-1").WithChecks());
        await network.Patients.RecordDoseAsync(Valid.Dose(patient, "s-1"));
        await network.Patients.RecordLeavingAsync(Valid.Leaving(patient, "s-1"));
        await network.Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-2", Valid.Past.AddDays(1), total: 8));
        return patient;
    }

    private static string[] At(ServerProcess server) => ["--server", server.Address.GetLeftPart(UriPartial.Authority), "--identity", Path.Combine(server.Folder, "admin.pem")];

    private static async Task<IReadOnlyList<Alert>> AlertsAsync(Network network, string patient) =>
        (await network.Patients.GetPatientAsync(new() { Name = patient, Read = new() { Confirmed = true } })).Patient.Alerts;
}
