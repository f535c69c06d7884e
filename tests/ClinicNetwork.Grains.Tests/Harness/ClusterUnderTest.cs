using ClinicNetwork.Domain.Submissions;
using ClinicNetwork.Grains.Approvals;
using ClinicNetwork.Grains.Clinics;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Grains.Identity;
using ClinicNetwork.Grains.Partners;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Grains.Submissions;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Orleans.TestingHost;

namespace ClinicNetwork.Grains.Tests.Harness;

/// <summary>One real silo. Two of them over one store are two clusters that know nothing of each other.</summary>
public sealed class ClusterUnderTest : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private ClusterUnderTest(InProcessTestCluster cluster, JournalUnderTest journal) => (_cluster, Journal) = (cluster, journal);

    public JournalUnderTest Journal { get; }

    public DueRunner Due => Services.GetRequiredService<DueRunner>();

    public ClockStepper Stepper => Services.GetRequiredService<ClockStepper>();

    public IReleaseGrain Release => Grains.GetGrain<IReleaseGrain>(Streams.OfProfile(PublicOutcomes.Profile));

    public IServiceProvider Services => _cluster.Silos[0].ServiceProvider;

    /// <summary>The silo's own client, as the gateway in the same process uses it.</summary>
    private IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <param name="configure">What a test changes about the silo.</param>
    /// <param name="sealsCalls">Calls that name no caller are the network's own.</param>
    public static async Task<ClusterUnderTest> StartAsync(
        NetworkUnderTest network, GrainOptions options, Action<ISiloBuilder>? configure = null, bool sealsCalls = true)
    {
        var journal = new JournalUnderTest(network.Store.Journal);
        var builder = new InProcessTestClusterBuilder(initialSilosCount: 1);
        builder.Options.ServiceId = "clinicnetwork";
        builder.Options.ConfigureFileLogging = false;
        builder.Options.InitializeClientOnDeploy = false;
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddClinicNetworkGrains(
                network.Store, o => (o.Invariant, o.DataSource) = (SnapshotDatabase.Invariant, new SnapshotDataSource(network.Folder)), network.Secrets, options);
            silo.Services.AddSingleton<IJournal>(journal);
            if (sealsCalls)
            {
                silo.AddOutgoingGrainCallFilter<SystemCalls>();
            }

            configure?.Invoke(silo);
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new(cluster, journal);
    }

    public IPatientGrain Patient(string patient) => Grains.GetGrain<IPatientGrain>(Streams.Of(new PatientId(patient)));

    public IClinicGrain Clinic(string clinic) => Grains.GetGrain<IClinicGrain>(Streams.Of(new ClinicId(clinic)));

    public IApprovalGrain Approval(string approval) => Grains.GetGrain<IApprovalGrain>(Streams.Of(new ApprovalId(approval)));

    public ISubmissionGrain Submission(SubmissionId submission) => Grains.GetGrain<ISubmissionGrain>(Streams.Of(submission));

    public IPartnerGrain Partner(string partner) => Grains.GetGrain<IPartnerGrain>(Streams.Of(new PartnerId(partner)));

    /// <summary>Ends the grain's activation, so that the next call meets a new one.</summary>
    public Task DeactivateAsync(IAddressable grain) => _cluster.DeactivateAsync(grain);

    /// <summary>The stored snapshot of a grain, of this version or later: it is written after the answer.</summary>
    public async Task<SealedSnapshot> WaitForSnapshotAsync(IAddressable grain, long version)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            if (await ReadSnapshotAsync(grain) is { } snapshot && snapshot.Version >= version)
            {
                return snapshot;
            }

            await timer.WaitForNextTickAsync(end.Token);
        }
    }

    /// <summary>The stored snapshot of a grain; null when there is none.</summary>
    public async Task<SealedSnapshot?> ReadSnapshotAsync(IAddressable grain)
    {
        var held = new GrainState<SealedSnapshot>(new SealedSnapshot());
        await Storage.ReadStateAsync("snapshot", grain.GetGrainId(), held);
        return held.RecordExists ? held.State : null;
    }

    /// <summary>Puts a snapshot in the place of the stored one.</summary>
    public async Task PlantSnapshotAsync(IAddressable grain, SealedSnapshot snapshot)
    {
        var held = new GrainState<SealedSnapshot>(new SealedSnapshot());
        await Storage.ReadStateAsync("snapshot", grain.GetGrainId(), held);
        held.State = snapshot;
        await Storage.WriteStateAsync("snapshot", grain.GetGrainId(), held);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }

    private IGrainStorage Storage => Services.GetRequiredKeyedService<IGrainStorage>(SnapshotStore.ProviderName);
}

/// <summary>Seals every call for the network itself: these tests are about what grains do, not about who may ask them.</summary>
internal sealed class SystemCalls(CallerSeal seal) : IOutgoingGrainCallFilter
{
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        seal.Enter(CallerSeal.System);
        return context.Invoke();
    }
}
