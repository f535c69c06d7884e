namespace ClinicNetwork.Cli.Servers;

/// <summary>How long whoever stops a server waits for it. (A test links this file and compares it with the server's own word.)</summary>
internal static class StopPatience
{
    /// <summary>From SIGTERM to SIGKILL. On PostgreSQL a server ends its calls and hands over for up to 120 s.</summary>
    internal const int Seconds = 150;
}
