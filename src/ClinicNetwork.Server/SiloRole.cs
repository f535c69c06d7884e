using System.Net;
using ClinicNetwork.Domain;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Audit;
using ClinicNetwork.Grains.Identity;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Audit;
using ClinicNetwork.Journal.Ledger;
using ClinicNetwork.Journal.Postgres;
using ClinicNetwork.Journal.Sqlite;
using Npgsql;
using Orleans.Configuration;

namespace ClinicNetwork.Server;

/// <summary>A silo: alone on SQLite, or one of a cluster on PostgreSQL.</summary>
internal static class SiloRole
{
    private const string ServiceId = "clinicnetwork";

    /// <summary>After a cold start the first call may meet a silo that is dead but not yet declared so.</summary>
    private static readonly TimeSpan FirstCallMax = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan FirstCallPause = TimeSpan.FromSeconds(1);

    public static void Add(WebApplicationBuilder builder, ServerSettings settings, IStore store, ReleaseSecrets secrets, AuditHeads heads, DatabaseSources? sources)
    {
        builder.Services.AddSingleton(heads).AddHostedService<AuditSequencer>();
        builder.Services
            .AddSingleton(services => ActivatorUtilities.CreateInstance<Ledger>(
                services, new DisclosureLedger(settings.LedgerFolder, store.DeriveSecret(DisclosureLedger.Purpose))))
            .AddSingleton<IDisclosureLedger>(services => services.GetRequiredService<Ledger>());
        builder.Services.AddSingleton<IPublicationCheck>(new PublicationCheck(TimeProvider.System));
        builder.UseOrleans(silo =>
        {
            if (sources is null)
            {
                silo.UseLocalhostClustering(FreePorts.Next(), gatewayPort: 0, serviceId: ServiceId, clusterId: ServerSettings.ClusterUsual);
            }
            else
            {
                AddToCluster(silo, settings, sources);
            }

            silo.UseTls(MemberTls.Of(store.DeriveSecret));
            silo.AddClinicNetworkGrains(store, snapshots => UseSnapshots(snapshots, settings, sources), secrets, new GrainOptions
            {
                SnapshotEveryVersions = settings.SnapshotEveryVersions,
                SnapshotWhenIdleVersions = settings.SnapshotWhenIdleVersions,
                FeedDays = settings.FeedDays,
            });
        });
    }

    public static void Identify(ClusterOptions options, ServerSettings settings) => (options.ClusterId, options.ServiceId) = (settings.Cluster, ServiceId);

    /// <summary>Sets the first publication day of a new store; on any other it is set already. Every silo asks; the request id makes it one.</summary>
    public static async Task StartPublishingAsync(IGrainFactory grains, CallerSeal seal, CancellationToken cancellationToken)
    {
        seal.Enter(CallerSeal.System);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(FirstCallMax);
        using var timer = new PeriodicTimer(FirstCallPause);
        while (true)
        {
            Refusal refusal;
            try
            {
                var reply = await grains.GetGrain<IReleaseGrain>(Streams.OfProfile(PublicOutcomes.Profile)).Start(
                    new CommandOrigin("start-" + PublicOutcomes.Profile, new byte[32], "server", null), patience.Token);
                if (reply.Refusal is null)
                {
                    return;
                }

                refusal = reply.Refusal;
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException or OutcomeUnknownException or StoreUnavailableException or OperationCanceledException)
            {
                refusal = Refusal.Unavailable("NO_ANSWER", exception.Message);
            }

            if (refusal.Kind != RefusalKind.Unavailable || !await WaitAsync(timer, patience.Token))
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new StoreRefusedException($"Publication days cannot be set: {refusal.Reason}, {refusal.Message}");
            }
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static void AddToCluster(ISiloBuilder silo, ServerSettings settings, DatabaseSources sources)
    {
        silo.Configure<ClusterOptions>(options => Identify(options, settings));
        silo.Configure<ClusterMembershipOptions>(FailureDetection.Apply);
        silo.UseAdoNetClustering(options => (options.Invariant, options.DataSource) = (PostgresOrleans.Invariant, sources.Clustering));
        silo.ConfigureEndpoints(
            IPAddress.Parse(settings.Advertise),
            settings.SiloPort > 0 ? settings.SiloPort : FreePorts.Next(),
            settings.OrleansPort > 0 ? settings.OrleansPort : FreePorts.Next());
#if FAULTS
        if (Faults.AdvertisedSiloPort is { } proxy)
        {
            silo.Configure<EndpointOptions>(o => (o.SiloListeningEndpoint, o.SiloPort) = (new(IPAddress.Loopback, o.SiloPort), proxy));
        }
#endif
        silo.Services.AddSingleton<IFatalErrorHandler, EvictedSilo>();
    }

    private static void UseSnapshots(AdoNetGrainStorageOptions snapshots, ServerSettings settings, DatabaseSources? sources)
    {
        if (sources is null)
        {
            (snapshots.Invariant, snapshots.DataSource) = (SnapshotDatabase.Invariant, new SnapshotDataSource(settings.FolderPath));
        }
        else
        {
            (snapshots.Invariant, snapshots.DataSource) = (PostgresOrleans.Invariant, sources.Snapshots);
        }
    }
}

/// <summary>Orleans' pools on the store's database, closed after the silo.</summary>
internal sealed class DatabaseSources(string connectionString) : IAsyncDisposable
{
    public NpgsqlDataSource Clustering { get; } = PostgresOrleans.Source(connectionString, PostgresOrleans.Clustering);

    public NpgsqlDataSource Snapshots { get; } = PostgresOrleans.Source(connectionString, PostgresOrleans.Snapshots);

    public async ValueTask DisposeAsync()
    {
        await Clustering.DisposeAsync();
        await Snapshots.DisposeAsync();
    }
}

/// <summary>A silo that the others declared dead (it was paused, or cut off) ends at once and says so; its supervisor starts it anew.</summary>
internal sealed class EvictedSilo(ILogger<EvictedSilo> log) : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        log.LogCritical("The silo ends: {Message}", (exception?.Message ?? context ?? "").Split('\n')[0]);
        Console.Error.WriteLine("The silo was declared dead by its cluster, or cannot go on, and ends; nothing acknowledged is lost. Start it again.");
        Environment.Exit(1);
    }
}
