namespace ClinicNetwork.Repository.Tests;

/// <summary>What only the build knows, written beside the tests by the project file's target WriteBuildFacts.</summary>
internal static class BuildFacts
{
    private static readonly ILookup<string, string> Facts = File
        .ReadAllLines(Path.Combine(AppContext.BaseDirectory, "build-facts.txt"))
        .Select(line => line.Split('=', 2))
        .ToLookup(parts => parts[0], parts => parts[1]);

    /// <summary>NuGet's global packages folder as the restore of this build used it.</summary>
    public static string PackagesFolder => Facts["packages"].Single();

    /// <summary>The protocol compiler of Grpc.Tools.</summary>
    public static string Protoc => Facts["protoc"].Single();

    /// <summary>The folder of google/protobuf/*.proto.</summary>
    public static string ProtoImports => Facts["imports"].Single();

    /// <summary>The assembly of each project under src, in the configuration of this build.</summary>
    public static IReadOnlyList<string> SourceAssemblies => [.. Facts["assembly"]];

    /// <summary>The contract (all files of protos/) as a serialised FileDescriptorSet with comments.</summary>
    public static byte[] Contract => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "contract.binpb"));
}
