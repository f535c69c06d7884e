using ClinicNetwork.Grains.Due;
using ClinicNetwork.Grains.Identity;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace ClinicNetwork.Grains;

/// <summary>Puts grains, due loop and snapshots into a silo.</summary>
public static class GrainHosting
{
    /// <summary>How long a caller waits for a grain; past it the outcome is unknown and the request id tells.</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A call that takes this long marks its activation as stuck: minutes, so that a paused machine loses no activation.</summary>
    private static readonly TimeSpan RequestProcessingMax = TimeSpan.FromMinutes(5);

    /// <summary>An activation nobody used for this long goes.</summary>
    private static readonly TimeSpan IdleMax = TimeSpan.FromMinutes(15);

    /// <param name="store">Opened by the host, closed by the host after the silo stopped.</param>
    /// <param name="snapshots">Where the snapshots lie: a database of the ADO.NET provider.</param>
    public static ISiloBuilder AddClinicNetworkGrains(
        this ISiloBuilder silo, IStore store, Action<AdoNetGrainStorageOptions> snapshots, ReleaseSecrets releaseSecrets, GrainOptions options)
    {
        silo.Configure<SiloMessagingOptions>(o =>
        {
            (o.ResponseTimeout, o.MaxRequestProcessingTime) = (ResponseTimeout, RequestProcessingMax);
            // A question to a silo's directory that was lost keeps one grain waiting for so long; Orleans' own 30 s are an outage for its patient.
            o.SystemResponseTimeout = ResponseTimeout;
        });
        silo.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = ResponseTimeout);
        silo.Configure<GrainCollectionOptions>(o => o.CollectionAge = IdleMax);
        silo.AddIncomingGrainCallFilter<CallerFilter>();
        AddStore(silo.Services, store, releaseSecrets);
        silo.AddAdoNetGrainStorage(SnapshotStore.ProviderName, snapshots);
        silo.Services.TryAddSingleton<IPublicationCheck, NoCheck>();
        silo.Services.TryAddSingleton<IDisclosureLedger, NoLedger>();
        silo.Services
            .AddSingleton(store.Snapshots)
            .AddSingleton(options)
            .AddSingleton(services => new SnapshotStore(
                services, store.Snapshots, store.Incarnation, services.GetRequiredService<ILogger<SnapshotStore>>()))
            .AddSingleton<GrainServices>()
            .AddHostedService<DueLoop>()
            .AddHostedService<FeedRetention>()
            .AddHostedService<DoublesSearch>();
        return silo;
    }

    /// <summary>For a process that calls grains and has none.</summary>
    /// <param name="store">Opened by the host, closed by the host after the client stopped.</param>
    public static IClientBuilder AddClinicNetworkGrainClient(this IClientBuilder client, IStore store, ReleaseSecrets releaseSecrets)
    {
        client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = ResponseTimeout);
        AddStore(client.Services, store, releaseSecrets);
        return client;
    }

    /// <summary>
    /// The store, and what works on it past the grains: the gateway's feed and releases, and running what is due. A process with a silo and
    /// a gateway that is an Orleans client both need it.
    /// </summary>
    private static void AddStore(IServiceCollection services, IStore store, ReleaseSecrets releaseSecrets) => services
        .AddSingleton(store.Journal)
        .AddSingleton(store.Projections)
        .AddSingleton(store.Doubles)
        .AddSingleton(store.Exchange)
        .AddSingleton(store.Submissions)
        .AddSingleton(store.Audit)
        .AddSingleton(store.UsedAssertions)
        .AddSingleton(store.Clock)
        .AddSingleton(store.Keys)
        .AddSingleton(releaseSecrets)
        .AddSingleton(new CallerSeal(store.DeriveSecret(CallerSeal.Purpose), store.Clock))
        .AddSingleton(new StreamHandles(store.DeriveSecret(StreamHandles.Purpose)))
        .AddSingleton(new StoreIdentity(store.Incarnation, store.SchemaVersion))
        .AddSingleton<PublicationAlert>()
#if FAULTS
        .AddSingleton(Faults.Clock)
#else
        .AddSingleton(TimeProvider.System)
#endif
        .AddSingleton<FeedWakeUp>()
        .AddSingleton<DueRunner>()
        .AddSingleton<ClockStepper>();
}
