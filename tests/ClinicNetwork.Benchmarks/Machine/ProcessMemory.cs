using System.Globalization;

namespace ClinicNetwork.Benchmarks.Machine;

internal static class ProcessMemory
{
    /// <summary>VmRSS of /proc/PID/status, bytes.</summary>
    public static long ResidentBytes(int process) => Parse(File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/status"));

    public static long Parse(string status) => 1024 * long.Parse(
        status.Split('\n').Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture);
}
