using System.ComponentModel.DataAnnotations;
using System.Globalization;
using ClinicNetwork.Grains;

namespace ClinicNetwork.Server;

/// <summary>
/// Settings of the server, by the usual .NET configuration: command line, environment (<c>ClinicNetwork__Port</c>), appsettings.json in the
/// working folder.
/// </summary>
public sealed record ServerSettings
{
    public const string Section = "ClinicNetwork";

    /// <summary>Port used when none is given.</summary>
    public const int PortUsual = 5070;

    /// <summary>What the command line accepts beside <c>--ClinicNetwork:Name</c>.</summary>
    public static readonly IReadOnlyDictionary<string, string> Switches = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["--folder"] = $"{Section}:Folder",
        ["--port"] = $"{Section}:Port",
        ["--clock"] = $"{Section}:Clock",
        ["--clock-start"] = $"{Section}:ClockStart",
    };

    /// <summary>Years a manual clock may begin in.</summary>
    private const int ClockYearMin = 2000;

    private const int ClockYearMax = 2200;

    public const string Help = """
        ClinicNetwork server: silo and gateway in one process, on loopback only.

        Usage: dotnet run -c Release --project src/ClinicNetwork.Server -- [options]

        Options (or environment ClinicNetwork__Folder=…, or appsettings.json {"ClinicNetwork":{"Folder":…}})
          --folder DIR               data folder, made with mode 0700 when missing     default: ./data
          --port N                   gRPC port on 127.0.0.1, 0 takes a free one        default: 5070
          --clock system|manual      where the store's time comes from; manual marks
                                     a new store as a test store for ever              default: system
          --clock-start TIME         where a new manual clock begins, ISO 8601         default: 2025-01-01T00:00:00Z
          --ClinicNetwork:SnapshotEveryVersions N      versions between snapshots      default: 64
          --ClinicNetwork:SnapshotWhenIdleVersions N   the same, when a patient rests  default: 16
          --help                     this text

        It prints its address when it is ready and writes it to DIR/endpoint. It stops cleanly on SIGTERM and Ctrl-C; SIGKILL loses nothing
        that was acknowledged. Exit codes: 0 stopped, 1 failed, 2 wrong settings, 3 the data folder was refused.
        """;

    /// <value>Data folder; default <c>data</c> in the working folder.</value>
    [Required]
    public string Folder { get; init; } = "data";

    /// <value>0 to 65,535; 0 takes a free port; default 5070.</value>
    [Range(0, 65_535)]
    public int Port { get; init; } = PortUsual;

    /// <value><c>system</c> or <c>manual</c>; default <c>system</c>.</value>
    [RegularExpression("system|manual", ErrorMessage = "Clock: give system or manual.")]
    public string Clock { get; init; } = "system";

    /// <value>ISO 8601 with offset; default 2025-01-01T00:00:00Z.</value>
    public string ClockStart { get; init; } = "2025-01-01T00:00:00Z";

    /// <inheritdoc cref="GrainOptions.SnapshotEveryVersions"/>
    [Range(1, 10_000)]
    public int SnapshotEveryVersions { get; init; } = 64;

    /// <inheritdoc cref="GrainOptions.SnapshotWhenIdleVersions"/>
    [Range(1, 10_000)]
    public int SnapshotWhenIdleVersions { get; init; } = 16;

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

        ServerSettings settings;
        try
        {
            settings = section.Get<ServerSettings>() ?? new();
        }
        catch (InvalidOperationException exception)
        {
            throw new SettingsException(exception.Message.Split('\n')[0] + " --help lists what each setting takes.");
        }

        var problems = new List<ValidationResult>();
        if (!Validator.TryValidateObject(settings, new ValidationContext(settings), problems, validateAllProperties: true))
        {
            throw new SettingsException(problems[0].ErrorMessage!);
        }

        return DateTimeOffset.TryParse(settings.ClockStart, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start)
            && start.Year is >= ClockYearMin and <= ClockYearMax
                ? settings
                : throw new SettingsException($"ClockStart: give an ISO 8601 time from {ClockYearMin} to {ClockYearMax}, for example 2025-07-01T05:00:00Z.");
    }

    /// <summary>The first argument that is no option of ours, or null; <c>--name value</c> and <c>--name=value</c> are both fine.</summary>
    public static string? FirstUnknown(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].Split('=')[0];
            if (!Switches.ContainsKey(name) && !name.StartsWith($"--{Section}:", StringComparison.OrdinalIgnoreCase))
            {
                return args[i];
            }

            if (!args[i].Contains('=') && ++i >= args.Length)
            {
                return name + " (value missing)";
            }
        }

        return null;
    }
}

/// <summary>A setting is wrong; the message is one line for people.</summary>
public sealed class SettingsException(string message) : Exception(message);
