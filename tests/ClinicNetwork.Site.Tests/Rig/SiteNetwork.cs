using System.Diagnostics;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Grpc.Core.Interceptors;

namespace ClinicNetwork.Site.Tests.Rig;

/// <summary>A server, the line to it, and sites beyond.</summary>
internal sealed class SiteNetwork : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<SiteMachine> _sites = [];

    private SiteNetwork(ServerProcess server) => (Server, Line) = (server, new(server.Address));

    public ServerProcess Server { get; }

    public Line Line { get; }

    public string Folder => _folder.Path;

    public static async Task<SiteNetwork> StartAsync() =>
        new(await ServerProcess.StartAsync(null, "--ClinicNetwork:CallsPerSecondMax", "100000", "--ClinicNetwork:CallsBurstMax", "100000"));

    public static async Task<SiteNetwork> StartWithManualClockAsync() => new(await ServerProcess.StartAsync());

    /// <summary>Registers clinics of which the first has a patient, shared whole with the others.</summary>
    public async Task<string> ShareAsync(string patient, params string[] clinics)
    {
        using var channel = Server.Open();
        var network = new Network(channel);
        foreach (var clinic in clinics)
        {
            await network.Clinics.RegisterClinicAsync(Valid.Clinic(clinic, certified: true));
        }

        await TreatAsync(network, patient, clinics);
        return patient;
    }

    public static async Task TreatAsync(Network network, string patient, params string[] clinics)
    {
        await network.TreatAsync(patient, clinics[0]);
        if (clinics.Length > 1)
        {
            await network.As(clinics[0]).Patients.SetSharingAsync(Valid.Sharing(patient, SiteAccess.Write, clinics[1..]));
        }
    }

    /// <summary>What the network answers without the line.</summary>
    public async Task<T> AskAsync<T>(Func<Network, Task<T>> ask)
    {
        using var channel = Server.Open();
        return await ask(new Network(channel));
    }

    public async Task TakeDosingAsync(string patient, string clinic)
    {
        using var channel = Server.Open();
        await new DosingService.DosingServiceClient(channel.Intercept(new CallDefaults(clinic))).TakeDosingAsync(new() { RequestId = Valid.Id(), Patient = patient });
    }

    public SiteMachine Site(string clinic, string? folder = null)
    {
        var site = new SiteMachine(clinic, _folder.Sub(folder ?? clinic.Replace('/', '-')), Line.Address, Server.Identity);
        _sites.Add(site);
        return site;
    }

    /// <summary>The command line, as the administrator, over the line.</summary>
    public Process Start(params string[] arguments)
    {
        var info = ServerProgram.StartInfo();
        info.ArgumentList.Clear();
        foreach (var argument in (string[])[Clinicnet.Dll, .. arguments])
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment["CLINICNETWORK_SERVER"] = Line.Address.GetLeftPart(UriPartial.Authority);
        info.Environment["CLINICNETWORK_IDENTITY"] = Path.Combine(Server.Folder, "admin.pem");
        return Process.Start(info)!;
    }

    public async Task KillAsync() => await Server.KillAsync();

    public async Task StartAgainAsync()
    {
        await Server.StartAgainAsync();
        Line.Target = Server.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _sites.ForEach(s => s.Dispose());
        await Line.DisposeAsync();
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
