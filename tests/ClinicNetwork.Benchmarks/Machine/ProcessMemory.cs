using System.Globalization;

namespace ClinicNetwork.Benchmarks.Machine;

internal static class ProcessMemory
{
    /// <summary>VmRSS of /proc/PID/status, bytes.</summary>
    public static long ResidentBytes(int process) => Parse(File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/status"));

    /// <summary>From now on <see cref="PeakBytes"/> counts anew; what is garbage goes first.</summary>
    public static void StartPeak()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        File.WriteAllText("/proc/self/clear_refs", "5");
    }

    /// <summary>VmHWM of this process since <see cref="StartPeak"/>, bytes.</summary>
    public static long PeakBytes() => Parse(File.ReadAllText("/proc/self/status"), "VmHWM:");

    public static long Parse(string status, string field = "VmRSS:") => 1024 * long.Parse(
        status.Split('\n').Single(line => line.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture);
}
