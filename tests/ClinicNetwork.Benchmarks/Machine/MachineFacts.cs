using System.Diagnostics;
using System.Globalization;
using ClinicNetwork.Benchmarks.Figures;

namespace ClinicNetwork.Benchmarks.Machine;

/// <summary>What the figures depend on, and whether the machine was free for them.</summary>
internal sealed record MachineFacts(
    int Cores, string CpuModel, double MemoryGiB, string Kernel, string FileSystem, double FsyncP50Ms, double FsyncP99Ms, double LoadAverage, double BusyShare)
{
    /// <summary>More than this of the machine's CPU in use before we begin disturbs what is measured.</summary>
    public const double BusyShareMax = 0.1;

    private const int FsyncRuns = 200;

    /// <summary>PostgreSQL's page, bytes.</summary>
    private const int PageBytes = 8192;

    /// <summary>How long the machine is watched before the start.</summary>
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(2);

    public IEnumerable<string> Warnings
    {
        get
        {
            if (BusyShare > BusyShareMax)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"others use {BusyShare * 100:0} % of the CPU (load average {LoadAverage:0.0}): the figures are not those of a quiet machine");
            }

            if (FileSystem is "tmpfs" or "ramfs")
            {
                yield return $"the databases lie on {FileSystem}, where durability costs nothing: choose a folder on a disk";
            }
        }
    }

    public IEnumerable<string> Lines =>
    [
        string.Create(CultureInfo.InvariantCulture, $"{Cores} cores, {CpuModel}, {MemoryGiB:0} GiB, Linux {Kernel}, .NET {Environment.Version}"),
        string.Create(CultureInfo.InvariantCulture, $"databases on {FileSystem}: write and fsync of 8 KiB p50 {FsyncP50Ms:0.00} ms, p99 {FsyncP99Ms:0.00} ms; load average before the start {LoadAverage:0.0}, others' CPU {BusyShare * 100:0} %"),
    ];

    public static async Task<MachineFacts> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var before = BusyTicks(File.ReadAllText("/proc/stat"));
        await Pause.ForAsync(Watch, cancellationToken);
        var after = BusyTicks(File.ReadAllText("/proc/stat"));
        var fsync = Fsync(folder);
        return new(
            Environment.ProcessorCount,
            Field("/proc/cpuinfo", "model name") ?? "unknown",
            double.Parse((Field("/proc/meminfo", "MemTotal") ?? "0 kB").Split(' ')[0], CultureInfo.InvariantCulture) / (1024 * 1024),
            File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
            new DriveInfo(Path.GetFullPath(folder)).DriveFormat,
            Statistics.Percentile(fsync, 0.5),
            Statistics.Percentile(fsync, 0.99),
            double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture),
            (after.Busy - before.Busy) / Math.Max(1.0, after.All - before.All));
    }

    /// <summary>Ticks of all cores not idle and not waiting for a disk, and all ticks, from the first line of /proc/stat.</summary>
    public static (long Busy, long All) BusyTicks(string stat)
    {
        var ticks = stat.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9].Select(t => long.Parse(t, CultureInfo.InvariantCulture)).ToArray();
        return (ticks.Sum() - ticks[3] - ticks[4], ticks.Sum());
    }

    /// <summary>As pg_test_fsync does: one page rewritten and flushed, again and again. Milliseconds, ascending.</summary>
    private static float[] Fsync(string folder)
    {
        var path = Path.Combine(folder, "fsync-probe");
        var page = new byte[PageBytes];
        var times = new float[FsyncRuns];
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            for (var i = 0; i < FsyncRuns; i++)
            {
                var begin = Stopwatch.GetTimestamp();
                RandomAccess.Write(file, page, 0);
                RandomAccess.FlushToDisk(file);
                times[i] = (float)Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            }
        }

        File.Delete(path);
        Array.Sort(times);
        return times;
    }

    private static string? Field(string file, string name) => File.ReadLines(file)
        .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
