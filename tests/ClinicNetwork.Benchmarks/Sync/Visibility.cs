using System.Collections.Concurrent;
using System.Diagnostics;
using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Load;
using ClinicNetwork.Benchmarks.Machine;
using ClinicNetwork.Benchmarks.Patients;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClinicNetwork.Benchmarks.Sync;

/// <param name="Rate">Acknowledged writes a second, as it came to be.</param>
/// <param name="Unseen">Acknowledged, and not seen within the time that is waited.</param>
internal sealed record Seen(double Rate, double P50Ms, double P99Ms, int Changes, int Unseen);

/// <summary>
/// Writes at a given rate through all gateways, and a site that watches at the last of them: from each acknowledgement to the change's arrival. What arrives before its acknowledgement
/// did counts as 0. Both ends are of this process, so one clock tells.
/// </summary>
internal sealed class Visibility(IReadOnlyList<Door> doors, Population population)
{
    public const string Second = "clinics/second";

    private const int WritersMax = 128;

    /// <summary>Longest wait for the last change after the last acknowledgement.</summary>
    private static readonly TimeSpan LastMax = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    private static readonly Metadata OfSecond = new() { { "clinicnetwork-site", Second } };

    /// <summary>Every patient with the second site.</summary>
    public async Task ShareAsync(CancellationToken cancellationToken)
    {
        using var clients = new Clients<PatientService.PatientServiceClient>(doors[0], 16, invoker => new(invoker));
        await EachOnce.RunAsync(population.Count, 16, async (caller, i) =>
        {
            var request = new SetSharingRequest
            {
                RequestId = RequestIds.New(),
                Patient = population.Name(i),
                Sites = { new SiteGrant { Site = Second, Access = SiteAccess.Read } },
                OccurredAt = Timestamp.FromDateTime(DateTime.UtcNow),
            };
            await Insistently.CallAsync(() => clients[caller].SetSharingAsync(request, cancellationToken: cancellationToken).ResponseAsync, cancellationToken);
        });
    }

    public async Task<Seen> MeasureAsync(int rate, TimeSpan window, CancellationToken cancellationToken)
    {
        var (acknowledged, seen) = (new ConcurrentDictionary<(string, long), long>(), new ConcurrentDictionary<(string, long), long>());
        using var channel = Clients.Open(doors[^1]);
        var feed = new PlanFeedService.PlanFeedServiceClient(channel);
        var cursor = (await feed.ListSitePatientsAsync(new() { Site = Second, PageSize = 1 }, OfSecond, cancellationToken: cancellationToken)).Cursor;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var call = feed.WatchPlans(new() { Site = Second, Cursor = cursor }, OfSecond, cancellationToken: stop.Token);
        var watching = WatchAsync(call, seen);
        var (begin, end) = await WriteAsync(rate, window, acknowledged, cancellationToken);
        var waiting = Stopwatch.GetTimestamp();
        while (acknowledged.Keys.Any(change => !seen.ContainsKey(change)) && Stopwatch.GetElapsedTime(waiting) < LastMax)
        {
            await Pause.ForAsync(TimeSpan.FromMilliseconds(50), cancellationToken);
        }

        await stop.CancelAsync();
        await watching;
        var measured = acknowledged.Where(a => Stopwatch.GetElapsedTime(begin, a.Value) >= WarmUp).ToList();
        float[] delays = [.. measured.Where(a => seen.ContainsKey(a.Key)).Select(a => (float)Math.Max(0, Stopwatch.GetElapsedTime(a.Value, seen[a.Key]).TotalMilliseconds)).Order()];
        return new(
            measured.Count / (Stopwatch.GetElapsedTime(begin, end) - WarmUp).TotalSeconds,
            Statistics.Percentile(delays, 0.5),
            Statistics.Percentile(delays, 0.99),
            acknowledged.Count,
            acknowledged.Keys.Count(change => !seen.ContainsKey(change)));
    }

    /// <summary>The n-th write is sent n / rate after the begin, or as soon as a writer is free.</summary>
    private async Task<(long Begin, long End)> WriteAsync(int rate, TimeSpan window, ConcurrentDictionary<(string, long), long> acknowledged, CancellationToken cancellationToken)
    {
        List<Clients<PatientService.PatientServiceClient>> clients = [.. doors.Select(door => new Clients<PatientService.PatientServiceClient>(door, WritersMax, invoker => new(invoker)))];
        try
        {
            var begin = Stopwatch.GetTimestamp();
            await EachOnce.RunAsync((int)(rate * (WarmUp + window).TotalSeconds), WritersMax, async (caller, i) =>
            {
                var early = TimeSpan.FromSeconds((double)i / rate) - Stopwatch.GetElapsedTime(begin);
                if (early > TimeSpan.FromMilliseconds(1))
                {
                    await Pause.ForAsync(early, cancellationToken);
                }

                var patient = population.Name(i % population.Count);
                var answer = await clients[i % clients.Count][caller].RecordAssessmentAsync(AssessmentCalls.Request(patient), cancellationToken: cancellationToken);
                acknowledged[(patient, answer.Receipt.Version)] = Stopwatch.GetTimestamp();
            });
            return (begin, Stopwatch.GetTimestamp());
        }
        finally
        {
            clients.ForEach(one => one.Dispose());
        }
    }

    private static async Task WatchAsync(AsyncServerStreamingCall<WatchPlansResponse> call, ConcurrentDictionary<(string, long), long> seen)
    {
        try
        {
            await foreach (var item in call.ResponseStream.ReadAllAsync())
            {
                if (item.Change is { } change)
                {
                    seen.TryAdd((change.Patient, change.Version), Stopwatch.GetTimestamp());
                }
            }
        }
        catch (RpcException cancelled) when (cancelled.StatusCode == StatusCode.Cancelled)
        {
            // The measurement has ended.
        }
    }
}
