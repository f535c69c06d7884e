using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Spectre.Console;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class ShowEligibility
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var protocol = Given.Required(Given.Text("--protocol", "Protocol, for example esketamine-nasal-induction", 60));
        var version = Given.Whole("--protocol-version", "Version of the protocol", 1, 999, 1);
        var all = Given.Flag("--all", "Show the rules that are met too, and every source");
        var json = Given.Json();
        return new CliCommand(
            "eligibility", "Explain whether a protocol is for a patient: rule, fact, source.", "patient eligibility patients/p-1 --protocol esketamine-nasal-induction")
            .With(patient, protocol, version, all, json)
            .Runs(async run =>
            {
                using var network = run.Connect();
                var name = run.Of(protocol)!;
                var answer = await network.Patients.GetEligibilityAsync(
                    new() { Name = run.Of(patient), Protocol = name.Contains('/', StringComparison.Ordinal) ? name : "protocols/" + name, ProtocolVersion = run.Of(version) }, cancellationToken: run.Cancelled);
                if (run.Of(json))
                {
                    run.Terminal.Line(JsonFormatter.Default.Format(answer));
                    return;
                }
                run.Terminal.Line($"{Show.Words(answer.Verdict)}; {Show.Count(answer.Lines.Count(l => l.Answer == RuleAnswer.Met), "rule")} of {answer.Lines.Count} met");
                foreach (var line in answer.Lines.Where(l => run.Of(all) || l.Answer != RuleAnswer.Met))
                {
                    var fact = line.Fact.Length == 0 ? "" : $" ({line.Fact}{(line.Day.Length > 0 ? $", {line.Day}" : "")})";
                    run.Terminal.Line($"  {Show.Words(line.Answer)}, {Show.Words(line.Effect)}: {line.Text}: {line.Value}{fact}");
                    if (line.Answer != RuleAnswer.Met && line.AsksFor.Length > 0)
                        run.Terminal.Console.Write(new Padder(new Text(line.AsksFor), new Padding(6, 0, 0, 0)));
                    run.Terminal.Console.Write(new Padder(new Text($"{line.Rule}: {line.Source}"), new Padding(6, 0, 0, 0)));
                }
            });
    }
}
