using System.Globalization;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Servers;

namespace ClinicNetwork.Cli.Commands;

/// <summary>Client certificates of the network, made where the authority's key lies.</summary>
internal static class CertsCommands
{
    private const string KeysUsual = "data";

    internal static CliCommand Build()
    {
        var name = Given.Id("name");
        var roles = Given.Required(Given.Many(
            "--role", "clinician, nurse, coordinator, patient, site-admin, network-admin, registry, auditor or operator; may be given more than once",
            "ROLE", text => text.Length > 0 ? text : null));
        var sites = Given.Many(
            "--for", "Site it is good for, clinics/{clinic}; may be given more than once; without it the whole network", "SITE", Parse.Clinic);
        var keys = Given.Option("--keys", $"Folder with the network's authority.pem; without it {KeysUsual}", "DIR", text => text.Length > 0 ? text : null);
        var days = Given.Whole("--days", "Days it is good for", 1, 365, 90);
        var output = Given.Option("--out", "New file for certificate, private key and authority; without it {name}.pem", "FILE", text => text.Length > 0 ? text : null);
        var issue = new CliCommand(
            "issue", "Make a certificate to connect with, for a person or a program, good for certain roles at certain sites.",
            "certs issue nurse-1 --role nurse --for clinics/harbour", "certs issue registry-eu --role registry --days 30 --out registry.pem")
            .With(name, roles, sites, keys, days, output)
            .Runs(async run =>
            {
                var (who, at) = (run.Of(name), run.Of(sites));
                string[] scope = at.Length == 0 ? [] : ["--site", string.Join(',', at)];
                await using var server = ServerProcess.Launch(
                [
                    "issue", "--name", who, "--role", string.Join(',', run.Of(roles)), "--days", run.Of(days).ToString(CultureInfo.InvariantCulture),
                    "--keys", Path.GetFullPath(run.Of(keys) ?? KeysUsual), "--out", Path.GetFullPath(run.Of(output) ?? who + ".pem"), .. scope,
                ]);
                if (await server.EndAsync(run.Cancelled) != 0)
                    throw new InputException("certs issue", server.LastLine);
                run.Terminal.Line(server.LastLine);
            });
        return new CliCommand("certs", "Certificates that clients connect with.").With(issue);
    }
}
