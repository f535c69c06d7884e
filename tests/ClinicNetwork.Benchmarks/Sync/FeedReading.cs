using System.Diagnostics;
using ClinicNetwork.Benchmarks.Load;
using ClinicNetwork.Benchmarks.Machine;
using ClinicNetwork.Benchmarks.Patients;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Sync.V1;

namespace ClinicNetwork.Benchmarks.Sync;

/// <param name="GatewayCpu">CPU s of the gateway's process; as of the others.</param>
/// <param name="Whole">Each patient came, with a replica.</param>
internal sealed record FirstSync(double Seconds, double GatewayCpu, double SiloCpu, double PostgresCpu, long Bytes, bool Whole);

/// <param name="GatewayCpu">CPU s of the gateway's process.</param>
internal sealed record FeedRead(double Seconds, double GatewayCpu, long Changes, long Bytes);

/// <summary>One site that reads all there is, page by page, from a gateway that is a process of its own.</summary>
internal sealed class FeedReading(Door door, int gateway, int silo, int postgres)
{
    /// <summary>What comes with a change, with the goal per core of the gateway. Every patient has one change, so that each comes with its body.</summary>
    public static readonly (string What, Action<GetPlanChangesRequest> Kind, int Page, double Goal)[] Kinds =
    [
        ("references", _ => { }, 1_000, 100_000),
        ("changes with the plan", r => r.IncludePlans = true, 200, 20_000),
        ("changes with plan and replica", r => r.IncludeReplicas = true, 200, 20_000),
    ];

    private readonly CpuMeter _cpu = new(gateway);
    private readonly CpuMeter _silo = new(silo);
    private readonly CpuMeter _postgres = new(postgres);

    /// <summary>The first sync of the clinic that these patients are at home in.</summary>
    public async Task<FirstSync> SyncAsync(Population population, CancellationToken cancellationToken)
    {
        var site = $"clinics/{population.Clinic}";
        using var client = ClinicNetworkClient.Connect(door.Address, new() { Identity = door.Identity, ActingSite = site });
        var (before, silo, database, begin) = (_cpu.Read(), _silo.Read(), _postgres.Read(), Stopwatch.GetTimestamp());
        var (seen, bytes, whole) = (0, 0L, true);
        await foreach (var page in client.ListSitePatientsAsync(site, includeReplicas: true, cancellationToken: cancellationToken))
        {
            (seen, bytes) = (seen + page.Patients.Count, bytes + page.CalculateSize());
            whole &= page.Patients.All(p => p.Replica is not null);
        }

        return new(
            Stopwatch.GetElapsedTime(begin).TotalSeconds,
            (_cpu.Read() - before).TotalSeconds,
            (_silo.Read() - silo).TotalSeconds,
            (_postgres.Read() - database).TotalSeconds,
            bytes,
            whole && seen == population.Count);
    }

    /// <summary>From the start to the end again and again for as long as the window lasts, after half of one that is left out: code is compiled, patients are activated.</summary>
    public async Task<FeedRead> ReadAsync(Action<GetPlanChangesRequest> kind, int page, TimeSpan window, CancellationToken cancellationToken)
    {
        using var client = ClinicNetworkClient.Connect(door.Address, new() { Identity = door.Identity, ActingSite = Population.ClinicName });
        await ForAsync(window / 2);
        var (before, begin) = (_cpu.Read(), Stopwatch.GetTimestamp());
        var (changes, bytes) = await ForAsync(window);
        return new(Stopwatch.GetElapsedTime(begin).TotalSeconds, (_cpu.Read() - before).TotalSeconds, changes, bytes);

        async Task<(long Changes, long Bytes)> ForAsync(TimeSpan time)
        {
            var (from, sum) = (Stopwatch.GetTimestamp(), (Changes: 0L, Bytes: 0L));
            do
            {
                var once = await OnceAsync();
                sum = (sum.Changes + once.Changes, sum.Bytes + once.Bytes);
            }
            while (Stopwatch.GetElapsedTime(from) < time);
            return sum;
        }

        async Task<(long Changes, long Bytes)> OnceAsync()
        {
            var (count, size, request) = (0L, 0L, new GetPlanChangesRequest { Site = Population.ClinicName, PageSize = page });
            kind(request);
            for (var caughtUp = false; !caughtUp;)
            {
                var answer = await client.PlanFeed.GetPlanChangesAsync(request, cancellationToken: cancellationToken);
                (request.Cursor, caughtUp) = (answer.NextCursor, answer.CaughtUp);
                (count, size) = (count + answer.Changes.Count, size + answer.CalculateSize());
            }

            return (count, size);
        }
    }
}
