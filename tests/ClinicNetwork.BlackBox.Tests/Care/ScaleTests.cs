using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>Scales as a client and as a person at the command line see them.</summary>
public sealed class ScaleTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private readonly Network _network = fixture.Network;

    [Fact]
    public async Task The_definitions_are_enough_to_fill_in_every_scale_and_come_by_pages()
    {
        var patient = await _network.TreatAsync("patients/scales-1");
        var scales = new List<Scale>();
        for (var token = "";;)
        {
            var page = await _network.Clinics.ListScalesAsync(new() { PageSize = 3, PageToken = token });
            scales.AddRange(page.Scales);
            token = page.NextPageToken;
            if (token.Length == 0)
            {
                break;
            }
        }

        Assert.Equal(Enum.GetValues<ScaleKind>().Where(k => k != ScaleKind.Unspecified), scales.Select(s => s.Kind));
        foreach (var scale in scales)
        {
            var highest = scale.Items.Select(i => (i.Key, i.Max));
            var answer = await _network.Patients.RecordScaleAsync(Valid.Scale(patient, $"{scale.Id}-1", scale.Kind, null, highest));
            Assert.Equal((scale.HasTotalMax, scale.TotalMax), (answer.HasTotal, answer.Total));
            Assert.Equal(scale.Bands.Count == 0 ? "" : scale.Bands[^1].Name, answer.Band);
            Assert.Equal(scale.Items.Max(i => i.Triage), answer.Triage);
            Assert.All(scale.Items, i => Assert.True(i.Code is { System: "http://loinc.org" or "urn:clinicnetwork:scales", Code.Length: > 0 }));
        }

        var read = (await _network.Patients.GetPatientAsync(new() { Name = patient })).Patient;
        Assert.Equal(scales.Count - 1, read.AnsweredScales.Count);
        var assessment = Assert.Single(read.Assessments);
        Assert.Equal((27, "SEVERE", 3, patient + "/assessments/phq-9-1"), (assessment.Total, assessment.Severity, assessment.Difficulty, assessment.Name));
    }

    [Fact]
    public async Task A_screen_that_finds_high_risk_says_so_again_on_every_way_and_is_in_the_record_once()
    {
        var patient = await _network.TreatAsync("patients/scales-2");
        var request = Valid.Scale(
            patient, "c-1", ScaleKind.CssrsScreener, null, ("wish", 1), ("thoughts", 1), ("method", 0), ("intent", 1), ("plan", 0), ("behaviour-ever", 0));
        var answer = await _network.Patients.RecordScaleAsync(request);
        Assert.Equal((false, "", RiskTriage.High, false), (answer.HasTotal, answer.Band, answer.Triage, answer.OverlapsEarlier));
        Assert.Equal([ScaleFollowUp.ImmediateRiskEvaluation], answer.FollowUps);

        Assert.Equal(answer, await _network.Patients.RecordScaleAsync(request));
        Assert.Equal(answer, await _network.OverFacts().Patients.RecordScaleAsync(request));
        var kept = Assert.Single((await _network.Patients.GetPatientAsync(new() { Name = patient })).Patient.AnsweredScales);
        Assert.Equal((RiskTriage.High, 1, 6, false), (kept.Triage, kept.ScaleVersion, kept.Items.Count, kept.HasTotal));
        var entry = (await _network.HistoryAsync(patient))[^1];
        Assert.Equal(("RecordScale", "ScaleRecorded,AlertRaised"), (entry.Command, string.Join(',', entry.Events)));
    }

    [Fact]
    public async Task Of_two_answers_that_re_read_the_same_days_the_later_is_marked_and_neither_refused()
    {
        var patient = await _network.TreatAsync("patients/scales-3");
        await _network.Patients.RecordScaleAsync(Valid.Scale(patient, "g-2", Valid.Past.AddDays(3)));
        Assert.False((await _network.Patients.RecordScaleAsync(Valid.Scale(patient, "g-1"))).OverlapsEarlier);
        await _network.Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-1"));
        await _network.Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-2", Valid.Past.AddDays(4)));

        var read = (await _network.Patients.GetPatientAsync(new() { Name = patient })).Patient;
        Assert.Equal([("g-2", true), ("g-1", false)], read.AnsweredScales.Select(a => (a.Name.Split('/')[^1], a.OverlapsEarlier)));
        Assert.Equal([false, true], read.Assessments.Select(a => a.OverlapsEarlier));
    }

    [Fact]
    public async Task The_command_line_lists_records_and_shows_them()
    {
        var patient = await _network.TreatAsync("patients/scales-4");
        var (code, listed, error) = await RunAsync("scales");
        Assert.True(code == 0, error);
        Assert.Contains("qids-sr-16 (qids-sr16/1)", listed, StringComparison.Ordinal);
        Assert.Contains("remains unvalidated", listed, StringComparison.Ordinal);

        (code, var told, error) = await RunAsync("patient", "scale", patient, "c-1", "--scale", "cssrs-screener", "--items", "0,0,-,-,-,1,1");
        Assert.True(code == 0, error);
        Assert.Contains("HIGH suicide risk", told, StringComparison.Ordinal);
        Assert.Contains("c-ssrs-screener risk high: version 4", told, StringComparison.Ordinal);
        (code, told, error) = await RunAsync("patient", "scale", patient, "g-1", "--scale", "gad-7", "--items", "1,1,1,2,2,0,-");
        Assert.True(code == 0, error);
        Assert.Contains("gad-7 8 of 21, MILD, prorated: version 5", told, StringComparison.Ordinal);

        (code, told, error) = await RunAsync("patient", "scale", patient, "l-1", "--scale", "long-term-safety", "--items", "0,0,2,1,0,0,0,0,0,0");
        Assert.True(code == 0, error);
        Assert.Contains("a clinician is to look", told, StringComparison.Ordinal);

        (code, _, error) = await RunAsync("patient", "scale", patient, "g-2", "--scale", "gad-7", "--items", "1,1,1,2,2,0,0,0");
        Assert.True(code != 0 && error.Contains("--items: give at most 7 answers of gad-7", StringComparison.Ordinal), error);
        (code, _, error) = await RunAsync("patient", "scale", patient, "g-2", "--scale", "gad-7", "--items", "1,1,1,2,2,0,4");
        Assert.True(code != 0 && error.Contains("items[6].value: Give 0 to 3. (ITEM_OUT_OF_RANGE)", StringComparison.Ordinal), error);

        var shown = (await RunAsync("patient", "show", patient)).Out;
        Assert.Contains("risk high", shown, StringComparison.Ordinal);
        Assert.Contains("prorated", shown, StringComparison.Ordinal);
        Assert.Contains("urine-pain 2, urine-blood 1", shown, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] arguments) =>
        Clinicnet.RunAsync(fixture.Server.Folder, [.. arguments, "--server", fixture.Server.Announced, "--identity", Path.Combine(fixture.Server.Folder, "admin.pem")]);
}
