using System.Diagnostics;
using ClinicNetwork.Benchmarks.Machine;

namespace ClinicNetwork.Benchmarks.Load;

/// <summary>The phases of a round: a warm-up that is left out, the window that counts, the end.</summary>
internal sealed class MeasuredWindow(TimeSpan warmUp, TimeSpan window)
{
    private const int WarmingUp = 0;
    private const int Measuring = 1;
    private const int Ended = 2;

    private volatile int _phase = WarmingUp;

    /// <summary>What is answered now counts.</summary>
    public bool IsMeasuring => _phase == Measuring;

    /// <summary>Nothing more is sent.</summary>
    public bool HasEnded => _phase == Ended;

    /// <summary>Passes through the phases; gives how long the window really was, and the CPU used in it.</summary>
    public async Task<(TimeSpan Took, TimeSpan Cpu)> PassAsync(CpuMeter cpu, CancellationToken cancellationToken)
    {
        try
        {
            await Pause.ForAsync(warmUp, cancellationToken);
            var (cpuBefore, begin) = (cpu.Read(), Stopwatch.GetTimestamp());
            _phase = Measuring;
            await Pause.ForAsync(window, cancellationToken);
            _phase = Ended;
            return (Stopwatch.GetElapsedTime(begin), cpu.Read() - cpuBefore);
        }
        finally
        {
            _phase = Ended;
        }
    }
}
