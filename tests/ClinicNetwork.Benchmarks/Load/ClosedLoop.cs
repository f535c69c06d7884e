using System.Diagnostics;
using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Machine;

namespace ClinicNetwork.Benchmarks.Load;

/// <summary>
/// Callers that each send the next call when the answer of the last is there, as pgbench's clients do. What is answered inside the window
/// counts.
/// </summary>
internal sealed class ClosedLoop(int callers, MeasuredWindow window)
{
    /// <summary>A call that takes longer than this after the window ends the program.</summary>
    public static readonly TimeSpan LastAnswerMax = TimeSpan.FromSeconds(30);

    /// <summary>More failures than this end the round: a server that refuses everything is not worth a figure.</summary>
    private const int FailuresMax = 1000;

    private long _failed;
    private Exception? _failure;

    /// <param name="call">One operation of the caller with this number, 0 to callers − 1; throws when it failed.</param>
    public async Task<Sample> RunAsync(Func<int, CancellationToken, Task> call, CpuMeter cpu, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller, call, stop.Token), stop.Token)).ToArray();
        var (took, used) = await window.PassAsync(cpu, cancellationToken);
        stop.CancelAfter(LastAnswerMax);
        var latencies = await Task.WhenAll(running);
        return _failed > FailuresMax
            ? throw new InvalidOperationException($"{_failed} calls failed; the last: {_failure?.Message}", _failure)
            : Sample.Of([.. latencies.SelectMany(l => l)], took, used, _failed);
    }

    private async Task<List<float>> CallAsync(int caller, Func<int, CancellationToken, Task> call, CancellationToken cancellationToken)
    {
        var latencies = new List<float>(1024);
        while (!window.HasEnded && Interlocked.Read(ref _failed) <= FailuresMax)
        {
            var begin = Stopwatch.GetTimestamp();
            try
            {
                await call(caller, cancellationToken);
                if (window.IsMeasuring)
                {
                    latencies.Add((float)Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                _failure = exception;
                Interlocked.Increment(ref _failed);
            }
        }

        return latencies;
    }
}
