#if FAULTS
using System.Globalization;
using System.Runtime.InteropServices;

namespace ClinicNetwork.Journal;

/// <summary>
/// What a test build can be told to do wrong, by environment: one planted defect, one point at which to crash, a clock that is off. Compiled
/// into configuration Faults alone.
/// </summary>
public static class Faults
{
    private const int SigKill = 9;

    /// <summary>A process may have no more handles than some thousands.</summary>
    private const int LeaksMax = 4_000;

    private static readonly string Defect = Read("CLINICNETWORK_FAULT_DEFECT");
    private static readonly string CrashPoint = Read("CLINICNETWORK_FAULT_POINT");
    private static readonly List<FileStream> Leaked = [];
    private static int _passesLeft = int.TryParse(Read("CLINICNETWORK_FAULT_AFTER"), CultureInfo.InvariantCulture, out var after) ? after : 0;

    /// <summary>The machine's clock as the rig shifts it.</summary>
    public static TimeProvider Clock { get; } = new ShiftedClock(Read("CLINICNETWORK_FAULT_CLOCK_FILE"));

    /// <summary>Where other silos are told to reach this one: the rig's proxy.</summary>
    public static int? AdvertisedSiloPort => int.TryParse(Read("CLINICNETWORK_FAULT_SILO_PORT"), CultureInfo.InvariantCulture, out var port) ? port : null;

    /// <summary>True when this defect is planted.</summary>
    public static bool Has(string defect) => Defect == defect;

    /// <summary>Ends this process by SIGKILL when it is the point named, after so many passes.</summary>
    public static void Point(string name)
    {
        if (CrashPoint == name && Interlocked.Decrement(ref _passesLeft) < 0)
        {
            _ = Send(Environment.ProcessId, SigKill);
            Thread.Sleep(Timeout.Infinite);
        }
    }

    /// <summary>Opens a file and forgets it.</summary>
    public static void Leak()
    {
        lock (Leaked)
        {
            if (Leaked.Count < LeaksMax)
            {
                Leaked.Add(new FileStream("/dev/null", FileMode.Open, FileAccess.Read));
            }
        }
    }

    private static string Read(string name) => Environment.GetEnvironmentVariable(name) ?? "";

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Send(int processId, int signal);

    /// <summary>Off by the seconds that a file holds; the monotonic clock goes on untouched.</summary>
    private sealed class ShiftedClock(string file) : TimeProvider
    {
        private const int ReadEveryMs = 200;

        private long _readAt = -ReadEveryMs - 1;
        private double _shiftSeconds;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddSeconds(Shift());

        private double Shift()
        {
            if (file.Length > 0 && Environment.TickCount64 - Volatile.Read(ref _readAt) > ReadEveryMs)
            {
                Volatile.Write(ref _readAt, Environment.TickCount64);
                try
                {
                    _shiftSeconds = double.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
                }
                catch (Exception exception) when (exception is IOException or FormatException)
                {
                    _shiftSeconds = 0;
                }
            }

            return _shiftSeconds;
        }
    }
}
#endif
