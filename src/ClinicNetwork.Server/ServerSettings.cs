using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Gateway.Limits;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Rates;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Ledger;
using Npgsql;

namespace ClinicNetwork.Server;

/// <summary>
/// Settings of the server, by the usual .NET configuration: command line, environment (<c>ClinicNetwork__Port</c>), appsettings.json in the
/// working folder.
/// </summary>
public sealed partial record ServerSettings
{
    public const string Section = "ClinicNetwork";

    /// <summary>Port used when none is given.</summary>
    public const int PortUsual = 5070;

    /// <summary>Cluster id used when none is given.</summary>
    public const string ClusterUsual = "clinicnetwork";

    private const string Loopback = "127.0.0.1";

    /// <summary>What the command line accepts beside <c>--ClinicNetwork:Name</c>.</summary>
    public static readonly IReadOnlyDictionary<string, string> Switches = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["--role"] = $"{Section}:Role",
        ["--postgres"] = $"{Section}:Postgres",
        ["--folder"] = $"{Section}:Folder",
        ["--keys"] = $"{Section}:Keys",
        ["--ledger"] = $"{Section}:Ledger",
        ["--cluster"] = $"{Section}:Cluster",
        ["--port"] = $"{Section}:Port",
        ["--listen"] = $"{Section}:Listen",
        ["--names"] = $"{Section}:Names",
        ["--silo-port"] = $"{Section}:SiloPort",
        ["--orleans-port"] = $"{Section}:OrleansPort",
        ["--advertise"] = $"{Section}:Advertise",
        ["--health-port"] = $"{Section}:HealthPort",
        ["--health-listen"] = $"{Section}:HealthListen",
        ["--clock"] = $"{Section}:Clock",
        ["--clock-start"] = $"{Section}:ClockStart",
        ["--feed-days"] = $"{Section}:FeedDays",
    };

    /// <summary>Years a manual clock may begin in.</summary>
    private const int ClockYearMin = 2000;

    private const int ClockYearMax = 2200;

    private const string AddressPattern = @"[0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*";

    /// <value><c>all</c>: silo and gRPC gateway in one process; <c>silo</c>: grains only; <c>gateway</c>: gRPC only. Default <c>all</c>.</value>
    [RegularExpression("all|silo|gateway", ErrorMessage = "Role: give all, silo or gateway.")]
    public string Role { get; init; } = "all";

    /// <value>Npgsql connection string; default empty: SQLite in <see cref="Folder"/>, a single process.</value>
    public string Postgres { get; init; } = "";

    /// <value>Data folder; default <c>data</c> in the working folder.</value>
    [Required]
    public string Folder { get; init; } = "data";

    /// <value>Folder with master.key, release.key and authority.pem, the same for all processes of a network; default <see cref="Folder"/>.</value>
    public string Keys { get; init; } = "";

    /// <value>Folder of the disclosure ledger, outside of the database and of its backups; default <c>ledger</c> in <see cref="KeyFolder"/>. Of silos that share none each has its own.</value>
    public string Ledger { get; init; } = "";

    /// <value>Orleans' cluster id: processes of one id on one database find each other; default <c>clinicnetwork</c>.</value>
    [RegularExpression("[a-z0-9][a-z0-9-]{0,62}", ErrorMessage = "Cluster: give 1 to 63 of a-z, 0-9 and inner dashes.")]
    public string Cluster { get; init; } = ClusterUsual;

    /// <value>0 to 65,535; 0 takes a free port; default 5070.</value>
    [Range(0, 65_535)]
    public int Port { get; init; } = PortUsual;

    /// <value>IP address that gRPC listens on; default loopback.</value>
    [RegularExpression(AddressPattern, ErrorMessage = "Listen: give an IP address.")]
    public string Listen { get; init; } = Loopback;

    /// <value>DNS names and IP addresses, by comma, at which clients reach the gateway beside this machine's own; default none. They stand in its certificate.</value>
    public string Names { get; init; } = "";

    /// <value>Orleans' port between silos, 0 to 65,535; default 0: a free one.</value>
    [Range(0, 65_535)]
    public int SiloPort { get; init; }

    /// <value>Orleans' port for gateways, 0 to 65,535; default 0: a free one.</value>
    [Range(0, 65_535)]
    public int OrleansPort { get; init; }

    /// <value>IP address at which other processes reach this silo; default loopback.</value>
    [RegularExpression(AddressPattern, ErrorMessage = "Advertise: give the IP address at which others reach this silo.")]
    public string Advertise { get; init; } = Loopback;

    /// <value>Port of the health listener (HTTP/1), -1 to 65,535; default -1: none.</value>
    [Range(-1, 65_535)]
    public int HealthPort { get; init; } = -1;

    /// <value>IP address of the health listener; default loopback.</value>
    [RegularExpression(AddressPattern, ErrorMessage = "HealthListen: give an IP address.")]
    public string HealthListen { get; init; } = Loopback;

    /// <value><c>system</c> or <c>manual</c>; default <c>system</c>.</value>
    [RegularExpression("system|manual", ErrorMessage = "Clock: give system or manual.")]
    public string Clock { get; init; } = "system";

    /// <value>ISO 8601 with offset; default 2025-01-01T00:00:00Z.</value>
    public string ClockStart { get; init; } = "2025-01-01T00:00:00Z";

    /// <value>Longest a unary call may take, whatever its deadline, 1 to 3,600 s; default 60.</value>
    [Range(1, 3_600)]
    public int CallSecondsMax { get; init; } = 60;

    /// <value>The same of a stream, 1 to 86,400 s; default 3,600. Its reader goes on with the next one.</value>
    [Range(1, 86_400)]
    public int StreamSecondsMax { get; init; } = 3_600;

    /// <value>Calls a second that one client may make through all gateways together, 1 to 1,000,000; default 1,000. A clinic of 200 people who each do something every second stays under a third of it.</value>
    [Range(1, 1_000_000)]
    public int CallsPerSecondMax { get; init; } = 1_000;

    /// <value>Calls at once that a client may make after a rest, 1 to 10,000,000; default 5,000: what it kept while a gateway was away for some seconds.</value>
    [Range(1, 10_000_000)]
    public int CallsBurstMax { get; init; } = 5_000;

    /// <value>For networks that hold patients: no reflection, no manual clock; default false. Never taken from .NET's environment name.</value>
    public bool Production { get; init; }

    /// <value>URLs of the token endpoint, by comma, beside those of <see cref="Names"/> and <see cref="Port"/>; default none.</value>
    public string TokenUrls { get; init; } = "";

    /// <value>OpenID Connect issuers whose tokens for people are taken; default none.</value>
    public IReadOnlyList<IssuerSettings> Issuers { get; init; } = [];

    /// <inheritdoc cref="GrainOptions.SnapshotEveryVersions"/>
    [Range(1, 10_000)]
    public int SnapshotEveryVersions { get; init; } = 64;

    /// <inheritdoc cref="GrainOptions.SnapshotWhenIdleVersions"/>
    [Range(1, 10_000)]
    public int SnapshotWhenIdleVersions { get; init; } = 16;

    /// <inheritdoc cref="GrainOptions.FeedDays"/>
    [Range(1, 3_650)]
    public int FeedDays { get; init; } = 90;

    /// <summary>Several processes on one database; else one process on SQLite.</summary>
    public bool OnPostgres => Postgres.Length > 0;

    public bool HasSilo => Role is "all" or "silo";

    public bool HasGateway => Role is "all" or "gateway";

    public string FolderPath => Path.GetFullPath(Folder);

    public string KeyFolder => Keys.Length > 0 ? Path.GetFullPath(Keys) : FolderPath;

    public string LedgerFolder => Ledger.Length > 0 ? Path.GetFullPath(Ledger) : DisclosureLedger.FolderIn(KeyFolder);

    /// <summary>At which names and addresses the gateway's certificate is good.</summary>
    public IReadOnlyCollection<string> CertificateNames =>
    [
        .. ((string[])["localhost", Loopback, "::1", Environment.MachineName, Listen, .. NamesGiven])
            .Where(name => !IsAny(name) && Uri.CheckHostName(name) != UriHostNameType.Unknown)
            .Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    private string[] NamesGiven => Names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public IReadOnlyList<string> TokenAudiences => TokenUrls.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public IReadOnlyList<IssuerOptions> TokenIssuers => [.. Issuers.Select(issuer => issuer.Checked())];

    public CallLimits CallLimits => new() { Unary = TimeSpan.FromSeconds(CallSecondsMax), Stream = TimeSpan.FromSeconds(StreamSecondsMax) };

    public RateLimit Rate => new(CallsPerSecondMax, CallsBurstMax);

    public ClockMode ClockMode => Clock == "manual" ? ClockMode.Manual : ClockMode.System;

    public DateTimeOffset ClockStartInstant => DateTimeOffset.Parse(ClockStart, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="SettingsException">One line that names the setting and what to give.</exception>
    public static ServerSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var known = typeof(ServerSettings).GetProperties().Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (section.GetChildren().FirstOrDefault(c => !known.Contains(c.Key)) is { } unknown)
        {
            throw new SettingsException($"{unknown.Path}: there is no such setting; --help lists them.");
        }

        var ofIssuers = typeof(IssuerSettings).GetProperties().Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (section.GetSection(nameof(Issuers)).GetChildren().SelectMany(issuer => issuer.GetChildren()).FirstOrDefault(c => !ofIssuers.Contains(c.Key)) is { } odd)
        {
            throw new SettingsException($"{odd.Path}: there is no such setting; docs/security/tokens.md lists them.");
        }

        ServerSettings settings;
        try
        {
            settings = section.Get<ServerSettings>() ?? new();
        }
        catch (InvalidOperationException)
        {
            // The binder's message repeats what was given, which may be a connection string in the wrong place.
            var notANumber = section.GetChildren().FirstOrDefault(c => Is<int>(c.Key) && !int.TryParse(c.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _));
            var notABool = section.GetChildren().FirstOrDefault(c => Is<bool>(c.Key) && !bool.TryParse(c.Value, out _));
            throw new SettingsException(notANumber is null && notABool is not null
                ? $"{notABool.Key}: give true or false."
                : $"{notANumber?.Key ?? Section}: give a whole number; --help lists what each setting takes.");
        }

        if (settings.Issuers.Count < section.GetSection(nameof(Issuers)).GetChildren().Count())
        {
            // The binder leaves out what it cannot read of a list.
            throw new SettingsException("Issuers: give LifetimeMinutes as a whole number, all else as text.");
        }

        var problems = new List<ValidationResult>();
        if (!Validator.TryValidateObject(settings, new ValidationContext(settings), problems, validateAllProperties: true))
        {
            throw new SettingsException(problems[0].ErrorMessage!);
        }

        settings.CheckTogether();
        return DateTimeOffset.TryParse(settings.ClockStart, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start)
            && start.Year is >= ClockYearMin and <= ClockYearMax
                ? settings
                : throw new SettingsException($"ClockStart: give an ISO 8601 time from {ClockYearMin} to {ClockYearMax}, for example 2025-07-01T05:00:00Z.");
    }

    /// <summary>Every user of a machine can read the arguments of its processes.</summary>
    /// <exception cref="SettingsException">In production the database's password is among them.</exception>
    public void RefusePasswordIn(string[] args)
    {
        if (Production && OnPostgres && new NpgsqlConnectionStringBuilder(Postgres).Password is { Length: > 0 } password
            && args.Any(argument => argument.Contains(password, StringComparison.Ordinal)))
        {
            throw new SettingsException("Postgres: in production no password among the arguments, which every user of this machine can read; give it by ClinicNetwork__Postgres in the environment, or Passfile.");
        }
    }

    /// <summary>What no setting alone can tell.</summary>
    private void CheckTogether()
    {
        foreach (var (name, address) in ((string, string)[])[(nameof(Listen), Listen), (nameof(Advertise), Advertise), (nameof(HealthListen), HealthListen)])
        {
            if (!IPAddress.TryParse(address, out _))
            {
                throw new SettingsException($"{name}: give an IP address.");
            }
        }

        if (Production && ClockMode == ClockMode.Manual)
        {
            throw new SettingsException("Clock: in production give system; a manual clock is for test stores.");
        }

        if (NamesGiven.Any(name => Uri.CheckHostName(name) == UriHostNameType.Unknown))
        {
            throw new SettingsException("Names: give DNS names and IP addresses, by comma, for example clinicnetwork.example.org,192.0.2.7.");
        }

        if (!TokenAudiences.All(IssuerSettings.IsHttps))
        {
            throw new SettingsException("TokenUrls: give https URLs, by comma, for example https://clinicnetwork.example.org/oauth2/token.");
        }

        if (TokenIssuers.Select(issuer => issuer.Name).Distinct().Count() < Issuers.Count || TokenIssuers.Select(issuer => issuer.Authority.TrimEnd('/')).Distinct().Count() < Issuers.Count)
        {
            throw new SettingsException("Issuers: give each name and each authority once.");
        }

        if (IsAny(Advertise))
        {
            throw new SettingsException("Advertise: give one address of this machine; others cannot connect to any.");
        }

        if (!OnPostgres)
        {
            if (Role != "all")
            {
                throw new SettingsException($"Role: {Role} works on PostgreSQL only; give --postgres, or --role all for SQLite.");
            }

            return;
        }

        try
        {
            if (string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(Postgres).Host))
            {
                throw new SettingsException("Postgres: the connection string names no Host, for example Host=127.0.0.1;Username=clinicnetwork;Password=...;Database=clinicnetwork.");
            }
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            // Npgsql's message may repeat a part of what was given, and that may be the password.
            throw new SettingsException("Postgres: this is no Npgsql connection string; give for example Host=127.0.0.1;Username=clinicnetwork;Password=...;Database=clinicnetwork.");
        }
    }

    private static bool IsAny(string address) => IPAddress.TryParse(address, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));

    private static bool Is<T>(string setting) => typeof(ServerSettings).GetProperties().Any(p =>
        p.PropertyType == typeof(T) && p.Name.Equals(setting, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// What names the first argument that is no option of ours, or null; <c>--name value</c> and <c>--name=value</c> are both fine. Never
    /// what was given for it, nor text that may be a part of a value: there may be a password in it.
    /// </summary>
    public static string? FirstUnknown(string[] args)
    {
        var before = "";
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].Split('=')[0];
            if (!Switches.ContainsKey(name) && !name.StartsWith($"--{Section}:", StringComparison.OrdinalIgnoreCase))
            {
                return args[i] == "migrate" ? "migrate behind an option (it comes first)"
                    : OptionName().IsMatch(name) ? name
                    : before.Length == 0 ? "The first argument"
                    : $"The argument after {before} and its value (a value that holds spaces needs quotes)";
            }

            before = OptionName().IsMatch(name) ? name : "an option";
            if (!args[i].Contains('=') && ++i >= args.Length)
            {
                return before + " (value missing)";
            }
        }

        return null;
    }

    [GeneratedRegex("^--?[A-Za-z][A-Za-z:-]{0,40}$", RegexOptions.CultureInvariant)]
    private static partial Regex OptionName();
}

/// <summary>A setting is wrong; the message is one line for people.</summary>
public sealed class SettingsException(string message) : Exception(message);
