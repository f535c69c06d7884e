using System.Globalization;

namespace ClinicNetwork.Faults.Proxy;

/// <summary>Which of some processes holds a local TCP port, from /proc: so that a silo's proxy knows which silo connects.</summary>
internal static class SocketOwner
{
    /// <summary>The name of the process that owns the socket bound to this loopback port, or empty.</summary>
    public static string Of(int port, IEnumerable<(string Name, int ProcessId)> processes)
    {
        if (Inode(port) is not { } inode)
        {
            return "";
        }

        var wanted = $"socket:[{inode}]";
        return processes.FirstOrDefault(p => Handles(p.ProcessId).Any(h => h == wanted)).Name ?? "";
    }

    private static string? Inode(int port)
    {
        var local = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        foreach (var table in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
        {
            foreach (var line in File.Exists(table) ? File.ReadAllLines(table).Skip(1) : [])
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length > 9 && fields[1].EndsWith(local, StringComparison.Ordinal) && fields[9] != "0")
                {
                    return fields[9];
                }
            }
        }

        return null;
    }

    private static IEnumerable<string> Handles(int processId)
    {
        var folder = $"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/fd";
        string[] handles;
        try
        {
            handles = Directory.GetFiles(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            yield break;
        }

        foreach (var handle in handles)
        {
            string? target = null;
            try
            {
                target = new FileInfo(handle).LinkTarget;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Closed meanwhile.
            }

            if (target is not null)
            {
                yield return target;
            }
        }
    }
}
