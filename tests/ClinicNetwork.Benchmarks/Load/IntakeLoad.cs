using System.Diagnostics;
using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Machine;
using ClinicNetwork.Benchmarks.Patients;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;

namespace ClinicNetwork.Benchmarks.Load;

/// <summary>Facts on a number of streams, each with as many items under way as <see cref="UnderWay"/>; an item counts when its result is there.</summary>
internal sealed class IntakeLoad(Door door, Population population, int streams, MeasuredWindow window)
{
    /// <summary>Half of what the server takes on a stream: the sender never waits for the server to read.</summary>
    public const int UnderWay = 128;

    /// <summary>Send times are kept for so many items of a stream; far more than can be under way.</summary>
    private const int TimesKept = 1 << 16;

    private readonly Turns _turns = new(population, streams);
    private long _refused;
    private string _reason = "";

    public async Task<Sample> RunAsync(CpuMeter cpu, CancellationToken cancellationToken)
    {
        using var clients = new Clients<FactService.FactServiceClient>(door, streams, invoker => new(invoker));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = Enumerable.Range(0, streams).Select(stream => Task.Run(() => SendAsync(clients[stream], stream, stop.Token), stop.Token)).ToArray();
        var (took, used) = await window.PassAsync(cpu, cancellationToken);
        stop.CancelAfter(ClosedLoop.LastAnswerMax);
        var latencies = await Task.WhenAll(running);
        var sample = Sample.Of([.. latencies.SelectMany(l => l)], took, used, _refused);
        return sample.Rate > 0 ? sample : throw new InvalidOperationException($"no fact was accepted ({_refused} refused, {_reason})");
    }

    private async Task<List<float>> SendAsync(FactService.FactServiceClient client, int stream, CancellationToken cancellationToken)
    {
        using var call = client.IngestFacts(cancellationToken: cancellationToken);
        using var room = new SemaphoreSlim(UnderWay);
        var sent = new long[TimesKept];
        var reading = ReadAsync(call.ResponseStream, sent, room, cancellationToken);
        for (var item = 0L; !window.HasEnded; item++)
        {
            await room.WaitAsync(cancellationToken);
            var assessment = AssessmentCalls.Request(_turns.NextName(stream));
            sent[item % TimesKept] = Stopwatch.GetTimestamp();
            await call.RequestStream.WriteAsync(new() { RequestId = assessment.RequestId, Patient = assessment.Patient, RecordAssessment = assessment }, cancellationToken);
        }

        await call.RequestStream.CompleteAsync();
        return await reading;
    }

    private async Task<List<float>> ReadAsync(IAsyncStreamReader<IngestFactsResponse> results, long[] sent, SemaphoreSlim room, CancellationToken cancellationToken)
    {
        var latencies = new List<float>(1024);
        await foreach (var result in results.ReadAllAsync(cancellationToken))
        {
            room.Release();
            if (result.ResultCase == IngestFactsResponse.ResultOneofCase.Refused)
            {
                Interlocked.Increment(ref _refused);
                _reason = result.Refused.Reason;
            }
            else if (window.IsMeasuring)
            {
                latencies.Add((float)Stopwatch.GetElapsedTime(sent[result.Item % TimesKept]).TotalMilliseconds);
            }
        }

        return latencies;
    }
}
