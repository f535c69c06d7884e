using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ClinicNetwork.Faults.Processes;

/// <summary>
/// The processes that a run started. All end with it: in order, on Ctrl-C, and, by a watcher of their own, when the run itself is killed.
/// </summary>
internal sealed class Owned : IDisposable
{
    private const int SigTerm = 15;
    private const int SigKill = 9;
    private const int SigCont = 18;
    private const int SigStop = 19;

    private readonly ConcurrentDictionary<int, bool> _ids = new();
    private readonly string _list;
    private readonly Lock _one = new();
    private readonly Process? _watcher;

    /// <param name="folder">Its own; the watcher removes it when nobody else is left to.</param>
    public Owned(string folder)
    {
        _list = Path.Combine(folder, "processes");
        File.WriteAllText(_list, "");
        if (File.Exists("/bin/sh"))
        {
            const string Watch = "trap '' INT TERM HUP; while kill -0 \"$1\" 2>/dev/null; do sleep 1; done; [ -f \"$2\" ] || exit 0; while read -r p; do grep -qs -e ClinicNetwork.Server -e postgres \"/proc/$p/cmdline\" && kill -9 \"$p\" 2>/dev/null; done < \"$2\"; rm -f \"$2\"";
            _watcher = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Watch, "watcher", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), _list]) { WorkingDirectory = "/" });
        }
    }

    public void Add(int processId)
    {
        _ids[processId] = true;
        Write();
    }

    public void Remove(int processId)
    {
        _ids.TryRemove(processId, out _);
        Write();
    }

    public static void Terminate(int processId) => _ = Send(processId, SigTerm);

    public static void Kill(int processId) => _ = Send(processId, SigKill);

    public static void Stop(int processId) => _ = Send(processId, SigStop);

    public static void Continue(int processId) => _ = Send(processId, SigCont);

    /// <summary>SIGKILL of whatever is left.</summary>
    public void KillAll()
    {
        foreach (var id in _ids.Keys.Where(IsOurs))
        {
            Kill(id);
        }
    }

    public void Dispose()
    {
        KillAll();
        File.Delete(_list);
        if (_watcher is { HasExited: false })
        {
            _watcher.Kill(entireProcessTree: true);
        }

        _watcher?.Dispose();
    }

    /// <summary>An id may have been given to somebody else meanwhile.</summary>
    private static bool IsOurs(int id)
    {
        try
        {
            var command = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/cmdline"));
            return command.Contains("ClinicNetwork.Server", StringComparison.Ordinal) || command.Contains("postgres", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void Write()
    {
        lock (_one)
        {
            File.WriteAllLines(_list, _ids.Keys.Select(id => id.ToString(CultureInfo.InvariantCulture)));
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Send(int processId, int signal);
}
