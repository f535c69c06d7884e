using System.CommandLine;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;
using Option = System.CommandLine.Option;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RecordSafetyCheck
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var check = Given.Id("check");
        var result = new Result();
        var note = Given.Text("--note", "Anything else", 1000);
        var mutation = new Mutation();
        return new CliCommand(
            "safety-check", "Record liver tests, a test of cognition, a screen for misuse, a pregnancy test, or a screen of the urine: one at a time.",
            "patient safety-check patients/p-1 lft-1 --alt 31/40 --ast 28/40 --alp 70/120 --bilirubin 9/21umol",
            "patient safety-check patients/p-1 cog-1 --cognition \"MoCA 8.1;27;30;26\"",
            "patient safety-check patients/p-1 hcg-1 --pregnancy-test negative")
            .With(patient, check)
            .With([.. result.Options, note])
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                var request = new RecordSafetyCheckRequest { Patient = run.Of(patient), SafetyCheckId = run.Of(check), Note = run.Of(note) ?? "" };
                result.Put(run, request);
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    (request.RequestId, request.OccurredAt) = (id, at);
                    var answer = await network.Patients.RecordSafetyCheckAsync(request, cancellationToken: run.Cancelled);
                    if (answer.AsksFor.Length > 0)
                        run.Terminal.Line($"{answer.AsksFor} ({answer.Rule})");
                    return (answer.Receipt, $"{Show.Words(answer.Finding)}: ");
                });
            });
    }
    /// <summary>The result of one kind of check, by the options that are given.</summary>
    internal sealed class Result
    {
        private readonly Option<LiverValue>[] enzymes = [.. ((string[])["alt", "ast", "alp"]).Select(name =>
            Given.Option($"--{name}", $"{name.ToUpperInvariant()} and the laboratory's upper limit in U/L, VALUE/LIMIT", "VALUE/LIMIT", Parse.Enzyme))];
        private readonly Option<LiverValue> bilirubin = Given.Option("--bilirubin", "bilirubin and its upper limit, with the unit: 12/21umol or 0.7/1.2mg", "VALUE/LIMIT", Parse.Bilirubin);
        private readonly Option<CognitionTest> cognition = Given.Option("--cognition", "a test of cognition, NAME;SCORE;HIGHEST or NAME;SCORE;HIGHEST;NORMAL-FROM", "TEST", Parse.Cognition);
        private readonly Option<ScreenOutcome> misuse = Given.MayBeOneOf<ScreenOutcome>("--misuse-screen", "A screen for misuse");
        private readonly Option<ScreenOutcome> pregnancy = Given.MayBeOneOf<ScreenOutcome>("--pregnancy-test", "A pregnancy test");
        private readonly Option<ScreenOutcome> urine = Given.MayBeOneOf<ScreenOutcome>("--urine-screen", "A screen of the urine for drugs");
        private readonly Option<string[]> substances = Given.Many("--substance", "a substance that the screen of the urine found, 1 to 60 characters", "TEXT", text => text.Length is >= 1 and <= 60 ? text : null);
        private readonly Option<string?> instrument = Given.Text("--instrument", "What a screen was done by", 120);

        internal IEnumerable<Option> Options => [.. enzymes, bilirubin, cognition, misuse, pregnancy, urine, substances, instrument];

        internal void Put(Invocation run, RecordSafetyCheckRequest request)
        {
            var results = 0;
            LiverValue?[] values = [.. enzymes.Select(run.Of), run.Of(bilirubin)];
            if (values.Any(value => value is not null))
                (request.LiverPanel, results) = (new() { Alt = values[0], Ast = values[1], Alp = values[2], Bilirubin = values[3] }, results + 1);
            if (run.Of(cognition) is { } test)
                (request.CognitionTest, results) = (test, results + 1);
            ScreenResult Screen(ScreenOutcome outcome) => new() { Outcome = outcome, Instrument = run.Of(instrument) ?? "", Substances = { run.Of(substances) } };
            if (run.Of(misuse) is not ScreenOutcome.Unspecified and var misused)
                (request.MisuseScreen, results) = (Screen(misused), results + 1);
            if (run.Of(pregnancy) is not ScreenOutcome.Unspecified and var pregnant)
                (request.PregnancyTest, results) = (Screen(pregnant), results + 1);
            if (run.Of(urine) is not ScreenOutcome.Unspecified and var screened)
                (request.UrineDrugScreen, results) = (Screen(screened), results + 1);
            if (results != 1)
                throw new InputException("safety-check", "give the result of one kind of check");
        }
    }
}
