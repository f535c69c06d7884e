using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Journal;
using ClinicNetwork.Server.Keys;

namespace ClinicNetwork.Server;

/// <summary><c>clients register, list, remove</c>: machines that may ask for tokens, where the authority's key lies; no server has to run.</summary>
internal static class ClientsCommand
{
    private const int UrlLengthMax = 500;

    private static readonly Dictionary<string, string[]> Verbs = new(StringComparer.Ordinal)
    {
        ["register"] = ["--keys", "--id", "--roles", "--sites", "--partner", "--jwks", "--jwks-url"],
        ["list"] = ["--keys"],
        ["remove"] = ["--keys", "--id"],
    };

    /// <exception cref="SettingsException">One line that names the option and says what to give.</exception>
    /// <exception cref="StoreRefusedException">The authority's file is missing or no authority, or a file cannot be written.</exception>
    public static void Run(string[] arguments, TimeProvider time)
    {
        var given = CommandOptions.Read("clients", arguments, Verbs);
        var folder = Path.GetFullPath(given.GetValueOrDefault("--keys", "data"));
        NetworkAuthority.Load(folder, time).Dispose();
        switch (arguments[0])
        {
            case "register":
                Register(given, folder, time);
                break;
            case "list":
                List(folder);
                break;
            default:
                Remove(given.GetValueOrDefault("--id", ""), folder, time);
                break;
        }
    }

    /// <summary>One that is registered already gets what is given now.</summary>
    private static void Register(Dictionary<string, string> given, string folder, TimeProvider time)
    {
        var id = given.GetValueOrDefault("--id", "");
        if (!Slug.IsValid(id))
        {
            throw new SettingsException($"--id: give 1 to {Slug.LengthMax} of a-z, 0-9 and inner dashes.");
        }

        var roles = CommandOptions.RolesOf("--roles", given.GetValueOrDefault("--roles", ""));
        var sites = CommandOptions.SitesOf("--sites", given.GetValueOrDefault("--sites", ""));
        var (keys, told) = (given.GetValueOrDefault("--jwks"), given.GetValueOrDefault("--jwks-url")) switch
        {
            ({ } file, null) => KeysOf(file),
            (null, { } url) => (CheckUrl(url), "keys at its URL"),
            _ => throw new SettingsException("--jwks: give a file with its public keys, or --jwks-url with their https URL."),
        };
        var partner = CommandOptions.PartnerOf(given, roles, sites);
        ClientRegister.Registered(folder, new(id, roles, sites, keys, partner), time);
        Console.WriteLine(
            $"client {id}: {RoleNames.Join(roles, '+')} at {partner?.Name ?? (sites.Count == 0 ? "the whole network" : string.Join(", ", sites.Select(site => site.Name)))}, {told}; "
            + $"gateways that read {folder} know it within {Registers.Every.TotalSeconds:0} s");
    }

    /// <summary>One line each: id, roles, sites, keys.</summary>
    private static void List(string folder)
    {
        foreach (var client in ClientRegister.Read(folder))
        {
            var keys = client.Keys.StartsWith('{') ? $"{VerifyingKeys.Read(client.Keys)?.ForAssertions ?? 0} keys" : client.Keys;
            Console.WriteLine(
                $"{client.Id}  {RoleNames.Join(client.Roles, '+')}  {client.Partner?.Name ?? (client.Sites.Count == 0 ? "network" : string.Join('+', client.Sites.Select(site => site.Value)))}  {keys}");
        }
    }

    private static void Remove(string id, string folder, TimeProvider time)
    {
        if (ClientRegister.Read(folder).All(client => client.Id != id))
        {
            throw new SettingsException("--id: no client of this id is registered here; clients list shows them.");
        }

        ClientRegister.Removed(folder, id, time);
        Console.WriteLine($"client {id} is removed; its tokens stop within {Registers.Every.TotalSeconds:0} s at gateways that read {folder}");
    }

    private static (string Keys, string Told) KeysOf(string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SettingsException("--jwks: the file cannot be read.");
        }

        return text.StartsWith('{') && VerifyingKeys.Read(text)?.ForAssertions is > 0 and var count
            ? (text, $"{count} keys")
            : throw new SettingsException("--jwks: give a JWKS of public keys, each with its kid: EC P-384 (ES384) or RSA of 2,048 bits or more (RS384).");
    }

    private static string CheckUrl(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps && address.UserInfo.Length == 0 && url.Length <= UrlLengthMax
            && url.StartsWith("https://", StringComparison.Ordinal) && !url.Any(c => c is ',' or '\n' or '\r' or ' ')
            ? url
            : throw new SettingsException($"--jwks-url: give an https URL of at most {UrlLengthMax} characters, without user, comma and blank.");
}
