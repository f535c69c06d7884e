using System.Globalization;
using ClinicNetwork.Cli.Servers;
using ClinicNetwork.Client;

namespace ClinicNetwork.Cli.Cluster;

/// <summary>One process of the cluster, and how it stands.</summary>
internal sealed class ClusterMember(string name, string role) : IAsyncDisposable
{
    private ServerProcess? process;
    private string keys = "";
    private ClientIdentity? identity;
    private GatewayHealth? health;
    private bool? serves;
    private bool stopping;

    internal string Name => name;

    internal string Role => role;

    internal bool HasSilo => role != "gateway";

    internal bool HasGateway => role != "silo";

    /// <summary>Its gRPC address, or a silo's own; empty before it is ready.</summary>
    internal string Address => process?.Announced ?? "";

    internal string ProcessId => process?.ProcessId.ToString(CultureInfo.InvariantCulture) ?? "";

    /// <summary>It ended without being asked to.</summary>
    internal bool IsDead => !stopping && process?.ExitCode is not null;

    /// <summary>It does what it is there for: a gateway by its own answer, a silo alone by being ready.</summary>
    internal bool IsWell => State is "serving" or "ready";

    internal string State => process switch
    {
        null => "waiting",
        { ExitCode: { } code } => stopping ? "stopped" : string.Create(CultureInfo.InvariantCulture, $"dead (exit {code})"),
        _ when stopping => "stopping",
        { Announced.Length: 0 } => "starting",
        _ when !HasGateway => "ready",
        _ => serves switch { null => "starting", true => "serving", false => "not serving" },
    };

    /// <summary>The last thing it said: of a dead one, why.</summary>
    internal string LastLine => process?.LastLine ?? "";

    /// <param name="folder">Of the whole cluster; keys are shared in it.</param>
    internal void Launch(string folder, string connectionString)
    {
        keys = Keys(folder);
        process = ServerProcess.Launch(
            ["--role", role, "--folder", Path.Combine(folder, name), "--keys", keys, "--port", "0"], Environment(connectionString), ownSession: true);
    }

    internal Task ReadyAsync(CancellationToken cancellationToken) => process!.ReadyAsync(cancellationToken);

    /// <summary>Asks a gateway that is ready how it is.</summary>
    internal async Task AskAsync(CancellationToken cancellationToken)
    {
        if (!HasGateway || stopping || process is not { ExitCode: null, Announced.Length: > 0 })
            return;
        identity ??= ClientIdentity.Load(Identity(keys));
        health ??= new(process.Address, identity);
        serves = await health.ServesAsync(cancellationToken);
    }

    internal async Task StopAsync()
    {
        if (process is null || IsDead)
            return;
        stopping = true;
        await process.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        health?.Dispose();
        identity?.Dispose();
        if (process is not null)
            await process.DisposeAsync();
    }

    /// <summary>Made by the migration.</summary>
    /// <param name="keys">The folder of the cluster's keys.</param>
    internal static string Identity(string keys) => Path.Combine(keys, "admin.pem");

    internal static string Keys(string folder) => Path.Combine(folder, "keys");

    /// <summary>The password is in it: not for the command line.</summary>
    internal static Dictionary<string, string> Environment(string connectionString) => new() { ["ClinicNetwork__Postgres"] = connectionString };
}
