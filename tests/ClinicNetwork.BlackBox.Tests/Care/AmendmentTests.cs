using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>A wrong answer over the contract, SIGKILL and the command line.</summary>
public sealed class AmendmentTests
{
    [Fact]
    public async Task What_was_entered_in_error_is_kept_over_SIGKILL_and_shown_with_who_when_and_why()
    {
        await using var server = await ServerProcess.StartAsync();
        const string Patient = "patients/mistaken";
        using (var channel = server.Open())
        {
            var network = new Network(channel);
            await network.RegisterAsync(Network.Harbour);
            await network.TreatAsync(Patient);
            await network.Patients.RecordAssessmentAsync(Valid.Assessment(Patient, "a-1", total: 27));
            var answer = (await network.Patients.AmendFactAsync(Valid.Amendment(Patient, "a-2"))).Amendment;
            Assert.Equal((1, Patient + "/assessments/a-2"), (answer.Retraction, answer.ReplacedBy));
        }

        await server.KillAsync();
        await server.StartAgainAsync();
        using var again = server.Open();
        var read = await new Network(again).Patients.GetPatientAsync(new() { Name = Patient, Read = new() { Confirmed = true } });
        var kept = Assert.Single(read.RetractedFacts);
        Assert.Equal((Patient + "/assessments/a-1", "copied wrongly", 27, RetractedFact.OriginalOneofCase.Assessment), (kept.Fact, kept.Reason, kept.Assessment.Total, kept.OriginalCase));
        Assert.Empty(read.Patient.Assessments);
        Assert.Equal(Patient + "/assessments/a-2", Assert.Single(read.Patient.AnsweredScales).Name);
        var alert = Assert.Single(read.Patient.Alerts);
        Assert.Equal((Patient + "/assessments/a-1", 1, 0), (alert.Withdrawn.Single().Fact, alert.Withdrawn.Single().Retraction, alert.Causes.Count));
        Assert.NotNull(alert.ClosedAt);
        await AtTheCommandLineAsync(server, Patient);
    }

    private static async Task AtTheCommandLineAsync(ServerProcess server, string patient)
    {
        string[] at = ["--server", server.Address.GetLeftPart(UriPartial.Authority), "--identity", Path.Combine(server.Folder, "admin.pem")];
        using var folder = new TempFolder();
        var (code, told, error) = await Clinicnet.RunAsync(
            folder.Path,
            ["patient", "amend", patient, "assessments/a-2", "--reason", "a slip", "--as", "a-3", "--scale", "phq-9", "--items", "1,1,0,2,1,0,1,0,0", "--occurred-at", "2025-06-20T08:00Z", .. at]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("retraction 2, assessments/a-2 is now patients/mistaken/assessments/a-3: ", told, StringComparison.Ordinal);
        (code, told, error) = await Clinicnet.RunAsync(folder.Path, ["patient", "entered-in-error", patient, "assessments/a-3", "--reason", "not hers", .. at]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("retraction 3, assessments/a-3 entered in error: ", told, StringComparison.Ordinal);
        (_, var shown, _) = await Clinicnet.RunAsync(folder.Path, ["patient", "show", patient, .. at]);
        Assert.Contains("assessments/a-1", shown, StringComparison.Ordinal);
        Assert.Contains("PHQ-9 of 27", shown, StringComparison.Ordinal);
        Assert.Contains("over by retraction 1", shown, StringComparison.Ordinal);
        Assert.Contains("not hers", shown, StringComparison.Ordinal);
    }
}
