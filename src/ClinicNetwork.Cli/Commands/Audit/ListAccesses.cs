using System.Globalization;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Audit.V1;

namespace ClinicNetwork.Cli.Commands.Audit;

internal static class ListAccesses
{
    private static readonly string[] Others = ["approvals/", "profiles/", "certificates/", "clients/"];

    internal static CliCommand Build()
    {
        var subject = Given.Argument("subject", "patients/{patient}, clinics/{clinic}, approvals/{approval}, profiles/{profile}, certificates/{serial} or clients/{client}",
            text => Parse.Patient(text) ?? Parse.Clinic(text) ?? (Others.Any(prefix => text.StartsWith(prefix, StringComparison.Ordinal)) ? text : null));
        var json = Given.Json();
        return new CliCommand("of", "List who changed, read, received or was refused what about a patient, a clinic, an approval, a release profile, a certificate or a machine, oldest first.",
            "audit of patients/anna", "audit of clinics/harbour --json")
            .With(subject, json)
            .Runs(async run =>
            {
                using var network = run.Connect();
                var entries = await Pages.AllAsync<PlacedEntry>(async token =>
                {
                    var page = await network.Audit.ListAccessesAsync(
                        new() { Parent = run.Of(subject), PageSize = 500, PageToken = token }, cancellationToken: run.Cancelled);
                    return (page.Entries, page.NextPageToken);
                });
                if (run.Of(json))
                {
                    run.Terminal.Line(Show.JsonArray(entries));
                    return;
                }
                var table = new Sheet(">position", "time", "what", ">version", "who", "for site", "purpose", "outcome", ">times");
                foreach (var placed in entries)
                {
                    if (placed.Entry is { } entry)
                        table.Row(
                            Number(placed.Position), Show.Instant(entry.Time), entry.Action[(entry.Action.IndexOf('/', StringComparison.Ordinal) + 1)..], entry.Version > 0 ? Number(entry.Version) : "", entry.Actor, entry.Site,
                            entry.Purpose, entry.Outcome, entry.Count > 1 ? Number(entry.Count) : "");
                    else
                        table.Row(Number(placed.Position), "", "gone: run audit verify", "", "", "", "", "", "");
                }
                table.WriteTo(run.Terminal);
                run.Terminal.Line(Show.Count(entries.Count, "entry", "entries"));
            });
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
