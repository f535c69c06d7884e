using System.Globalization;
using System.Runtime.InteropServices;

namespace ClinicNetwork.Benchmarks.Machine;

/// <summary>
/// CPU time of processes and their children by /proc, to the clock tick (10 ms as a rule). A child that ended counts in its parent once it
/// was waited for, so a server that forks for each connection, as PostgreSQL does, is counted whole.
/// </summary>
internal sealed class CpuMeter(params IReadOnlyList<int> processes)
{
    /// <summary>_SC_CLK_TCK of Linux.</summary>
    private const int ClockTicksName = 2;

    private static readonly double TicksPerSecond = OperatingSystem.IsLinux() ? SystemConfiguration(ClockTicksName) : 100;

    /// <summary>Grows only; a process that is gone counts nothing.</summary>
    public TimeSpan Read() => TimeSpan.FromSeconds(processes.Sum(OfTree) / TicksPerSecond);

    /// <summary>User, system, and both of the children waited for: fields 14 to 17 of /proc/PID/stat, in ticks.</summary>
    public static long TicksOf(string stat)
    {
        // The second field is a name in brackets that may hold anything.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
    }

    private static long OfTree(int process)
    {
        var id = process.ToString(CultureInfo.InvariantCulture);
        var own = Read($"/proc/{id}/stat") is { Length: > 0 } stat ? TicksOf(stat) : 0;
        var children = Read($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return own + children.Sum(child => OfTree(int.Parse(child, CultureInfo.InvariantCulture)));
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }

    [DllImport("libc", EntryPoint = "sysconf")]
    private static extern long SystemConfiguration(int name);
}
