using ClinicNetwork.Cli.Output;
using ClinicNetwork.Cli.Servers;
using ClinicNetwork.Client;
using ClinicNetwork.Simulation;
using ClinicNetwork.Verification;

namespace ClinicNetwork.Cli.Demo;

/// <summary>What a run of the demo showed.</summary>
internal sealed record DemoOutcome(
    LoadResult Load,
    PlanChangeSeen? Change,
    PullSeen Pull,
    VerificationReport Verification,
    ReleasedOutcomes Outcomes,
    string ReleaseFolder);

/// <summary>One run: clinics and patients in, a plan change across, a release out and verified. All data is made up.</summary>
internal sealed class DemoRun(DemoSettings settings, ServerProcess server, DemoFolder folder)
{
    /// <summary>Publication day's work and the clock's long moves take longer than one command.</summary>
    private static readonly ClinicNetworkClientOptions Patience = new()
    {
        AttemptTimeout = TimeSpan.FromSeconds(60),
        TotalTimeout = TimeSpan.FromMinutes(4),
    };

    private string ReleaseFolder => Path.Combine(folder.Path, "release");

    /// <param name="tell">Null stays quiet.</param>
    internal async Task<DemoOutcome> RunAsync(Terminal? tell, CancellationToken cancellationToken)
    {
        using var identity = ClientIdentity.Load(folder.Identity);
        using var network = ClinicNetworkClient.Connect(server.Address, Patience with { Identity = identity });
        await DemoProtocols.CheckAsync(network, cancellationToken);
        await RegisterAsync(network, cancellationToken);
        await new DemoRegistry(server.Address, network, folder).AgreeAsync(cancellationToken);
        var sites = DemoClinic.All.Select(clinic => network.ActingFor(clinic.Name)).ToList();
        var cohort = Cohort.Draw(settings.Cohort);
        var scripts = cohort.Select(
            patient => new PatientScript(sites[patient.ClinicIndex], patient, DemoClinic.All[patient.ClinicIndex])).ToList();
        var load = new CohortLoad(network, scripts, DemoSettings.End);
        tell?.Line($"{DemoClinic.All.Count} clinics in {DemoClinic.All.Count} time zones, {cohort.Count} patients, "
            + $"{load.Total:N0} commands over gRPC, {DemoSettings.Start:yyyy-MM-dd} to {DemoSettings.End:yyyy-MM-dd}");

        PlanChangeSeen? change = null;
        async Task MidwayAsync(DateTimeOffset now)
        {
            if (PlanChangeShow.Candidate(scripts, now) is { } patient)
                change = await new PlanChangeShow(network).RunAsync(patient, now, cancellationToken);
        }
        Task<LoadResult> LoadAsync(IProgress<(long Done, long Total)> progress) =>
            load.RunAsync(progress, MidwayAsync, DemoSettings.End, cancellationToken);
        var loaded = tell is null
            ? await LoadAsync(new Progress<(long, long)>()) : await Output.Progress.ShowAsync(tell, "commands", LoadAsync);
        if (tell is not null)
            DemoReport.WriteChange(tell, change);

        using var registry = ClientIdentity.Load(folder.RegistryIdentity);
        var pull = await new RegistryPull(server.Address, registry, ReleaseFolder, settings.Seed).RunAsync(cancellationToken);
        var verification = ReleaseVerifier.VerifyFolder(ReleaseFolder, cancellationToken);
        return new(loaded, change, pull, verification, ReleasedOutcomes.Read(ReleaseFolder), ReleaseFolder);
    }

    private static async Task RegisterAsync(ClinicNetworkClient network, CancellationToken cancellationToken)
    {
        foreach (var clinic in DemoClinic.All)
        {
            await network.Clinics.RegisterClinicAsync(
                new()
                {
                    RequestId = RequestIds.New(),
                    Clinic = new()
                    {
                        Name = clinic.Name,
                        DisplayName = clinic.DisplayName,
                        TimeZone = clinic.TimeZone,
                        EsketamineCertified = true,
                    },
                },
                cancellationToken: cancellationToken);
        }
    }
}
