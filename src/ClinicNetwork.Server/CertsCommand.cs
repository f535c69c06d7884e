using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Journal;
using ClinicNetwork.Server.Keys;

namespace ClinicNetwork.Server;

/// <summary>
/// <c>certs issue, renew, list, revoke</c>: client certificates, where the authority's key lies; no server has to run. The file that is left is all
/// that its holder needs to connect.
/// </summary>
internal static class CertsCommand
{
    private const int DaysUsual = 90;
    private const int DaysMax = 365;

    private static readonly Dictionary<string, string[]> Verbs = new(StringComparer.Ordinal)
    {
        ["issue"] = ["--keys", "--name", "--role", "--site", "--patient", "--partner", "--days", "--out", "--again"],
        ["renew"] = ["--keys", "--file", "--days"],
        ["list"] = ["--keys"],
        ["revoke"] = ["--keys", "--serial"],
    };

    /// <exception cref="SettingsException">One line that names the option and says what to give.</exception>
    /// <exception cref="StoreRefusedException">The authority's file is missing or no authority, or a file cannot be written.</exception>
    public static void Run(string[] arguments, TimeProvider time)
    {
        var given = CommandOptions.Read("certs", arguments, Verbs);
        var folder = Path.GetFullPath(given.GetValueOrDefault("--keys", "data"));
        switch (arguments[0])
        {
            case "issue":
                Issue(given, folder, time);
                break;
            case "renew":
                Renew(given, folder, time);
                break;
            case "list":
                List(folder, time);
                break;
            default:
                Revoke(given.GetValueOrDefault("--serial", ""), folder, time);
                break;
        }
    }

    private static void Issue(Dictionary<string, string> given, string folder, TimeProvider time)
    {
        var name = given.GetValueOrDefault("--name", "");
        if (!Slug.IsValid(name))
        {
            throw new SettingsException($"--name: give 1 to {Slug.LengthMax} of a-z, 0-9 and inner dashes.");
        }

        var (roles, sites, days) = (
            CommandOptions.RolesOf("--role", given.GetValueOrDefault("--role", "")), CommandOptions.SitesOf("--site", given.GetValueOrDefault("--site", "")), DaysOf(given));
        var (patient, partner) = (PatientOf(given, roles, sites), CommandOptions.PartnerOf(given, roles, sites));
        var path = Path.GetFullPath(given.GetValueOrDefault("--out", name + ".pem"));
        if (File.Exists(path))
        {
            throw new SettingsException($"--out: {path} is there already; name a new file.");
        }

        var again = given.GetValueOrDefault("--again", "no");
        if (again is not ("yes" or "no"))
        {
            throw new SettingsException("--again: give yes or no.");
        }

        using var authority = NetworkAuthority.Load(folder, time);
        if (again == "no" && GoodOf(name, folder, time) is { } serial)
        {
            throw new SettingsException(
                $"name: {name} has a certificate, {serial}, and the journal calls both by this name; take another name, renew its file, revoke it first, or give --again.");
        }

        Write(authority, name, new(roles, sites, patient, partner), days, path, replace: false, folder, time);
    }

    /// <summary>The same name, roles and sites with a new key; the file's old content goes, the old certificate stays good until it ends.</summary>
    private static void Renew(Dictionary<string, string> given, string folder, TimeProvider time)
    {
        var (path, days) = (Path.GetFullPath(given.GetValueOrDefault("--file", "")), DaysOf(given));
        using var authority = NetworkAuthority.Load(folder, time);
        X509Certificate2 old;
        bool isOurs;
        try
        {
            old = X509Certificate2.CreateFromPem(File.ReadAllText(path));
            isOurs = authority.HasSigned(old);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or System.Security.Cryptography.CryptographicException)
        {
            throw new SettingsException($"--file: {path} holds no certificate.");
        }

        using (old)
        {
            if (!isOurs || CertificateRegister.ReadRevoked(folder).Contains(old.SerialNumber))
            {
                throw new SettingsException($"--file: the certificate in {path} is not of this authority, or is revoked; issue a new one.");
            }

            var (roles, sites, isNetwork, patient, partner) = CertificateScope.Read(old);
            if (!isNetwork && sites.Count == 0)
            {
                // Without a site the new one would be good for the whole network.
                throw new SettingsException($"--file: the sites of the certificate in {path} cannot be read; issue a new one.");
            }

            Write(authority, old.GetNameInfo(X509NameType.SimpleName, forIssuer: false), new(roles, [.. sites], patient, partner), days, path, replace: true, folder, time);
        }
    }

    private static void Write(NetworkAuthority authority, string name, Holder holder, int days, string path, bool replace, string folder, TimeProvider time)
    {
        using var certificate = authority.IssueClient(name, CertificateScope.Uris(holder.Roles, holder.Sites, holder.Patient, holder.Partner), TimeSpan.FromDays(days));
        var held = RoleNames.Join(holder.Roles, '+');
        // Entered before it is handed out: there is none that the list does not know.
        CertificateRegister.Issued(folder, certificate, name, held, holder.Self ?? string.Join('+', holder.Sites.Select(site => site.Value)), time);
        SecretFile.Write(path, authority.IdentityOf(certificate), replace);
        var scope = holder.Self ?? (holder.Sites.Count == 0 ? "the whole network" : string.Join(", ", holder.Sites.Select(site => site.Name)));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"certificate {certificate.SerialNumber} of {name}: {held} at {scope}, until {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}, in {path}"));
    }

    /// <summary>One line each: serial, name, roles, sites, first day, last day, and whether it is good.</summary>
    private static void List(string folder, TimeProvider time)
    {
        NetworkAuthority.Load(folder, time).Dispose();
        foreach (var (fields, state) in Issued(folder, time))
        {
            Console.WriteLine($"{fields[0]}  {fields[1]}  {fields[2]}  {(fields[3].Length == 0 ? "network" : fields[3])}  {fields[4][..10]}  {fields[5][..10]}  {state}");
        }
    }

    /// <summary>The serial number of a certificate of this name that is good; null: there is none.</summary>
    private static string? GoodOf(string name, string folder, TimeProvider time) =>
        Issued(folder, time).Where(one => one.State == "good" && one.Fields[1] == name).Select(one => one.Fields[0]).LastOrDefault();

    private static IEnumerable<(string[] Fields, string State)> Issued(string folder, TimeProvider time)
    {
        var revoked = CertificateRegister.ReadRevoked(folder);
        var now = RegisterFile.Iso(time.GetUtcNow());
        return CertificateRegister.ReadIssued(folder)
            .Select(fields => (fields, revoked.Contains(fields[0]) ? "revoked" : string.CompareOrdinal(fields[5], now) <= 0 ? "ended" : "good"));
    }

    private static void Revoke(string serial, string folder, TimeProvider time)
    {
        NetworkAuthority.Load(folder, time).Dispose();
        serial = serial.ToUpperInvariant();
        if (CertificateRegister.ReadIssued(folder).FirstOrDefault(fields => fields[0] == serial) is not { } fields)
        {
            throw new SettingsException("--serial: no certificate with this serial number was issued here; certs list shows them.");
        }

        if (!CertificateRegister.ReadRevoked(folder).Contains(serial))
        {
            CertificateRegister.Revoked(folder, serial, time);
        }

        Console.WriteLine($"certificate {serial} of {fields[1]} is revoked; gateways that read {folder} close its connections within {Registers.Every.TotalSeconds:0} s");
    }

    /// <summary>Null: the holder is no patient.</summary>
    private static PatientId? PatientOf(Dictionary<string, string> given, Roles roles, List<ClinicId> sites) =>
        !given.TryGetValue("--patient", out var text) ? null
        : !PatientId.TryParseName(text, out var patient) ? throw new SettingsException("--patient: give patients/{patient}.")
        : roles != Roles.Patient || sites.Count > 0 ? throw new SettingsException("--patient: such a certificate has the role patient alone, and no site.")
        : patient;

    private static int DaysOf(Dictionary<string, string> given) =>
        !given.TryGetValue("--days", out var text) ? DaysUsual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= DaysMax ? days
        : throw new SettingsException($"--days: give 1 to {DaysMax}.");

    /// <param name="Sites">None: the whole network, or the patient or partner that the holder is.</param>
    private sealed record Holder(Roles Roles, IReadOnlyCollection<ClinicId> Sites, PatientId? Patient, PartnerId? Partner)
    {
        /// <summary>Null: it is neither patient nor partner.</summary>
        public string? Self => Patient?.Name ?? Partner?.Name;
    }
}
