using System.Diagnostics;

namespace ClinicNetwork.Faults.Run;

/// <summary>A small file system of its own, so that a disk can be full (F9). Needs root and the right to mount.</summary>
internal sealed class Tmpfs : IDisposable
{
    private const int SizeMiB = 1536;

    private readonly string _folder;

    private Tmpfs(string folder) => _folder = folder;

    private string Filler => Path.Combine(_folder, "rig-filler");

    /// <summary>Null when it may not be mounted here.</summary>
    public static Tmpfs? TryMount(string folder) =>
        Environment.UserName == "root" && File.Exists("/bin/mount") && Run("/bin/mount", "-t", "tmpfs", "-o", $"size={SizeMiB}m", "rig", folder) ? new(folder) : null;

    /// <summary>Writes until nothing more fits.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, 1);
        var megabyte = new byte[1 << 20];
        try
        {
            for (var i = 0; i < SizeMiB; i++)
            {
                file.Write(megabyte);
            }
        }
        catch (IOException)
        {
            // Full, as was wanted.
        }
    }

    public void Empty() => File.Delete(Filler);

    public void Dispose() => Run("/bin/umount", "-l", _folder);

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        return process.WaitForExit(TimeSpan.FromSeconds(10)) && process.ExitCode == 0;
    }
}
