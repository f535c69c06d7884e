using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Gateway.Tests.Harness;

namespace ClinicNetwork.BlackBox.Tests.Identity;

/// <summary>A server with one clinic that takes people's tokens of a real issuer.</summary>
public sealed class TokenServer : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    internal ServerProcess Server { get; private set; } = null!;

    internal PeopleIssuer Issuer { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Issuer = await PeopleIssuer.StartAsync();
        // The server trusts what its machine trusts: here, by OpenSSL's own setting, the issuer's certificate.
        File.WriteAllText(_folder.Sub("issuer.pem"), Issuer.Certificate.ExportCertificatePem());
        Server = await ServerProcess.StartWithAsync(
            new Dictionary<string, string>
            {
                ["SSL_CERT_FILE"] = _folder.Sub("issuer.pem"),
                ["ClinicNetwork__Issuers__0__Name"] = "hospital",
                ["ClinicNetwork__Issuers__0__Authority"] = Issuer.Authority,
                ["ClinicNetwork__Issuers__0__Audience"] = PeopleIssuer.Audience,
                ["ClinicNetwork__Issuers__0__RolesClaim"] = "ward_roles",
                ["ClinicNetwork__Issuers__0__Roles"] = "doctor=clinician,ward-nurse=nurse",
                ["ClinicNetwork__Issuers__0__SitesClaim"] = "ward_sites",
            },
            "--clock", "manual", "--clock-start", ServerProcess.ClockStart.ToString("O"));
        using var channel = Server.Open();
        await new Network(channel).RegisterAsync(Network.Harbour);
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        await Issuer.DisposeAsync();
        _folder.Dispose();
    }
}
