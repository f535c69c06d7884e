using System.IO.Compression;
using System.Xml.Linq;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;

namespace ClinicNetwork.BlackBox.Tests.Packages;

/// <summary>The client library as others get it: packed, restored into a program outside of the repository, which is the readme's, and run against a real server.</summary>
public sealed class ClientPackageTests : IDisposable
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(120);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_package_holds_contract_and_readme_and_its_example_runs_in_a_program_of_its_own()
    {
        await using var server = await ServerProcess.StartAsync(null);
        var patient = await SharedAsync(server);
        var package = await PackAsync();
        Check(package);

        var program = _folder.Sub("program");
        Directory.CreateDirectory(program);
        File.Copy(Path.Combine(AccessMatrixTests.Root(), "docs", "samples", "dotnet", "Program.cs"), Path.Combine(program, "Program.cs"));
        File.WriteAllText(Path.Combine(program, "program.csproj"), Project(VersionOf(package)));
        await RunAsync(program, "dotnet", "build", "-c", "Release", "-o", "out", "-v", "q", "-nologo", "-nodeReuse:false");
        string[] arguments = ["dotnet", "out/program.dll", server.Announced, Path.Combine(server.Folder, "hill-1.pem"), Network.Hill, patient];
        var told = (await RunAsync(program, arguments)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["patients/packed: plan revision 1, version 4", "PHQ-9 10, version 5", "the same answer again"], told[..3]);
        Assert.StartsWith("InvalidArgument, ITEMS_INCOMPLETE, items: ", told[3], StringComparison.Ordinal);
        Assert.Equal(["patients/packed, home clinics/harbour, plan revision 1", .. Facts], told[4..]);

        // Another day: the feed goes on where it was, and what was recorded from paper is not recorded again.
        told = (await RunAsync(program, arguments)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([.. Enumerable.Range(6, 4).Select(version => $"patients/packed, version {version}: RecordAssessment"), .. Facts], told[4..]);
    }

    private static string[] Facts => ["fact 0: version 6", "fact 1: version 7", "fact 2: version 8"];

    /// <summary>The harbour's patient, whom the hill may read and change.</summary>
    private static async Task<string> SharedAsync(ServerProcess server)
    {
        using var channel = server.Open();
        var network = new Network(channel);
        await network.RegisterAsync(Network.Harbour);
        await network.RegisterAsync(Network.Hill);
        var patient = await network.TreatAsync("patients/packed");
        await network.As(Network.Harbour).Patients.SetSharingAsync(Valid.Sharing(patient, Protocol.Care.V1.SiteAccess.Write, Network.Hill));
        using var identity = await server.IssueAsync("hill-1", "clinician", "--site", Network.Hill);
        return patient;
    }

    private async Task<string> PackAsync()
    {
        var project = Path.Combine(AccessMatrixTests.Root(), "src", "ClinicNetwork.Client");
        await RunAsync(project, "dotnet", "pack", "--no-build", "-c", ServerProgram.Configuration, "-o", _folder.Sub("packages"), "-v", "q", "-nologo", "-nodeReuse:false");
        return Assert.Single(Directory.GetFiles(_folder.Sub("packages")));
    }

    private static void Check(string package)
    {
        using var zip = ZipFile.OpenRead(package);
        var files = zip.Entries.Select(entry => entry.FullName).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(new HashSet<string>(["README.md", "lib/net10.0/ClinicNetwork.Client.dll", "lib/net10.0/ClinicNetwork.Client.xml", "protos/clinicnetwork/care/v1/patient_service.proto"], StringComparer.Ordinal), files);
        var protos = Path.Combine(AccessMatrixTests.Root(), "protos");
        Assert.Equal(
            Directory.GetFiles(protos, "*.proto", SearchOption.AllDirectories).Select(file => "protos/" + Path.GetRelativePath(protos, file)).Order(StringComparer.Ordinal),
            files.Where(file => file.EndsWith(".proto", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        using var nuspec = zip.GetEntry("ClinicNetwork.Client.nuspec")!.Open();
        var metadata = XDocument.Load(nuspec).Descendants().ToLookup(element => element.Name.LocalName);
        Assert.Equal(("MIT", "README.md"), (metadata["license"].Single().Value, metadata["readme"].Single().Value));
        Assert.DoesNotContain(metadata["dependency"], dependency => (string)dependency.Attribute("id")! is var id && (id.StartsWith("ClinicNetwork", StringComparison.Ordinal) || id.StartsWith("Microsoft.Orleans", StringComparison.Ordinal) || id == "Grpc.Tools"));
    }

    private static string VersionOf(string package) => Path.GetFileNameWithoutExtension(package)["ClinicNetwork.Client.".Length..];

    /// <summary>
    /// As `dotnet new console` and `dotnet add package` leave it, with the package from the folder alone: into a folder of its own, since NuGet keeps what it once saw of a version; what the package
    /// needs is where the build of this repository has it.
    /// </summary>
    private string Project(string version) =>
        $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <NuGetAudit>false</NuGetAudit>
            <UseSharedCompilation>false</UseSharedCompilation>
            <RestoreSources>{_folder.Sub("packages")}</RestoreSources>
            <RestorePackagesPath>{_folder.Sub("restored")}</RestorePackagesPath>
            <RestoreFallbackFolders>{PackagesFolder}</RestoreFallbackFolders>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="ClinicNetwork.Client" Version="{version}" />
          </ItemGroup>
        </Project>
        """;

    /// <summary>NuGet's own rule.</summary>
    private static string PackagesFolder => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static async Task<string> RunAsync(string folder, params string[] command)
    {
        var (code, output, error) = await Programs.RunAsync(folder, Usual, command);
        Assert.True(code == 0, $"{string.Join(' ', command)}:\n{output}{error}");
        return output;
    }
}
