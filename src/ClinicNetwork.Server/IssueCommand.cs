using System.Globalization;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Server.Keys;

namespace ClinicNetwork.Server;

/// <summary>
/// <c>issue</c>: a client certificate, made with the authority's key where that lies; no server has to run. The file that it leaves is all that
/// its holder needs to connect.
/// </summary>
internal static class IssueCommand
{
    private const int DaysUsual = 90;
    private const int DaysMax = 365;

    private static readonly IReadOnlyDictionary<string, string> Switches = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["--keys"] = "keys", ["--name"] = "name", ["--role"] = "role", ["--site"] = "site", ["--days"] = "days", ["--out"] = "out",
    };

    /// <exception cref="SettingsException">One line that names the option and says what to give.</exception>
    /// <exception cref="Journal.StoreRefusedException">The authority's file is missing or no authority.</exception>
    public static void Run(string[] arguments, TimeProvider time)
    {
        if (arguments.Where((_, i) => i % 2 == 0).FirstOrDefault(a => !Switches.ContainsKey(a)) is not null || arguments.Length % 2 != 0)
        {
            throw new SettingsException($"issue: give {string.Join(", ", Switches.Keys)} and a value for each.");
        }

        var given = new ConfigurationBuilder().AddCommandLine(arguments, Switches.ToDictionary()).Build();
        var name = given["name"] is { } n && Slug.IsValid(n) ? n : throw new SettingsException($"--name: give 1 to {Slug.LengthMax} of a-z, 0-9 and inner dashes.");
        var (roles, sites) = (RolesOf(given["role"] ?? ""), SitesOf(given["site"] ?? ""));
        var days = int.TryParse(given["days"] ?? $"{DaysUsual}", NumberStyles.None, CultureInfo.InvariantCulture, out var d) && d is >= 1 and <= DaysMax
            ? d
            : throw new SettingsException($"--days: give 1 to {DaysMax}.");
        var path = Path.GetFullPath(given["out"] ?? name + ".pem");
        if (File.Exists(path))
        {
            throw new SettingsException($"--out: {path} is there already; name a new file.");
        }

        using var authority = NetworkAuthority.Load(Path.GetFullPath(given["keys"] ?? "data"), time);
        using var certificate = authority.IssueClient(name, CertificateScope.Uris(roles, sites), TimeSpan.FromDays(days));
        SecretFile.Write(path, authority.IdentityOf(certificate), replace: false);
        var scope = sites.Count == 0 ? "the whole network" : string.Join(", ", sites.Select(site => site.Name));
        Console.WriteLine($"certificate {certificate.SerialNumber} of {name}: {given["role"]} at {scope}, until {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}, in {path}");
    }

    private static Roles RolesOf(string text)
    {
        var roles = Roles.None;
        foreach (var role in Split(text))
        {
            roles |= RoleNames.All.TryGetValue(role, out var known) ? known : throw NoRole();
        }

        return roles == Roles.None ? throw NoRole() : roles;
    }

    private static SettingsException NoRole() =>
        new($"--role: give one or several of {string.Join(", ", RoleNames.All.OrderBy(r => r.Value).Select(r => r.Key))}, by comma.");

    private static List<ClinicId> SitesOf(string text) =>
    [
        .. Split(text).Select(site => ClinicId.TryParseName(site, out var id)
            ? id
            : throw new SettingsException("--site: give clinics/{clinic}, or several by comma; without it the certificate is good for the whole network.")),
    ];

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
