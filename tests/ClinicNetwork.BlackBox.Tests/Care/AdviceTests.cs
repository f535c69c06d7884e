using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>Advice over the contract and the command line: read, followed by a revision, decided, over a kill.</summary>
public sealed class AdviceTests
{
    private const string Patient = "patients/advised";

    [Fact]
    public async Task Advice_is_read_followed_by_a_revision_and_decided_at_the_command_line_and_is_kept_over_a_kill()
    {
        await using var server = await ServerProcess.StartAsync();
        using (var channel = server.Open())
        {
            var network = new Network(channel);
            await network.RegisterAsync(Network.Harbour);
            await network.TreatAsync(Patient, protocol: "protocols/ketamine-im");
            await network.Patients.StartSessionAsync(Valid.Start(Patient, "s-1").WithChecks());
            await network.Patients.RecordDoseAsync(Valid.Dose(Patient, "s-1"));
            var effect = Valid.SideEffect(Patient, "s-1");
            (effect.Kind, effect.Severity) = (SideEffectKind.Dissociation, SideEffectSeverity.Severe);
            await network.Patients.RecordSideEffectAsync(effect);
            await network.Patients.RecordLeavingAsync(Valid.Leaving(Patient, "s-1"));
        }

        string[] at = ["--server", server.Address.GetLeftPart(UriPartial.Authority), "--identity", Path.Combine(server.Folder, "admin.pem")];
        using var folder = new TempFolder();
        async Task<string> RunAsync(params string[] arguments)
        {
            var (code, told, error) = await Clinicnet.RunAsync(folder.Path, [.. arguments, .. at]);
            Assert.Equal((0, ""), (code, error));
            return told;
        }

        const string Id = "step-dose-down/1@side-effects/1+plan/dose-0.5-mg-per-kg";
        var advice = await RunAsync("patient", "advice", Patient);
        Assert.Contains("decision support, not a medical device", advice, StringComparison.Ordinal);
        Assert.Contains("because  side-effects/1: severe, in the last session", advice, StringComparison.Ordinal);
        Assert.Contains("within   0.25 to 1 mg/kg: protocols/ketamine-im, version 1", advice, StringComparison.Ordinal);
        Assert.Contains("id       " + Id, advice, StringComparison.Ordinal);
        Assert.Contains("missing: a PHQ-9 above 0", advice, StringComparison.Ordinal);
        Assert.Contains("Lower the dose to 0.4 mg/kg. [step-dose-down/1]", await RunAsync("patient", "show", Patient), StringComparison.Ordinal);
        Assert.Contains("revision 2", await RunAsync(
            "patient", "revise", Patient, "--dose-mg-per-kg", "0.4", "--phase", "induction", "--interval-days", "4", "--support", "psychotherapy;Dr A;7;2025-07-01", "--reason", "not tolerated"), StringComparison.Ordinal);
        Assert.Contains("decision 1, followed: ", await RunAsync(
            "patient", "decide-advice", Patient, "--advice", Id, "--verdict", "followed", "--plan-revision", "2", "--reason", "agreed"), StringComparison.Ordinal);
        Assert.Contains("psychotherapy missed: ", await RunAsync("patient", "support", Patient, "t-1", "--kind", "psychotherapy", "--missed", "ill"), StringComparison.Ordinal);

        await server.KillAsync();
        await server.StartAgainAsync();
        at[1] = server.Address.GetLeftPart(UriPartial.Authority);
        var shown = await RunAsync("patient", "show", Patient);
        Assert.DoesNotContain("Advice (", shown, StringComparison.Ordinal);
        Assert.Contains("  phase: induction, chosen", shown, StringComparison.Ordinal);
        Assert.Contains("  interval: every 4 days in induction", shown, StringComparison.Ordinal);
        Assert.Contains("  psychotherapy: every 7 days from 2025-07-01, Dr A; 0 attended, 1 missed", shown, StringComparison.Ordinal);
        Assert.Contains("decided 1: Lower the dose to 0.4 mg/kg. [step-dose-down/1] followed, plan revision 2, ", await RunAsync("patient", "advice", Patient), StringComparison.Ordinal);
    }
}
