using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class ListDoubles
{
    internal static CliCommand Build()
    {
        var clinic = Given.Argument("clinic", "clinics/{clinic}; without one all clinics', for the network's administrators", Parse.Clinic);
        clinic.Arity = System.CommandLine.ArgumentArity.ZeroOrOne;
        var dismissed = Given.Flag("--dismissed", "Those that somebody dismissed, with the reason, instead of those that are open");
        var json = Given.Json();
        return new CliCommand(
            "list", "List pairs of records that look like one person's. Of another clinic's record a clinic is told that it is there.",
            "patient doubles list clinics/harbour --site clinics/harbour", "patient doubles list --dismissed")
            .With(clinic, dismissed, json)
            .Runs(async run =>
            {
                using var network = run.Connect();
                var found = await Pages.AllAsync<ProbableDouble>(async token =>
                {
                    var page = await network.Matches.ListProbableDoublesAsync(
                        new() { Parent = run.Of(clinic) ?? "", Dismissed = run.Of(dismissed), PageSize = 100, PageToken = token }, cancellationToken: run.Cancelled);
                    return (page.Doubles, page.NextPageToken);
                });
                if (run.Of(json))
                {
                    run.Terminal.Line(Show.JsonArray(found));
                    return;
                }
                foreach (var pair in found)
                {
                    run.Terminal.Line($"{pair.Name}, found {Show.Instant(pair.FoundAt)}: {Show.Words(pair.Reason)}");
                    run.Terminal.Line($"  {Told(pair.One)}");
                    run.Terminal.Line($"  {Told(pair.Other)}");
                    if (pair.Dismissal is { } dismissal)
                        run.Terminal.Line($"  dismissed {Told(dismissal)}");
                }
                run.Terminal.Line(Show.Count(found.Count, "pair"));
            });
    }

    private static string Told(DoubledRecord record) => record.Patient.Length > 0 ? $"{record.Patient} at {record.HomeClinic}" : $"a patient of {record.HomeClinic}";

    private static string Told(DoubleDismissal dismissal) =>
        dismissal.Reason.Length > 0 ? $"{Show.Instant(dismissal.DismissedAt)} {dismissal.Actor}: {dismissal.Reason}"
        : $"{Show.Instant(dismissal.DismissedAt)} by {(dismissal.Site.Length > 0 ? dismissal.Site : "the network")}";
}
