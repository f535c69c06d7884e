using ClinicNetwork.Server;

namespace ClinicNetwork.Kubernetes.Tests;

/// <summary>What the manifests must agree with in the server's code: the one place where the tests take it from.</summary>
internal static class ServerFacts
{
    public const string MigrateCommand = "migrate";

    public const int GrpcPort = 5070;
    public const int HealthPort = 5080;
    public const int SiloPort = 11_111;
    public const int OrleansPort = 30_000;

    public const string StartedPath = "/healthz/started";
    public const string ReadyPath = "/healthz/ready";
    public const string LivePath = "/healthz/live";

    /// <summary>How long the host's own stop may take.</summary>
    public const int ShutdownSecondsMax = 120;

    /// <summary>What an environment variable of ours begins with.</summary>
    public static readonly string Prefix = ServerSettings.Section + "__";

    /// <summary>Names of the settings; the server refuses to start on any other.</summary>
    public static readonly IReadOnlySet<string> Settings = new HashSet<string>(
        typeof(ServerSettings).GetProperties().Where(p => p.CanWrite).Select(p => p.Name),
        StringComparer.Ordinal)
    {
        "Role", "Postgres", "Keys", "Cluster", "Listen", "SiloPort", "OrleansPort", "Advertise", "HealthPort", "HealthListen",
    };
}
