using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>What a clinic reads of a course: each definition's judgement, by the store's clock, over the contract and the command line.</summary>
public sealed class JudgementTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private const string Patient = "patients/judged";
    private const int DaysSinceFirstDose = 45;

    private static readonly DateTimeOffset FirstDose = ServerProcess.ClockStart.AddDays(-DaysSinceFirstDose);

    [Fact]
    public async Task A_course_is_judged_by_every_definition_that_is_listed()
    {
        var network = fixture.Network;
        await network.TreatAsync(Patient);
        Assert.Empty((await network.Patients.GetPatientAsync(new() { Name = Patient })).Judgements);
        await AnswerAsync(network, -1, 20);
        foreach (var day in (int[])[0, 3, 7, 10])
        {
            var (session, at) = ($"s-{day}", FirstDose.AddDays(day));
            await network.Patients.StartSessionAsync(Valid.Start(Patient, session, at));
            await network.Patients.RecordDoseAsync(Valid.Dose(Patient, session, at));
            await network.Patients.CompleteSessionAsync(Valid.Completion(Patient, session, at));
        }

        await AnswerAsync(network, 10 + 14, 4);
        await AnswerAsync(network, 42, 6);

        var keys = (await DefinitionsAsync(network)).Select(d => $"{d.Id}/{d.Version}");
        var judged = await JudgementsAsync(network);
        Assert.Equal(keys, judged.Select(j => j.Definition));
        var mcInnes = Of(judged, "remission-phq9-mcinnes/1");
        Assert.Equal((JudgementKind.Met, true, 4), (mcInnes.Kind, mcInnes.Final, Only(mcInnes).Total));
        var va = Of(judged, "remission-phq9-va/1");
        Assert.Equal((JudgementKind.NotMet, false, "PHQ-9", 20, 6), (va.Kind, va.Final, Only(va).Scale, Only(va).Baseline, Only(va).Total));
        Assert.Equal((JudgementKind.Missing, MissingReason.BaselineMissing), (Of(judged, "response-gad7-hull/1").Kind, Of(judged, "response-gad7-hull/1").MissingReason));
        Assert.Equal(JudgementKind.NotYet, Of(judged, "loss-of-response-week8-phq9-mcinnes/1").Kind);
        Assert.Equal(JudgementKind.EligibilityUnknown, Of(judged, "relapse-madrs-sustain1/1").Kind);

        await CheckCommandLineAsync();
        await network.AdvanceAsync(ServerProcess.ClockStart.AddDays(10));
        Assert.True(Of(await JudgementsAsync(network), "remission-phq9-va/1").Final);
    }

    [Fact]
    public async Task Definitions_come_in_pages_with_rule_window_and_source()
    {
        var all = await DefinitionsAsync(fixture.Network);
        Assert.Equal(all, await DefinitionsAsync(fixture.Network, pageSize: 7));
        Assert.Contains("remission-phq9-mcinnes", all.Select(d => d.Id));
        Assert.All(all, d => Assert.All([d.Id, d.Scale, d.Rule, d.Window, d.Source], text => Assert.NotEqual("", text)));
    }

    private async Task CheckCommandLineAsync()
    {
        string[] server = ["--server", fixture.Server.Address.GetLeftPart(UriPartial.Authority), "--identity", Path.Combine(fixture.Server.Folder, "admin.pem")];
        using var folder = new TempFolder();
        var (code, listed, error) = await Clinicnet.RunAsync(folder.Path, ["definitions", .. server]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("remission-phq9-va/1  PHQ-9", listed, StringComparison.Ordinal);
        Assert.Contains("source: Pfeiffer 2024", listed, StringComparison.Ordinal);
        (code, var shown, error) = await Clinicnet.RunAsync(folder.Path, ["patient", "show", Patient, .. server]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains(shown.Split('\n'), line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["remission-phq9-va/1", "not", "met", "PHQ-9", "20", "6", "2025-06-28"]);
        Assert.Contains("  no baseline: recovery-nhs/1, relapse-madrs-sustain1/1, ", shown, StringComparison.Ordinal);
    }

    private static async Task AnswerAsync(Network network, int day, int total) =>
        await network.Patients.RecordAssessmentAsync(Valid.Assessment(Patient, $"a-{day + 100}", FirstDose.AddDays(day), total));

    private static async Task<IReadOnlyList<OutcomeJudgement>> JudgementsAsync(Network network) =>
        (await network.Patients.GetPatientAsync(new() { Name = Patient, Read = new() { Confirmed = true } })).Judgements;

    private static async Task<IReadOnlyList<OutcomeDefinition>> DefinitionsAsync(Network network, int pageSize = 0)
    {
        var definitions = new List<OutcomeDefinition>();
        var token = "";
        do
        {
            var page = await network.Clinics.ListOutcomeDefinitionsAsync(new() { PageSize = pageSize, PageToken = token });
            definitions.AddRange(page.Definitions);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return definitions;
    }

    private static OutcomeJudgement Of(IReadOnlyList<OutcomeJudgement> judgements, string definition) => judgements.Single(j => j.Definition == definition);

    private static JudgedTotal Only(OutcomeJudgement judgement) => Assert.Single(judgement.Totals);
}
