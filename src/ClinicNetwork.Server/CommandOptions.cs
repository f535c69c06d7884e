using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Server;

/// <summary>Options of the commands that work beside the authority, <c>certs</c> and <c>clients</c>.</summary>
internal static class CommandOptions
{
    /// <exception cref="SettingsException">The verb is none, or an option is not its own, given twice or without a value.</exception>
    public static Dictionary<string, string> Read(string command, string[] arguments, IReadOnlyDictionary<string, string[]> verbs)
    {
        if (arguments.Length == 0 || !verbs.TryGetValue(arguments[0], out var options))
        {
            throw new SettingsException($"{command}: give {string.Join(", ", verbs.Keys)}.");
        }

        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i < arguments.Length; i += 2)
        {
            if (!options.Contains(arguments[i]) || i + 1 == arguments.Length || !given.TryAdd(arguments[i], arguments[i + 1]))
            {
                throw new SettingsException($"{command} {arguments[0]}: give {string.Join(", ", options)}, each once, with a value.");
            }
        }

        return given;
    }

    public static Roles RolesOf(string option, string text)
    {
        var roles = Roles.None;
        foreach (var role in Split(text))
        {
            roles |= RoleNames.All.TryGetValue(role, out var known) ? known : throw NoRole(option);
        }

        return roles == Roles.None ? throw NoRole(option) : roles;
    }

    public static List<ClinicId> SitesOf(string option, string text) =>
    [
        .. Split(text).Select(site => ClinicId.TryParseName(site, out var id)
            ? id
            : throw new SettingsException($"{option}: give clinics/{{clinic}}, or several by comma; without it the whole network is meant.")),
    ];

    /// <summary>Of <c>--partner</c>; null: the holder is no partner.</summary>
    public static PartnerId? PartnerOf(Dictionary<string, string> given, Roles roles, IReadOnlyCollection<ClinicId> sites) =>
        !given.TryGetValue("--partner", out var text) ? null
        : !PartnerId.TryParseName(text, out var partner) ? throw new SettingsException("--partner: give partners/{partner}.")
        : roles != Roles.Registry || sites.Count > 0 ? throw new SettingsException("--partner: a partner has the role registry alone, and no site.")
        : partner;

    private static SettingsException NoRole(string option) =>
        new($"{option}: give one or several of {string.Join(", ", RoleNames.All.OrderBy(r => r.Value).Select(r => r.Key))}, by comma.");

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
