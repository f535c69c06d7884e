using System.Diagnostics;
using Google.Protobuf.Reflection;

namespace ClinicNetwork.Repository.Tests.Protos;

/// <summary>Compiles one proto file with the build's protoc, comments kept.</summary>
internal static class ProtoCompiler
{
    /// <param name="path">Path of the file below the proto root, for example <c>clinicnetwork/care/v1/thing.proto</c>.</param>
    /// <param name="source">The file's text.</param>
    public static FileDescriptorSet Compile(string path, string source)
    {
        var root = Directory.CreateTempSubdirectory("clinicnetwork-proto-");
        try
        {
            var file = Path.Combine(root.FullName, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, source);
            var output = Path.Combine(root.FullName, "set.binpb");
            Run(["--include_imports", "--include_source_info", "--descriptor_set_out=" + output, "-I" + root.FullName, "-I" + BuildFacts.ProtoImports, file]);
            return FileDescriptorSet.Parser.ParseFrom(File.ReadAllBytes(output));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static void Run(string[] arguments)
    {
        using var protoc = Process.Start(new ProcessStartInfo(BuildFacts.Protoc, arguments) { RedirectStandardError = true })!;
        var errors = protoc.StandardError.ReadToEnd();
        protoc.WaitForExit();
        Assert.True(protoc.ExitCode == 0, errors);
    }
}
