using System.Net;
using System.Net.Sockets;
using ClinicNetwork.Domain;
using ClinicNetwork.Gateway;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Sqlite;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;

namespace ClinicNetwork.Server;

/// <summary>Builds and runs the one process: store, silo, gateway.</summary>
internal static class ServerHost
{
    /// <summary>How long a stop waits for calls and activations.</summary>
    private static readonly TimeSpan ShutdownMax = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(WebApplicationBuilder builder, ServerSettings settings)
    {
        RefusePortInUse(settings.Port);
        var folder = Path.GetFullPath(settings.Folder);
        await using var store = await SqliteStore.OpenAsync(
            new SqliteStoreOptions
            {
                Folder = folder,
                ClockMode = settings.Clock == "manual" ? ClockMode.Manual : ClockMode.System,
                ManualStart = settings.ClockStartInstant,
            },
            CancellationToken.None);
        using var releaseKey = ReleaseKeyFile.LoadOrCreate(folder);
        Configure(builder, settings, folder, store, new ReleaseSecrets(store.DeriveSecret, releaseKey));
        await using var app = builder.Build();
        app.MapClinicNetworkGateway();
        await app.StartAsync();
        await StartPublishingAsync(app.Services.GetRequiredService<IGrainFactory>());
        Announce(app, folder);
        await app.WaitForShutdownAsync();
    }

    /// <summary>Sets the first publication day of a new store; on any other it is set already.</summary>
    private static async Task StartPublishingAsync(IGrainFactory grains)
    {
        var reply = await grains.GetGrain<IReleaseGrain>(Streams.OfProfile(PublicOutcomes.Profile)).Start(
            new CommandOrigin("start-" + PublicOutcomes.Profile, new byte[32], "server", null));
        if (reply.Refusal is { } refusal)
        {
            throw new StoreRefusedException($"Publication days cannot be set: {refusal.Reason}, {refusal.Message}");
        }
    }

    /// <summary>Kestrel would tell it too, with stack traces.</summary>
    private static void RefusePortInUse(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        }
        catch (SocketException)
        {
            throw new IOException($"address already in use: 127.0.0.1:{port}; choose another with --port.");
        }
    }

    private static void Configure(WebApplicationBuilder builder, ServerSettings settings, string folder, SqliteStore store, ReleaseSecrets secrets)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat, o.ColorBehavior) = (true, "HH:mm:ss ", LoggerColorBehavior.Disabled));
        builder.Logging.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        
        // The gateway's interceptor logs what fails; this category would add a stack trace for each client that goes away.
        builder.Logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.None);
        // At the first start on a machine that has been up for long it takes the machine's uptime for a stall.
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        builder.Logging.AddFilter((category, level) => level >= (category?.StartsWith("ClinicNetwork", StringComparison.Ordinal) == true ? LogLevel.Information : LogLevel.Warning));
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownMax);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, settings.Port, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(FreePort(), gatewayPort: 0, serviceId: "clinicnetwork", clusterId: "clinicnetwork")
            .AddClinicNetworkGrains(store, snapshots => (snapshots.Invariant, snapshots.DataSource) = (SnapshotDatabase.Invariant, new SnapshotDataSource(folder)), secrets, new GrainOptions
            {
                SnapshotEveryVersions = settings.SnapshotEveryVersions,
                SnapshotWhenIdleVersions = settings.SnapshotWhenIdleVersions,
            }));
        builder.Services.AddClinicNetworkGateway(new SignedTokens(store.DeriveSecret("tokens"), store.Incarnation));
        builder.Services.AddGrpcHealthChecks().AddCheck<StoreHealth>("store");
    }

    /// <summary>A port for the silo's own socket; alone in its cluster, nobody else connects to it.</summary>
    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static void Announce(WebApplication app, string folder)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        File.WriteAllText(Path.Combine(folder, "endpoint"), address + "\n");
        Console.WriteLine($"ClinicNetwork {Product.Version} serves {address} on {folder}");
        Console.Out.Flush();
    }
}
