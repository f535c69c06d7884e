using System.Buffers.Text;
using System.Text;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Server.Keys;

/// <summary>Machines that may ask for tokens: a file beside the authority. The last line of an id counts; one without keys says that it was removed.</summary>
internal static class ClientRegister
{
    public const string FileName = "clients.csv";

    private const string Heading = "id,roles,sites,keys,changed_at";
    private const char Between = '+';

    /// <summary>Begins keys that stand in the file itself, as base64url; others are a URL.</summary>
    private const string Given = "jwks:";

    public static void Registered(string folder, ClientRegistration client, TimeProvider time) => Append(folder, client.Id,
        RoleNames.Join(client.Roles, Between),
        client.Partner?.Name ?? string.Join(Between, client.Sites.Select(site => site.Value)),
        client.Keys.StartsWith('{') ? Given + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(client.Keys)) : client.Keys, time);

    public static void Removed(string folder, string id, TimeProvider time) => Append(folder, id, "", "", "", time);

    /// <summary>Those that are registered now. A line that cannot be read registers nobody.</summary>
    public static IReadOnlyList<ClientRegistration> Read(string folder) =>
    [
        .. ReadLines(folder).GroupBy(fields => fields[0], StringComparer.Ordinal).Select(lines => ClientOf(lines.Last())).OfType<ClientRegistration>(),
    ];

    /// <summary>Lines that count, without the heading, the oldest first.</summary>
    /// <exception cref="StoreRefusedException">The file cannot be read.</exception>
    public static IReadOnlyList<string[]> ReadLines(string folder) =>
    [
        .. (RegisterFile.Lines(Path.Combine(folder, FileName), Heading) ?? []).Select(line => line.Split(',')).Where(fields => fields.Length == 5),
    ];

    /// <summary>What a line registers; null: nobody.</summary>
    public static ClientRegistration? ClientOf(string[] fields)
    {
        var (roles, sites) = (Roles.None, new List<ClinicId>());
        var partner = PartnerId.TryParseName(fields[2], out var named) ? named : (PartnerId?)null;
        foreach (var role in fields[1].Split(Between))
        {
            roles |= RoleNames.All.GetValueOrDefault(role);
        }

        foreach (var name in partner is null ? fields[2].Split(Between, StringSplitOptions.RemoveEmptyEntries) : [])
        {
            // Left out, it would no longer be a limit.
            if (!ClinicId.TryParseName("clinics/" + name, out var site))
            {
                return null;
            }

            sites.Add(site);
        }

        var keys = !fields[3].StartsWith(Given, StringComparison.Ordinal) ? fields[3]
            : Base64Url.IsValid(fields[3].AsSpan(Given.Length)) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(fields[3].AsSpan(Given.Length))) : "";
        return Slug.IsValid(fields[0]) && roles != Roles.None && keys.Length > 0 ? new(fields[0], roles, sites, keys, partner) : null;
    }

    private static void Append(string folder, string id, string roles, string sites, string keys, TimeProvider time) =>
        RegisterFile.Append(Path.Combine(folder, FileName), Heading, $"{id},{roles},{sites},{keys},{RegisterFile.Iso(time.GetUtcNow())}");
}
