using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>The consultation in full, eligibility and safety checks as a client and as a person at the command line see them.</summary>
public sealed class ConsultationTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private readonly Network _network = fixture.Network;

    [Fact]
    public async Task What_was_said_is_read_back_with_number_time_and_author()
    {
        const string patient = "patients/consulted-1";
        await _network.Patients.EnrolPatientAsync(Valid.Enrolment(patient, Network.Harbour));
        await _network.Patients.RecordConsultationAsync(Valid.Consultation(patient));
        var request = Valid.Detailed(patient);
        var answer = await _network.Patients.RecordConsultationAsync(request);
        Assert.Equal((1, 1, 1), (answer.InadequateResponses, answer.PresentEpisodeFailures, answer.PresentEpisodeFailuresMax));
        Assert.Equal(answer, await _network.OverFacts().Patients.RecordConsultationAsync(request));

        var expected = request.Consultation.Clone();
        (expected.Number, expected.OccurredAt, expected.RecordedBy) = (2, request.OccurredAt, "admin");
        Assert.Equal(expected, (await _network.Patients.GetPatientAsync(new() { Name = patient })).Patient.Consultation);
    }

    [Fact]
    public async Task A_condition_by_code_stops_the_session_and_says_so_in_the_eligibility()
    {
        var patient = await _network.TreatAsync("patients/consulted-2");
        var found = Valid.Detailed(patient);
        found.Consultation.Findings[0].Present = true;
        await _network.Patients.RecordConsultationAsync(found);
        await RefusalSeen.AssertAsync(StatusCode.FailedPrecondition, "CONTRAINDICATED", async () => await _network.Patients.StartSessionAsync(Valid.Start(patient, "s-1")));

        var eligibility = await _network.Patients.GetEligibilityAsync(Valid.Eligibility(patient));
        Assert.Equal(EligibilityVerdict.NotEligible, eligibility.Verdict);
        var line = eligibility.Lines.Single(l => l.Rule == "no-hypersensitivity/1");
        Assert.Equal((RuleAnswer.NotMet, RuleEffect.Stops, "present", "consultations/2"), (line.Answer, line.Effect, line.Value, line.Fact));
        Assert.StartsWith("Spravato label", line.Source, StringComparison.Ordinal);
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", line.Day);

        found.RequestId = Valid.Id();
        found.Consultation.Findings[0].Present = false;
        await _network.Patients.RecordConsultationAsync(found);
        await _network.Patients.StartSessionAsync(Valid.Start(patient, "s-1"));
        Assert.Equal(EligibilityVerdict.Undetermined, (await _network.Patients.GetEligibilityAsync(Valid.Eligibility(patient))).Verdict);
    }

    [Fact]
    public async Task A_safety_check_is_read_warns_and_completes_its_row_of_the_calendar()
    {
        var patient = await _network.TreatAsync("patients/consulted-3");
        await _network.Patients.RecordSafetyCheckAsync(Valid.SafetyCheck(patient, "l-1", Valid.Past.AddDays(-3)));
        await _network.Patients.StartSessionAsync(Valid.Start(patient, "s-1"));
        await _network.Patients.RecordDoseAsync(Valid.Dose(patient, "s-1"));
        var read = await _network.Patients.GetPatientAsync(new() { Name = patient });
        Assert.Empty(read.SafetyWarnings);
        var row = read.FollowUps.Single(v => v.Rule == "liver-panel-baseline/1");
        Assert.Equal((FollowUpState.Done, SafetyCheckKind.LiverPanel, ScaleKind.Unspecified, patient + "/safetyChecks/l-1"), (row.State, row.SafetyCheck, row.Scale, row.Answer));

        var raised = Valid.SafetyCheck(patient, "l-2");
        raised.LiverPanel.Alt.Value = 121;
        var answer = await _network.Patients.RecordSafetyCheckAsync(raised);
        Assert.Equal((SafetyFinding.Review, "liver-panel/1"), (answer.Finding, answer.Rule));
        Assert.Equal(answer, await _network.OverFacts().Patients.RecordSafetyCheckAsync(raised));
        await RefusalSeen.AssertAsync(StatusCode.AlreadyExists, "SAFETY_CHECK_EXISTS", async () => await _network.Patients.RecordSafetyCheckAsync(Valid.SafetyCheck(patient, "l-2")));
        read = await _network.Patients.GetPatientAsync(new() { Name = patient });
        var warning = Assert.Single(read.SafetyWarnings);
        Assert.Equal((patient + "/safetyChecks/l-2", SafetyFinding.Review, answer.AsksFor), (warning.SafetyCheck, warning.Finding, warning.AsksFor));
        Assert.Equal([SafetyFinding.Unremarkable, SafetyFinding.Review], read.Patient.SafetyChecks.Select(c => c.Finding));
        Assert.Equal(raised.LiverPanel, read.Patient.SafetyChecks[1].LiverPanel);
    }

    [Fact]
    public async Task The_command_line_consults_checks_and_explains()
    {
        const string patient = "patients/consulted-4";
        await _network.Patients.EnrolPatientAsync(Valid.Enrolment(patient, Network.Harbour));
        Assert.Contains("intracerebral-haemorrhage/1", await RunAsync("contraindications"), StringComparison.Ordinal);
        var told = await RunAsync(
            "patient", "consult", patient, "--diagnosis", "F33.2", "--earlier", "sertraline:inadequate:none:class=ssri,dose=150mg,weeks=8,adherence=good,episode=present",
            "--earlier", "venlafaxine:adequate:partial", "--risk", "as on the sheet", "--discussed", "driving", "--present", "cystitis", "--absent", "others",
            "--medication", "lorazepam:benzodiazepine:1 mg", "--allergy", "latex", "--pregnancy", "possible", "--baseline-scale", "phq-9", "--acute-ideation", "no", "--treatment-consent");
        Assert.Contains("2 adequate treatments without full response, 1 to 2 in the present episode: version 2", told, StringComparison.Ordinal);

        told = await RunAsync("patient", "safety-check", patient, "l-1", "--alt", "130/40", "--bilirubin", "50/21umol");
        Assert.Contains("No dose; find the cause", told, StringComparison.Ordinal);
        Assert.Contains("hold: version 3", told, StringComparison.Ordinal);
        Assert.Contains("unremarkable: version 4", await RunAsync("patient", "safety-check", patient, "c-1", "--cognition", "MoCA 8.1;27;30;26"), StringComparison.Ordinal);
        Assert.Contains("review: version 5", await RunAsync("patient", "safety-check", patient, "u-1", "--urine-screen", "positive", "--substance", "opioids"), StringComparison.Ordinal);
        var (code, _, error) = await Clinicnet.RunAsync(fixture.Server.Folder, ["patient", "safety-check", patient, "x-1", "--alt", "30/40", "--pregnancy-test", "negative", .. Server]);
        Assert.True(code != 0 && error.Contains("give the result of one kind of check", StringComparison.Ordinal), error);

        told = await RunAsync("patient", "eligibility", patient, "--protocol", "esketamine-nasal-induction");
        Assert.StartsWith("undetermined; ", told, StringComparison.Ordinal);
        Assert.Contains("  unknown, stops: Depression that resists treatment", told, StringComparison.Ordinal);
        Assert.Contains("  not met, warns: Not: Ulcerative or interstitial cystitis: present (consultations/1, ", told, StringComparison.Ordinal);
        Assert.DoesNotContain("hypersensitivity", told, StringComparison.Ordinal);
        Assert.Contains("no-hypersensitivity/1", await RunAsync("patient", "eligibility", patient, "--protocol", "ketamine-iv-induction", "--all"), StringComparison.Ordinal);

        var shown = await RunAsync("patient", "show", patient);
        Assert.Contains("  against   cystitis; 10 asked about and absent", shown, StringComparison.Ordinal);
        Assert.Contains("  takes     lorazepam (benzodiazepine)", shown, StringComparison.Ordinal);
        Assert.Contains("  WARNING   liver panel of ", shown, StringComparison.Ordinal);
        Assert.Contains("ALT 130", shown, StringComparison.Ordinal);
    }

    private string[] Server => ["--server", fixture.Server.Announced, "--identity", Path.Combine(fixture.Server.Folder, "admin.pem")];

    private async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output, error) = await Clinicnet.RunAsync(fixture.Server.Folder, [.. arguments, .. Server]);
        Assert.True(code == 0, error);
        return output;
    }
}
