using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>The follow-up calendar and goals as a client and as a person at the command line see them, by the store's clock.</summary>
public sealed class FollowUpTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private const string Patient = "patients/followed";
    private const int DaysSinceFirstDose = 45;

    private static readonly DateTimeOffset FirstDose = ServerProcess.ClockStart.AddDays(-DaysSinceFirstDose);

    [Fact]
    public async Task A_course_has_its_calendar_and_its_goals_over_the_contract_and_the_command_line()
    {
        var network = fixture.Network;
        await network.Patients.EnrolPatientAsync(Valid.Enrolment(Patient, Network.Harbour));
        await network.Patients.RecordConsultationAsync(Valid.Consultation(Patient));
        var plan = Valid.Plan(Patient, Valid.Intravenous);
        plan.Goals.Add(new Goal { Text = "sleep without fear", Measure = ScaleKind.Gad7, TargetTotal = 7, TargetDate = "2025-06-20" });
        await network.Patients.CreatePlanAsync(plan);
        var before = await ReadAsync(network);
        Assert.Empty(before.FollowUps);
        Assert.Equal([(false, false), (false, true)], before.Goals.Select(g => (g.HasLatest, g.Overdue)));

        await AnswerAsync(network, -1, 20);
        foreach (var day in (int[])[0, 3, 7, 10])
        {
            var (session, at) = ($"s-{day}", FirstDose.AddDays(day));
            await network.Patients.StartSessionAsync(Valid.Start(Patient, session, at));
            await network.Patients.RecordDoseAsync(Valid.Dose(Patient, session, at));
            await network.Patients.CompleteSessionAsync(Valid.Completion(Patient, session, at));
        }

        await AnswerAsync(network, 10 + 14, 9);
        await AnswerAsync(network, 43, 27);
        await network.Patients.RecordScaleAsync(Valid.Scale(Patient, "g-1", FirstDose.AddDays(30)));

        var read = await ReadAsync(network);
        var baseline = Of(read, "phq9-baseline/1", 1);
        Assert.Equal((FollowUpState.Done, Patient + "/assessments/a-99", FirstDose.AddDays(-1).ToTimestamp()), (baseline.State, baseline.Answer, baseline.AnsweredAt));
        var end = Of(read, "phq9-end-of-induction/1", 1);
        Assert.Equal((FollowUpState.Done, Milestone.EndOfInduction, "2025-06-10", "2025-06-27"), (end.State, end.Milestone, end.FirstDay, end.LastDay));
        Assert.Equal((FollowUpState.Missed, MissingReason.NotAttended), (Of(read, "phq9-before-session/1", 2).State, Of(read, "phq9-before-session/1", 2).MissingReason));
        Assert.Equal(FollowUpState.Overdue, Of(read, "cssrs-after-item-9/1", 1).State);
        Assert.Equal((FollowUpState.Upcoming, ScaleKind.LongTermSafety), (Of(read, "long-term-safety/1", 2).State, Of(read, "long-term-safety/1", 2).Scale));
        Assert.Equal([("sleep through the night", 20, 27, "2025-06-10"), ("sleep without fear", 0, 7, "2025-06-16")], read.Goals.Select(g => (g.Text, g.Baseline, g.Latest, g.ReachedOn)));

        await CheckCommandLineAsync();
        await network.Patients.RecordMissedVisitAsync(new()
        {
            RequestId = Valid.Id(), Patient = Patient, Milestone = Milestone.Week4, Reason = MissingReason.Unreachable, OccurredAt = ServerProcess.ClockStart.ToTimestamp(),
        });
        await network.AdvanceAsync(ServerProcess.ClockStart.AddDays(10));
        read = await ReadAsync(network);
        Assert.Equal((FollowUpState.Missed, MissingReason.Unreachable), (Of(read, "phq9-two-weekly/1", 2).State, Of(read, "phq9-two-weekly/1", 2).MissingReason));
        Assert.Equal(FollowUpState.Due, Of(read, "long-term-safety/1", 2).State);
    }

    [Fact]
    public async Task The_rules_come_in_pages_with_their_sources()
    {
        var rules = new List<FollowUpRule>();
        for (var token = "";;)
        {
            var page = await fixture.Network.Clinics.ListFollowUpRulesAsync(new() { PageSize = 3, PageToken = token });
            rules.AddRange(page.Rules);
            token = page.NextPageToken;
            if (token.Length == 0)
            {
                break;
            }
        }

        Assert.Equal((await fixture.Network.Clinics.ListFollowUpRulesAsync(new())).Rules, rules);
        Assert.Contains(rules, r => r is { Id: "phq9-end-of-induction", Version: 1, Scale: ScaleKind.Phq9 } && r.Source.StartsWith("McInnes", StringComparison.Ordinal));
        Assert.All(rules, r => Assert.All([r.Id, r.Title, r.Source], text => Assert.NotEqual("", text)));
    }

    private async Task CheckCommandLineAsync()
    {
        string[] server = ["--server", fixture.Server.Address.GetLeftPart(UriPartial.Authority), "--identity", Path.Combine(fixture.Server.Folder, "admin.pem")];
        using var folder = new TempFolder();
        var shown = await RunAsync(folder, ["patient", "show", Patient, .. server]);
        Assert.Contains("  goal: sleep through the night, PHQ-9 of 9 by 2025-12-01\n        20 before, 27 now; reached on 2025-06-10\n", shown, StringComparison.Ordinal);
        Assert.Contains("  goal: sleep without fear, GAD-7 of 7 by 2025-06-20\n        7 now; reached on 2025-06-16\n", shown, StringComparison.Ordinal);
        var due = shown[shown.IndexOf("Due and overdue", StringComparison.Ordinal)..].Split('\n').TakeWhile(line => line.Length > 0).ToArray();
        Assert.Contains(due, line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["2025-06-29", "2025-06-29", "overdue", "cssrs-after-item-9/1/2025-06-29", "C-SSRS", ..]);
        Assert.DoesNotContain(due, line => line.Contains("upcoming", StringComparison.Ordinal) || line.Contains("done", StringComparison.Ordinal));

        var calendar = await RunAsync(folder, ["patient", "calendar", Patient, .. server]);
        Assert.Contains(calendar.Split('\n'), line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["2025-06-10", "2025-06-27", "done", "phq9-end-of-induction/1/1", .., "a-124"]);
        Assert.Contains("upcoming", calendar, StringComparison.Ordinal);
        Assert.Contains("phq9-end-of-induction/1  PHQ-9 on days 14 to 31 after induction", await RunAsync(folder, ["follow-ups", .. server]), StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(TempFolder folder, string[] arguments)
    {
        var (code, output, error) = await Clinicnet.RunAsync(folder.Path, arguments);
        Assert.Equal((0, ""), (code, error));
        return output;
    }

    private static async Task AnswerAsync(Network network, int day, int total) =>
        await network.Patients.RecordAssessmentAsync(Valid.Assessment(Patient, $"a-{day + 100}", FirstDose.AddDays(day), total));

    private static async Task<GetPatientResponse> ReadAsync(Network network) => await network.Patients.GetPatientAsync(new() { Name = Patient, Read = new() { Confirmed = true } });

    private static FollowUpVisit Of(GetPatientResponse read, string rule, int occurrence) => read.FollowUps.Single(v => v.Rule == rule && v.Occurrence == occurrence);
}
