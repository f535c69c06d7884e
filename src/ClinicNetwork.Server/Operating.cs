namespace ClinicNetwork.Server;

/// <summary>What deployments rely on: ports by convention, paths and times. A test compares <c>k8s/</c> with these.</summary>
public static class Operating
{
    /// <summary>gRPC.</summary>
    public const int GrpcPort = ServerSettings.PortUsual;

    /// <summary>Health, HTTP/1; off unless it is asked for.</summary>
    public const int HealthPort = 5080;

    /// <summary>Orleans, between silos.</summary>
    public const int SiloPort = 11_111;

    /// <summary>Orleans, from gateways to silos.</summary>
    public const int OrleansPort = 30_000;

    /// <summary>200 once the process has started.</summary>
    public const string StartedPath = "/healthz/started";

    /// <summary>200 while it wants calls; not after SIGTERM. A database that is away does not change it: cached reads go on.</summary>
    public const string ReadyPath = "/healthz/ready";

    /// <summary>200 while the process answers; looks at nothing else, so that no fault elsewhere restarts it.</summary>
    public const string LivePath = "/healthz/live";

    /// <summary>Longest a stop takes on PostgreSQL: calls end, then the silo hands its activations over.</summary>
    public const int ShutdownSecondsMax = 120;

    /// <summary>The same on SQLite, where nobody takes anything over.</summary>
    public const int EmbeddedShutdownSecondsMax = 30;

    /// <summary>Of that, how long calls have to end; then their connections are cut. A call that changes something is told by its id, sent again.</summary>
    public const int DrainSecondsMax = 10;

    /// <summary>How long a supervisor waits after SIGTERM before SIGKILL.</summary>
    public const int GraceSeconds = 150;
}
