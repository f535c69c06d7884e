using System.Net;
using ClinicNetwork.Gateway;
using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Gateway.Limits;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Gateway.Sync;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Postgres;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orleans.Configuration;

namespace ClinicNetwork.Server;

/// <summary>The gRPC gateway: beside a silo in one process, or a process of its own that is an Orleans client.</summary>
internal static class GatewayRole
{
    public static void Listen(KestrelServerOptions kestrel, ServerSettings settings, GatewayTls tls)
    {
        ConnectionLimits.Apply(kestrel.Limits);
        kestrel.Listen(IPAddress.Parse(settings.Listen), settings.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            tls.Use(listen);
            listen.ApplicationServices.GetRequiredService<OpenConnections>().Use(listen);
        });
    }

    public static void Add(WebApplicationBuilder builder, ServerSettings settings, IStore store)
    {
        builder.Services.AddClinicNetworkGateway(new SignedTokens(store.DeriveSecret("tokens"), store.Incarnation), new()
        {
            Secret = store.DeriveSecret(TokenOptions.Purpose),
            Network = store.Incarnation,
            Names = settings.CertificateNames,
            Audiences = settings.TokenAudiences,
            Issuers = settings.TokenIssuers,
        }, settings.Rate, settings.FolderPath, store.DeriveSecret(AccessSpool.Purpose));
        builder.Services
            .AddSingleton(services => ActivatorUtilities.CreateInstance<OpenConnections>(services, TimeProvider.System))
            .AddSingleton(services => ActivatorUtilities.CreateInstance<Registers>(services, settings.KeyFolder, TimeProvider.System))
            .AddHostedService(services => services.GetRequiredService<Registers>())
            .AddHostedService(services => ActivatorUtilities.CreateInstance<RegisterEntries>(services, settings.KeyFolder, TimeProvider.System));
        builder.Services.AddHostedService<FeedPoll>();
        StopLimit.Add(builder.Services);
        AddHealth(builder.Services);
        if (settings.HasSilo)
        {
            builder.Services.AddHealthChecks().AddCheck<Ledger>(Ledger.Name);
        }

        if (store is PostgresStore postgres)
        {
            builder.Services.AddSingleton(postgres.Hints).AddHostedService<FeedHintListener>();
        }
    }

    /// <summary>
    /// grpc.health: "" as <see cref="Operating.ReadyPath"/> answers, so that a balancer does not drop gateways whose cached reads go on while the
    /// database is away; "store" tells of the database, "audit" whether the tree in it is this network's, "registers" of the files beside the authority,
    /// "erasures" of the list beside the keys, "ledger" whether a silo in this process can write what it releases and withdraws,
    /// "releases" whether publications are made.
    /// </summary>
    private static void AddHealth(IServiceCollection services) => services
        .AddGrpcHealthChecks(options =>
        {
            options.Services.Map("", check => check.Name == GatewayHealth.Name);
            options.Services.Map(StoreHealth.Name, check => check.Name == StoreHealth.Name);
            options.Services.Map(AuditHealth.Name, check => check.Name == AuditHealth.Name);
            options.Services.Map(Registers.Name, check => check.Name == Registers.Name);
            options.Services.Map(ErasureListing.Name, check => check.Name == ErasureListing.Name);
            options.Services.Map(Ledger.Name, check => check.Name == Ledger.Name);
            options.Services.Map(PublicationHealth.Name, check => check.Name == PublicationHealth.Name);
        })
        .AddCheck<GatewayHealth>(GatewayHealth.Name)
        .AddCheck<StoreHealth>(StoreHealth.Name)
        .AddCheck<AuditHealth>(AuditHealth.Name)
        .AddCheck<Registers>(Registers.Name)
        .AddCheck<ErasureListing>(ErasureListing.Name)
        .AddCheck<PublicationHealth>(PublicationHealth.Name);

    public static void AddClient(WebApplicationBuilder builder, ServerSettings settings, IStore store, ReleaseSecrets secrets, DatabaseSources sources)
    {
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => SiloRole.Identify(options, settings));
            client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = FailureDetection.GatewayListRefresh);
            client.UseAdoNetClustering(options => (options.Invariant, options.DataSource) = (PostgresOrleans.Invariant, sources.Clustering));
            client.UseTls(MemberTls.Of(store.DeriveSecret));
            client.UseConnectionRetryFilter<FirstConnection>();
            client.Services.AddSingleton<IClusterConnectionStatusObserver>(services => services.GetRequiredService<Readiness>());
            client.AddClinicNetworkGrainClient(store, secrets);
        });
    }
}

/// <summary>Waits for the first silo, but not for ever. (A connection that was made and lost is made again by Orleans itself.)</summary>
internal sealed class FirstConnection(TimeProvider time, ILogger<FirstConnection> log) : IClientConnectionRetryFilter
{
    /// <summary>Longer than a cluster that starts at the same moment needs.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly long _began = time.GetTimestamp();
    private bool _told;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_began) > WaitMax)
        {
            throw new StartFailedException($"no silo of this cluster answered within {WaitMax.TotalSeconds:0} s; start one (--role silo) on the same database and --cluster.", exception);
        }

        if (!_told)
        {
            _told = true;
            log.LogInformation("Waiting for a silo of this cluster");
        }

        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }
}
