using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Demo;

/// <summary>The demo's folder: a temporary one that goes, or a given one that stays.</summary>
internal sealed class DemoFolder : IDisposable
{
    private DemoFolder(string path, bool stays)
    {
        Path = path;
        Stays = stays;
    }

    internal string Path { get; }

    /// <summary>The server's part.</summary>
    internal string Network => System.IO.Path.Combine(Path, "network");

    /// <summary>Made by the server at its start.</summary>
    internal string Identity => System.IO.Path.Combine(Network, "admin.pem");

    /// <summary>Of a second administrator, without whom nothing is given to anybody.</summary>
    internal string SecondIdentity => System.IO.Path.Combine(Path, "second-admin.pem");

    /// <summary>Of the registry that pulls.</summary>
    internal string RegistryIdentity => System.IO.Path.Combine(Path, "registry.pem");

    internal bool Stays { get; set; }

    internal static DemoFolder Open(string? given)
    {
        if (given is null)
            return new(Directory.CreateTempSubdirectory("clinicnet-demo-").FullName, stays: false);
        var path = System.IO.Path.GetFullPath(given);
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new InputException("--folder", "is not empty; name a new folder");
        Directory.CreateDirectory(path);
        return new(path, stays: true);
    }

    public void Dispose()
    {
        if (!Stays && Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
