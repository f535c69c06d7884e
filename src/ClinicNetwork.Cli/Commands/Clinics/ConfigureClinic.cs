using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Clinics;

internal static class ConfigureClinic
{
    internal static CliCommand Build()
    {
        var clinic = Given.Clinic();
        var certificate = Given.Text("--rems-certificate", "Number of the certificate of the programme for esketamine", 40);
        var from = Given.Option("--certified-from", "first day of the certificate, YYYY-MM-DD", "DAY", Day);
        var until = Given.Option("--certified-until", "last day of the certificate, YYYY-MM-DD", "DAY", Day);
        var rule = Given.Text("--retention-rule", "How long records are kept: general, de, gb, us-hipaa or us-ca", 40);
        var years = Given.Whole("--retention-years", "Years after the last contact instead of the rule's; 0 takes the rule's again", 0, 100, 0);
        var mutation = new Mutation(timed: false);
        return new CliCommand("configure", "Change a clinic's settings; what is not given stays.",
            "clinic configure clinics/harbour --rems-certificate H-1234 --certified-from 2025-01-15",
            "clinic configure clinics/harbour --retention-rule us-ca")
            .With(clinic, certificate, from, until, rule, years)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var request = new ConfigureClinicRequest { RequestId = id, Clinic = run.Of(clinic), RetentionRule = run.Of(rule) ?? "" };
                    if (run.Of(certificate) is { } number)
                        request.RemsCertificate = new() { Number = number, FirstDay = run.Of(from) ?? "", LastDay = run.Of(until) ?? "" };
                    run.Set(years, v => request.RetentionYears = v);
                    var answer = await network.Clinics.ConfigureClinicAsync(request, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{run.Of(clinic)} configured: ");
                });
            });
    }

    private static string? Day(string text) => Parse.Day(text) is null ? null : text;
}
