using System.Collections.Concurrent;
using System.Diagnostics;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Durability;

namespace ClinicNetwork.BlackBox.Tests.Cluster;

/// <summary>Writers that repeat each command, with its id, until it is acknowledged; what each had to wait is remembered.</summary>
internal sealed class RetryingLoad(Network network, IReadOnlyList<string> patients, int seed)
{
    private const int Writers = 12;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest that one command is repeated.</summary>
    private static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<Operation> _operations = new();
    private readonly ConcurrentQueue<Waited> _waited = new();
    private int _made;

    public IReadOnlyCollection<Operation> Operations => _operations;

    public IReadOnlyCollection<Waited> All => _waited;

    public async Task RunAsync(CancellationToken stop) =>
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(new Random(HashCode.Combine(seed, writer)), stop))));

    /// <summary>The time under which this share of the commands was acknowledged.</summary>
    public TimeSpan Quantile(double share)
    {
        var times = _waited.Select(w => w.Time).Order().ToList();
        return times[Math.Min(times.Count - 1, (int)(share * times.Count))];
    }

    private async Task WriteAsync(Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var patient = patients[random.Next(patients.Count)];
            var request = Valid.Assessment(patient, $"a-{Interlocked.Increment(ref _made)}", total: random.Next(0, 28));
            var operation = new Operation(
                request.RequestId, patient, "RecordAssessment", false, async n => await n.Patients.RecordAssessmentAsync(request) is var a ? (a.Receipt.Version, a) : default);
            _operations.Enqueue(operation);
            var began = Stopwatch.GetTimestamp();
            var attempts = 1;
            using var timer = new PeriodicTimer(Pause);
            while (!await operation.AttemptAsync(network))
            {
                Assert.True(Stopwatch.GetElapsedTime(began) < GiveUp, $"seed {seed}: a command was not acknowledged within {GiveUp.TotalSeconds} s");
                attempts++;
                await timer.WaitForNextTickAsync(CancellationToken.None);
            }

            _waited.Enqueue(new(Stopwatch.GetElapsedTime(began), attempts));
        }
    }

    /// <param name="Time">From the first attempt to the acknowledgement.</param>
    internal sealed record Waited(TimeSpan Time, int Attempts);
}
