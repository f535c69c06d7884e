using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Exchange.V1;

namespace ClinicNetwork.Cli.Commands.Partners;

internal static class DraftAgreement
{
    /// <summary>Columns of every agreement (docs/release-format.md).</summary>
    private static readonly string[] Always = ["pseudonym", "cell", "milestone", "sex", "age", "treatment", "baseline_severity", "status", "missing_reason"];

    internal static CliCommand Build()
    {
        var agreement = Given.Agreement();
        var profile = Given.Required(Given.Option(
            "--profile", "Release profile, for example public-outcomes", "PROFILE", text => Parse.Id(text.StartsWith("profiles/", StringComparison.Ordinal) ? text["profiles/".Length..] : text)));
        var purpose = Given.OneOf<ResearchPurpose>("--purpose", "What the rows may be used for");
        var fields = Given.Required(Given.Names("--fields", $"Columns beside those of every agreement ({string.Join(", ", Always)})"));
        var (from, to) = (Given.Required(Given.Instant("--from", "First instant, ISO 8601")), Given.Required(Given.Instant("--to", "From then on it is over, ISO 8601; at most 10 years later")));
        var quota = Given.Whole("--quota", "Rows a day, UTC; 0 for no limit, else 1,000 or more", 0, 1_000_000_000, 0);
        var document = Given.Required(Given.Text("--document", "Where the signed paper lies", 200));
        var finding = Given.Text("--finding", "Where the expert's finding lies, of a profile that rests on one", 200);
        var etag = Given.Option("--etag", "Of the agreement as show prints it, to change the terms of one that nobody approved", "ETAG", text => text.Length > 0 ? text : null);
        var mutation = new Mutation(timed: false);
        return new CliCommand("draft", "Write the terms of an agreement; nothing is given before two persons want it.",
            "agreement draft eu-registry/outcomes --profile public-outcomes --purpose research --fields response,remission,severity --from 2026-01-01 --to 2028-01-01 --document \"DUA 2025-17\"")
            .With(agreement, profile, purpose, fields, from, to, quota, document, finding, etag)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                var terms = new AgreementTerms
                {
                    Profile = "profiles/" + run.Of(profile), Purpose = run.Of(purpose), ValidFrom = run.Of(from), ValidTo = run.Of(to),
                    QuotaRowsADay = run.Of(quota), Document = run.Of(document), Finding = run.Of(finding) ?? "",
                };
                terms.Fields.AddRange(Always.Concat(run.Of(fields)!.Where(field => !Always.Contains(field))));
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Partners.DraftAgreementAsync(
                        new() { RequestId = id, Agreement = run.Of(agreement), Terms = terms, Etag = run.Of(etag) ?? "" }, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"drafted {run.Of(agreement)}: ");
                });
            });
    }
}
