namespace ClinicNetwork.Benchmarks.Rig;

/// <summary>Everything that a run writes; a folder of its own, removed at its end.</summary>
internal sealed class WorkFolder : IDisposable
{
    private const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private WorkFolder(string path) => Path = path;

    public string Path { get; }

    /// <param name="parent">Where it is made; null: the temporary folder.</param>
    public static WorkFolder Create(string? parent)
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetFullPath(parent ?? System.IO.Path.GetTempPath()), "clinicnetwork-benchmarks-" + System.IO.Path.GetRandomFileName());
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
        {
            // PostgreSQL runs as another user when we are root; it must reach its own folder inside.
            File.SetUnixFileMode(path, Open);
        }

        return new(path);
    }

    public string Sub(string name)
    {
        var sub = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(sub);
        return sub;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
