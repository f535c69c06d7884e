using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.BlackBox.Tests.Releases;

namespace ClinicNetwork.BlackBox.Tests.Walks;

/// <summary>docs/walks/registry.md, as a registry would go it.</summary>
[Collection(PublishedFixture.Partners)]
public sealed class RegistryWalkTests(PublishedFixture fixture) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Which cells are released by the first day, and so the numbers, is another thing in each run of the network.</summary>
    [Fact]
    public async Task A_registry_pulls_in_two_languages_goes_on_after_a_cut_and_verifies()
    {
        SampleFolder.Copy("node", _folder.Sub("docs/samples/node"));
        SampleFolder.Copy("python", _folder.Sub("docs/samples/python"));
        Directory.CreateSymbolicLink(_folder.Sub("protos"), Path.Combine(AccessMatrixTests.Root(), "protos"));
        await new Walk(Walk.PathOf("registry.md"), numbers: false).RunAsync(_folder.Path, new Dictionary<string, string>
        {
            ["CLINICNETWORK_SERVER"] = fixture.Server.Announced,
            ["CLINICNETWORK_IDENTITY"] = Path.Combine(fixture.Server.Folder, "registry-a.pem"),
        });
    }
}
