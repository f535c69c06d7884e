namespace ClinicNetwork.Benchmarks.Rig;

/// <summary>The programs we start and what they say when they are ready.</summary>
internal static class Programs
{
    /// <summary>This program, for its yardstick services.</summary>
    public static readonly string Own = typeof(Programs).Assembly.Location;

    /// <summary>tests/ClinicNetwork.Benchmarks/bin/{configuration}/net10.0 → src/ClinicNetwork.Server/bin/{configuration}/net10.0.</summary>
    public static readonly string Server = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "../../../../../src/ClinicNetwork.Server/bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0/ClinicNetwork.Server.dll"));

    /// <summary><c>ClinicNetwork {version} serves {address} on …</c> and <c>ClinicNetwork {version} silo {ip:port} on …</c>.</summary>
    public static string? ServerReady(string line) => line.Split(' ') is ["ClinicNetwork", _, "serves" or "silo", var address, "on", ..] ? address : null;

    /// <summary><c>yardstick serves {address}</c>.</summary>
    public static string? YardstickReady(string line) => line.Split(' ') is ["yardstick", "serves", var address] ? address : null;
}
