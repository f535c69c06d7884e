using ClinicNetwork.Server;

namespace ClinicNetwork.Kubernetes.Tests;

/// <summary>What the manifests must agree with in the server's code: the one place where the tests take it from.</summary>
internal static class ServerFacts
{
    public const string MigrateCommand = "migrate";

    public const int GrpcPort = Operating.GrpcPort;
    public const int HealthPort = Operating.HealthPort;
    public const int SiloPort = Operating.SiloPort;
    public const int OrleansPort = Operating.OrleansPort;

    public const string StartedPath = Operating.StartedPath;
    public const string ReadyPath = Operating.ReadyPath;
    public const string LivePath = Operating.LivePath;

    /// <summary>How long the host's own stop may take.</summary>
    public const int ShutdownSecondsMax = Operating.ShutdownSecondsMax;

    /// <summary>How long a supervisor waits after SIGTERM.</summary>
    public const int GraceSeconds = Operating.GraceSeconds;

    /// <summary>What an environment variable of ours begins with.</summary>
    public static readonly string Prefix = ServerSettings.Section + "__";

    /// <summary>Names of the settings; the server refuses to start on any other.</summary>
    public static readonly IReadOnlySet<string> Settings = new HashSet<string>(
        typeof(ServerSettings).GetProperties().Where(p => p.CanWrite).Select(p => p.Name),
        StringComparer.Ordinal);
}
