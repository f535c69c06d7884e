using System.CommandLine;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Servers;

namespace ClinicNetwork.Cli.Commands;

/// <summary>Machines that may ask for tokens, where the authority's key lies; the server's program does the work, none has to run.</summary>
internal static class ClientsCommands
{
    private const string KeysUsual = "data";

    internal static CliCommand Build() => new CliCommand("clients", "Machines that get tokens for signed assertions (OAuth 2.0, private_key_jwt).").With(Register(), List(), Remove());

    private static CliCommand Register()
    {
        var (id, keys) = (Given.Required(Given.Option("--id", "Its client id, 1 to 40 of a-z, 0-9 and inner dashes", "ID", Parse.Id)), Keys());
        var roles = Given.Required(Given.Many(
            "--roles", "clinician, nurse, coordinator, patient, site-admin, network-admin, registry, auditor or operator; may be given more than once",
            "ROLE", text => text.Length > 0 ? text : null));
        var sites = Given.Many(
            "--sites", "Site it is for, clinics/{clinic}; may be given more than once; without it the whole network", "SITE", Parse.Clinic);
        var partner = Given.Partner("--partner", "Partner whose machine it is, partners/{partner}; with the role registry alone");
        var file = Given.Option("--jwks", "File with its public keys (JWKS): EC P-384 or RSA of 2,048 bits or more, each with its kid", "FILE", text => text.Length > 0 ? text : null);
        var url = Given.Option("--jwks-url", "https URL of its public keys, instead of a file", "URL", text => text.Length > 0 ? text : null);
        return new CliCommand(
            "register", "Let a machine ask for tokens, for certain roles at certain sites; one that is registered gets what is given now.",
            "clients register --id pacs-1 --roles nurse --sites clinics/harbour --jwks pacs-1.jwks.json")
            .With(id, roles, sites, partner, file, url, keys)
            .Runs(run =>
            {
                string[] scope = run.Of(sites) is { Length: > 0 } at ? ["--sites", string.Join(',', at)] : [];
                string[] ofPartner = run.Of(partner) is { } one ? ["--partner", one] : [];
                string[] ofFile = run.Of(file) is { } jwks ? ["--jwks", Path.GetFullPath(jwks)] : [];
                string[] ofUrl = run.Of(url) is { } address ? ["--jwks-url", address] : [];
                return RunAsync(run, keys, ["register", "--id", run.Of(id), "--roles", string.Join(',', run.Of(roles)), .. scope, .. ofPartner, .. ofFile, .. ofUrl]);
            });
    }

    private static CliCommand List()
    {
        var keys = Keys();
        return new CliCommand("list", "Who is registered: id, roles, sites, keys.", "clients list")
            .With(keys)
            .Runs(run => RunAsync(run, keys, ["list"]));
    }

    private static CliCommand Remove()
    {
        var (id, keys) = (Given.Id("id"), Keys());
        return new CliCommand("remove", "Take a machine's registration back; its tokens stop within seconds.", "clients remove pacs-1")
            .With(id, keys)
            .Runs(run => RunAsync(run, keys, ["remove", "--id", run.Of(id)]));
    }

    private static Option<string?> Keys() =>
        Given.Option("--keys", $"Folder with the network's authority.pem; without it {KeysUsual}", "DIR", text => text.Length > 0 ? text : null)!;

    /// <summary>The server's program runs in another folder: paths are given in full.</summary>
    private static async Task RunAsync(Invocation run, Option<string?> keys, string[] arguments)
    {
        await using var server = ServerProcess.Launch(["clients", .. arguments, "--keys", Path.GetFullPath(run.Of(keys) ?? KeysUsual)]);
        if (await server.EndAsync(run.Cancelled) != 0)
            throw new InputException($"clients {arguments[0]}", server.LastLine);
        foreach (var line in server.Lines)
            run.Terminal.Line(line);
    }
}
