using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Server.Keys;

namespace ClinicNetwork.Server.Tests;

/// <summary>Machines in the register: the last word about each counts, and a line that cannot be read registers nobody.</summary>
public sealed class ClientRegisterTests : IDisposable
{
    private const string Jwks = """{"keys":[{"kty":"EC","kid":"a, b"}]}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("clinicnetwork-clients-").FullName;

    [Fact]
    public void The_last_line_of_a_client_counts()
    {
        Assert.Empty(ClientRegister.Read(_folder));
        ClinicId.TryParseName("clinics/harbour", out var harbour);
        ClientRegister.Registered(_folder, new("pacs-1", Roles.Nurse | Roles.Clinician, [harbour], Jwks), TimeProvider.System);
        ClientRegister.Registered(_folder, new("registry", Roles.Registry, [], "https://registry.example/keys?a=b"), TimeProvider.System);
        Assert.Equal(
            [new("pacs-1", Roles.Nurse | Roles.Clinician, [harbour], Jwks), new("registry", Roles.Registry, [], "https://registry.example/keys?a=b")],
            ClientRegister.Read(_folder));

        ClientRegister.Registered(_folder, new("pacs-1", Roles.Nurse, [harbour], Jwks), TimeProvider.System);
        ClientRegister.Removed(_folder, "registry", TimeProvider.System);
        Assert.Equal([new("pacs-1", Roles.Nurse, [harbour], Jwks)], ClientRegister.Read(_folder));
    }

    [Theory]
    [InlineData("pacs-1,nurse,Not a slug,https://x/,t")]
    [InlineData("pacs-1,surgeon,,https://x/,t")]
    [InlineData("pacs-1,,,https://x/,t")]
    [InlineData("Pacs 1,nurse,,https://x/,t")]
    [InlineData("pacs-1,nurse,,,t")]
    [InlineData("pacs-1,nurse,,jwks:!,t")]
    [InlineData("pacs-1,nurse,")]
    public void A_line_that_cannot_be_read_registers_nobody(string line)
    {
        File.WriteAllText(Path.Combine(_folder, ClientRegister.FileName), $"heading\ngood,nurse,,https://x/,t\n{line}\n");
        Assert.Equal("good", Assert.Single(ClientRegister.Read(_folder)).Id);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
