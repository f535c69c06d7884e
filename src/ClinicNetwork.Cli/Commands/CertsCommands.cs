using System.CommandLine;
using System.Globalization;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Servers;

namespace ClinicNetwork.Cli.Commands;

/// <summary>Client certificates of the network, where the authority's key lies; the server's program does the work, none has to run.</summary>
internal static class CertsCommands
{
    private const string KeysUsual = "data";

    internal static CliCommand Build() => new CliCommand("certs", "Certificates that clients connect with.").With(Issue(), Renew(), List(), Revoke());

    private static CliCommand Issue()
    {
        var (name, keys, days) = (Given.Id("name"), Keys(), Days());
        var roles = Given.Required(Given.Many(
            "--role", "clinician, nurse, coordinator, patient, site-admin, network-admin, registry, auditor or operator; may be given more than once",
            "ROLE", text => text.Length > 0 ? text : null));
        var holders = Given.Many(
            "--for", "Site it is good for, clinics/{clinic}; may be given more than once; without it the whole network. Or the patient that the holder is, patients/{patient}", "NAME",
            text => IsPatient(text) ? Parse.Patient(text) : Parse.Clinic(text));
        var partner = Given.Partner("--partner", "Partner that the holder is, partners/{partner}; with the role registry alone");
        var output = Given.Option("--out", "New file for certificate, private key and authority; without it {name}.pem", "FILE", text => text.Length > 0 ? text : null);
        var again = Given.Flag("--again", "Also when a certificate of this name is good");
        return new CliCommand(
            "issue", "Make a certificate to connect with, for a person or a program, good for certain roles at certain sites.",
            "certs issue nurse-1 --role nurse --for clinics/harbour", "certs issue registry-eu --role registry --partner partners/eu-registry --days 30 --out registry.pem",
            "certs issue p-7-phone --role patient --for patients/p-7")
            .With(name, roles, holders, partner, keys, days, output, again)
            .Runs(run =>
            {
                var (patients, sites) = (run.Of(holders).Where(IsPatient).ToArray(), run.Of(holders).Where(holder => !IsPatient(holder)).ToArray());
                string[] scope =
                [
                    .. sites.Length > 0 ? (string[])["--site", string.Join(',', sites)] : [],
                    .. patients.Length > 0 ? (string[])["--patient", string.Join(',', patients)] : [],
                    .. run.Of(partner) is { } one ? (string[])["--partner", one] : [],
                ];
                return RunAsync(run, keys,
                [
                    "issue", "--name", run.Of(name), "--role", string.Join(',', run.Of(roles)), "--days", Text(run.Of(days)),
                    "--out", Path.GetFullPath(run.Of(output) ?? run.Of(name) + ".pem"), "--again", run.Of(again) ? "yes" : "no", .. scope,
                ]);
            });
    }

    private static CliCommand Renew()
    {
        var (keys, days) = (Keys(), Days());
        var file = Given.Argument("file", "The identity's file, which gets the new certificate", text => text.Length > 0 ? text : null);
        return new CliCommand(
            "renew", "Make a certificate for the same name, roles and sites with a new key, in the same file; the old one stays good until it ends.",
            "certs renew nurse-1.pem")
            .With(file, keys, days)
            .Runs(run => RunAsync(run, keys, ["renew", "--file", Path.GetFullPath(run.Of(file)), "--days", Text(run.Of(days))]));
    }

    private static CliCommand List()
    {
        var keys = Keys();
        return new CliCommand("list", "What was issued: serial, name, roles, sites, first and last day, and whether it is good, ended or revoked.", "certs list")
            .With(keys)
            .Runs(run => RunAsync(run, keys, ["list"]));
    }

    private static CliCommand Revoke()
    {
        var keys = Keys();
        var serial = Given.Argument("serial", "Serial number, as certs list shows it", text => text.Length > 0 ? text : null);
        return new CliCommand("revoke", "Take a certificate back; gateways close its connections within seconds.", "certs revoke 5A0C…")
            .With(serial, keys)
            .Runs(run => RunAsync(run, keys, ["revoke", "--serial", run.Of(serial)]));
    }

    private static bool IsPatient(string holder) => holder.StartsWith("patients/", StringComparison.Ordinal);

    private static Option<string?> Keys() =>
        Given.Option("--keys", $"Folder with the network's authority.pem; without it {KeysUsual}", "DIR", text => text.Length > 0 ? text : null)!;

    private static Option<int> Days() => Given.Whole("--days", "Days it is good for", 1, 365, 90);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The server's program runs in another folder: paths are given in full.</summary>
    private static async Task RunAsync(Invocation run, Option<string?> keys, string[] arguments)
    {
        await using var server = ServerProcess.Launch(["certs", .. arguments, "--keys", Path.GetFullPath(run.Of(keys) ?? KeysUsual)]);
        if (await server.EndAsync(run.Cancelled) != 0)
            throw new InputException($"certs {arguments[0]}", server.LastLine);
        foreach (var line in server.Lines)
            run.Terminal.Line(line);
    }
}
