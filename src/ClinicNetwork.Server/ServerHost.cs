using System.Net;
using System.Net.Sockets;
using ClinicNetwork.Gateway;
using ClinicNetwork.Grains.Identity;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Audit;
using ClinicNetwork.Server.Keys;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ClinicNetwork.Server;

/// <summary>Builds and runs the one process: store, and silo, gateway or both.</summary>
internal static class ServerHost
{
    /// <summary>A start that takes longer has failed: joining is bounded by a minute, and so is the wait for a first silo.</summary>
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(120);

    /// <summary>After the end, what is left is closed no longer than this.</summary>
    private static readonly TimeSpan CloseMax = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(WebApplicationBuilder builder, ServerSettings settings)
    {
        RefusePortInUse(settings);
        await using var store = await StoreOpening.OpenAsync(settings);
        if (settings.HasSilo)
        {
            await Ledger.ReplayAsync(settings, store, restored: false);
        }

        using var releaseKey = settings.OnPostgres ? ReleaseKeyFile.Load(settings.KeyFolder) : ReleaseKeyFile.LoadOrCreate(settings.KeyFolder);
        using var headKey = ReleaseKeyFile.Load(settings.KeyFolder);
        using var authority = OpenAuthority(settings);
        await using var sources = settings.OnPostgres ? new DatabaseSources(settings.Postgres) : null;
        var readiness = new Readiness();
        Configure(builder, settings, store, new(store.DeriveSecret, releaseKey), new(store.Incarnation, headKey, TimeProvider.System), sources, readiness, authority);
        var app = builder.Build();
        await using var stopping = app.Lifetime.ApplicationStopping.Register(readiness.Stopping);
        HealthListener.Map(app, readiness);
        if (settings.HasGateway)
        {
            app.MapClinicNetworkGateway(settings.CallLimits, reflection: !settings.Production);
        }

        try
        {
            await StartAsync(app, settings);
        }
        catch
        {
            await CloseAsync(app);
            throw;
        }

        readiness.Started();
        Announce(app, settings);
        await StopAsync(app);
    }

    /// <summary>Waits for the signal, then for the end of the stop. One that is cut short (the database is away, say) loses nothing acknowledged.</summary>
    private static async Task StopAsync(WebApplication app)
    {
        try
        {
            await app.WaitForShutdownAsync();
        }
        catch (Exception exception) when (exception is OperationCanceledException or AggregateException or OrleansException or TimeoutException)
        {
            throw new StopFailedException($"it was not done within the time allowed ({exception.GetBaseException().Message.Split('\n')[0]}).");
        }
        finally
        {
            await CloseAsync(app);
        }
    }

    /// <summary>Null: no gateway here. A process on SQLite is its own administrator's; several on PostgreSQL get their keys from <c>migrate</c>.</summary>
    private static NetworkAuthority? OpenAuthority(ServerSettings settings)
    {
        if (!settings.HasGateway)
        {
            return null;
        }

        var authority = settings.OnPostgres
            ? NetworkAuthority.Load(settings.KeyFolder, TimeProvider.System)
            : NetworkAuthority.LoadOrCreate(settings.KeyFolder, TimeProvider.System);
        // Refused before anything starts: without the list nobody would be revoked.
        CertificateRegister.ReadRevocations(settings.KeyFolder);
        if (!settings.OnPostgres)
        {
            AdminIdentityFile.Ensure(settings.KeyFolder, authority, TimeProvider.System);
        }

        return authority;
    }

    private static void Configure(
        WebApplicationBuilder builder,
        ServerSettings settings,
        IStore store,
        ReleaseSecrets secrets,
        AuditHeads heads,
        DatabaseSources? sources,
        Readiness readiness,
        NetworkAuthority? authority)
    {
        ServerLogging.Configure(builder, () => !settings.OnPostgres || readiness.IsStarted);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout =
            TimeSpan.FromSeconds(settings.OnPostgres ? Operating.ShutdownSecondsMax : Operating.EmbeddedShutdownSecondsMax));
        builder.Services.AddSingleton(readiness)
            .AddSingleton(services => ActivatorUtilities.CreateInstance<ErasureListing>(services, store.Keys, TimeProvider.System))
            .AddHostedService(services => services.GetRequiredService<ErasureListing>());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (authority is not null)
            {
                GatewayRole.Listen(kestrel, settings, new GatewayTls(authority, settings.CertificateNames, TimeProvider.System));
            }

            HealthListener.Listen(kestrel, settings);
        });
        if (!settings.HasGateway && settings.HealthPort < 0)
        {
            builder.Services.AddSingleton<IServer, NoListener>();
        }

        if (settings.HasSilo)
        {
            SiloRole.Add(builder, settings, store, secrets, heads, sources);
        }
        else
        {
            GatewayRole.AddClient(builder, settings, store, secrets, sources!);
        }

        if (settings.HasGateway)
        {
            GatewayRole.Add(builder, settings, store);
        }
    }

    /// <exception cref="StartFailedException">One line; what Orleans and the host would log of it is not shown.</exception>
    private static async Task StartAsync(WebApplication app, ServerSettings settings)
    {
        using var patience = new CancellationTokenSource(StartMax);
        try
        {
            await app.StartAsync(patience.Token).WaitAsync(StartMax);
            if (settings.HasSilo)
            {
                await SiloRole.StartPublishingAsync(app.Services.GetRequiredService<IGrainFactory>(), app.Services.GetRequiredService<CallerSeal>(), patience.Token);
            }
        }
        catch (Exception exception) when (exception is not (StartFailedException or StoreRefusedException or IOException))
        {
            var told = exception is OperationCanceledException or TimeoutException
                ? $"it was not ready within {StartMax.TotalSeconds:0} s; see whether the database and the other silos answer."
                : exception.GetBaseException().Message.Split('\n')[0];
            throw new StartFailedException(told, exception);
        }
    }

    /// <summary>What hangs here ends with the process.</summary>
    private static async Task CloseAsync(WebApplication app)
    {
        try
        {
            await app.DisposeAsync().AsTask().WaitAsync(CloseMax);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException or ObjectDisposedException or InvalidOperationException)
        {
            // The failure that led here is what is told.
        }
    }

    /// <summary>Kestrel would tell it too, with stack traces.</summary>
    private static void RefusePortInUse(ServerSettings settings)
    {
        (string Address, int Port, string Option)[] endpoints =
        [
            .. settings.HasGateway ? [(settings.Listen, settings.Port, "--port")] : Array.Empty<(string, int, string)>(),
            .. settings.HealthPort >= 0 ? [(settings.HealthListen, settings.HealthPort, "--health-port")] : Array.Empty<(string, int, string)>(),
            .. settings is { OnPostgres: true, HasSilo: true }
                ? [(settings.Advertise, settings.SiloPort, "--silo-port"), (settings.Advertise, settings.OrleansPort, "--orleans-port")]
                : Array.Empty<(string, int, string)>(),
        ];
        foreach (var (address, port, option) in endpoints)
        {
            var endpoint = new IPEndPoint(IPAddress.Parse(address), port);
            using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(endpoint);
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                throw new IOException($"address already in use: {endpoint}; choose another with {option}.");
            }
            catch (SocketException exception)
            {
                throw new IOException($"{endpoint} cannot be listened on: {exception.Message}; choose another address or {option}.");
            }
        }
    }

    private static void Announce(WebApplication app, ServerSettings settings)
    {
        var (verb, address) = settings.HasGateway
            ? ("serves", app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First())
            : ("silo", app.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.Endpoint.ToString());
        File.WriteAllText(Path.Combine(settings.FolderPath, "endpoint"), address + "\n");
        Console.WriteLine($"ClinicNetwork {Product.Version} {verb} {address} on {settings.FolderPath}");
        Console.Out.Flush();
    }
}

/// <summary>The server cannot start, or not in time; the message is one line.</summary>
internal sealed class StartFailedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The server ends, but not in order; the message is one line.</summary>
internal sealed class StopFailedException(string message) : Exception(message);
