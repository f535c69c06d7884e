using System.Diagnostics;
using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Load;
using ClinicNetwork.Benchmarks.Machine;
using ClinicNetwork.Benchmarks.Patients;
using ClinicNetwork.Benchmarks.Rig;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace ClinicNetwork.Benchmarks.Sync;

/// <param name="Again">Steps of sites that were done again after their calls' own retries: as a site that stays does them.</param>
/// <param name="Failed">Sites that an error ended which retry did not cure.</param>
/// <param name="LongestSeconds">Until the last site had pushed and read all.</param>
/// <param name="Apart">Replicas of one patient at two sites that differ at the end, or are older than a change told to either.</param>
internal sealed record CameBack(
    double Seconds, double LongestSeconds, ToldToWait Told, int Pushed, int Conflicts, int Refused, long Read, int Again, int Failed, int Apart, double OthersP50Ms, double OthersP99Ms, int OthersFailed)
{
    public bool IsWhole => (Failed, Refused, Apart, OthersFailed) == (0, 0, 0, 0) && Told.SayWhen;
}

/// <summary>
/// Sites that were cut off for a week: each has patients of its own and those that its neighbour shares with it, an outbox of facts about all of them and a proposal for each, and a cursor of
/// before. All push and read at once, as one client, so that a limit of one client holds for them together. Somebody else, another client, asks for plans meanwhile.
/// </summary>
internal sealed class Reconnection(Network network, IReadOnlyList<Door> doors, int sites)
{
    public const int PatientsOfSite = 10;

    /// <summary>Facts of a site in a week about each patient that it sees: one for each working day.</summary>
    private const int FactsOfPatient = 5;

    private const int CallersOfPreparation = 32;

    /// <summary>Connections that the sites share; each of a process of its own would be more work for this one.</summary>
    private const int ClientsMax = 8;

    private static readonly TimeSpan OthersEvery = TimeSpan.FromMilliseconds(100);

    private readonly List<Population> _populations = [.. Enumerable.Range(0, sites).Select(i => new Population(FormattableString.Invariant($"w{i:000}"), PatientsOfSite, false, FormattableString.Invariant($"site-{i:000}")))];

    private readonly ToldToWait _told = new();

    public async Task<CameBack> MeasureAsync(CancellationToken cancellationToken)
    {
        GrpcChannel[] channels = [.. Enumerable.Range(0, ClientsMax).Select(i => Clients.Open(doors[i % doors.Count]))];
        ClinicNetworkClient[] clients = [.. channels.Select(channel => new ClinicNetworkClient(channel.Intercept(_told), new() { TotalTimeout = TimeSpan.FromMinutes(5) }))];
        try
        {
            using var other = await network.IssueAsync("other", "clinician", cancellationToken);
            using var connected = ClinicNetworkClient.Connect([.. doors.Select(door => door.Address)], new() { Identity = other });
            await PrepareAsync(clients[0], cancellationToken);
            List<Site> all = [.. await Task.WhenAll(Enumerable.Range(0, sites).Select(i => LeaveAsync(clients[i % ClientsMax], i, cancellationToken)))];
            using var back = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _told.Clear();
            var others = OthersAsync(connected, back.Token);
            var begin = Stopwatch.GetTimestamp();
            await Task.WhenAll(all.Select(site => site.ComeBackAsync(cancellationToken)));
            var longest = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            await Task.WhenAll(all.Select(site => site.ReadAsync(cancellationToken)));
            var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            await back.CancelAsync();
            var (p50, p99, failed) = await others;
            return new(
                seconds, longest, _told, all.Sum(s => s.Outbox.Count), all.Sum(s => s.Conflicts), all.Sum(s => s.Refused), all.Sum(s => s.Changes), all.Sum(s => s.Again), all.Count(s => s.Failure is not null), Apart(all), p50, p99, failed);
        }
        finally
        {
            foreach (var channel in channels)
            {
                channel.Dispose();
            }
        }
    }

    private string SiteName(int site) => $"clinics/{_populations[site % sites].Clinic}";

    private async Task PrepareAsync(ClinicNetworkClient client, CancellationToken cancellationToken)
    {
        await EachOnce.RunAsync(sites, CallersOfPreparation, (_, i) => network.RegisterClinicAsync(SiteName(i), cancellationToken));
        await using (var store = await network.OpenStoreAsync(cancellationToken))
        {
            await EachOnce.RunAsync(sites, CallersOfPreparation, (_, i) => _populations[i].WriteAsync(store.Journal, Unheard.Instance, cancellationToken));
        }

        await network.AnalyseAsync(cancellationToken);
        await EachOnce.RunAsync(sites * PatientsOfSite, CallersOfPreparation, async (_, i) => await client.Patients.SetSharingAsync(
            new()
            {
                RequestId = RequestIds.New(),
                Patient = _populations[i / PatientsOfSite].Name(i % PatientsOfSite),
                Sites = { new SiteGrant { Site = SiteName((i / PatientsOfSite) + 1), Access = SiteAccess.Write } },
                OccurredAt = Timestamp.FromDateTime(DateTime.UtcNow),
            },
            cancellationToken: cancellationToken));
    }

    /// <summary>A site as it was cut off, with what it did since.</summary>
    private async Task<Site> LeaveAsync(ClinicNetworkClient client, int number, CancellationToken cancellationToken)
    {
        var site = new Site(client.ActingFor(SiteName(number)), SiteName(number));
        await foreach (var page in site.Client.ListSitePatientsAsync(site.Name, includePlans: true, cancellationToken: cancellationToken))
        {
            site.Cursor = page.Cursor;
            foreach (var patient in page.Patients)
            {
                site.Decide(patient, 0.4 + (0.01 * (number % 2)));
            }
        }

        return site;
    }

    private async Task<(double P50Ms, double P99Ms, int Failed)> OthersAsync(ClinicNetworkClient client, CancellationToken stop)
    {
        var (times, failed) = (new List<float>(), 0);
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            try
            {
                await client.Patients.GetPlanAsync(new() { Name = _populations[i % sites].Name(i % PatientsOfSite) + "/plan" }, cancellationToken: stop);
                times.Add((float)Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                await Pause.ForAsync(OthersEvery, stop);
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (ClinicNetworkException)
            {
                failed++;
            }
        }

        float[] sorted = [.. times.Order()];
        return (Statistics.Percentile(sorted, 0.5), Statistics.Percentile(sorted, 0.99), failed);
    }

    private static int Apart(List<Site> all)
    {
        var told = all.SelectMany(s => s.Told).GroupBy(t => t.Patient, t => t.Version).ToDictionary(of => of.Key, of => of.Max());
        return all.SelectMany(s => s.Replicas).GroupBy(r => r.Key, r => r.Value)
            .Count(of => of.Select(r => r.State).Distinct().Count() > 1 || of.Any(r => r.Version < told.GetValueOrDefault(of.Key)));
    }

    private sealed class Site(ClinicNetworkClient client, string name)
    {
        public ClinicNetworkClient Client => client;

        public string Name => name;

        public string Cursor { get; set; } = "";

        public List<PushChangesRequest> Outbox { get; } = [];

        public Dictionary<string, Replica> Replicas { get; } = new(StringComparer.Ordinal);

        public List<(string Patient, long Version)> Told { get; } = [];

        public int Conflicts { get; private set; }

        public int Refused { get; private set; }

        public long Changes { get; private set; }

        /// <summary>Steps that had to be done again, after the retries of their calls.</summary>
        public int Again { get; private set; }

        /// <summary>What ended it.</summary>
        public ClinicNetworkException? Failure { get; private set; }

        public void Decide(SitePatient patient, double doseMgPerKg)
        {
            Outbox.AddRange(Enumerable.Range(0, FactsOfPatient).Select(_ => AssessmentCalls.Request(patient.Patient)).Select(fact => new PushChangesRequest
            {
                RequestId = fact.RequestId,
                Patient = patient.Patient,
                Fact = new() { RecordAssessment = fact },
            }));
            Outbox.Add(new()
            {
                RequestId = RequestIds.New(),
                Patient = patient.Patient,
                ProposeRevision = new() { Etag = patient.Plan.Etag, DoseMgPerKg = doseMgPerKg, Reason = "decided while cut off", OccurredAt = Timestamp.FromDateTime(DateTime.UtcNow) },
            });
        }

        public async Task ComeBackAsync(CancellationToken cancellationToken)
        {
            try
            {
                await client.PersistAsync(PushAsync, _ => Again++, cancellationToken);
                await ReadAsync(cancellationToken);
            }
            catch (ClinicNetworkException failure)
            {
                Failure = failure;
            }
        }

        /// <summary>Everything, from the beginning: what the network has already it answers as before.</summary>
        private async ValueTask PushAsync(CancellationToken cancellationToken)
        {
            (Conflicts, Refused) = (0, 0);
            Told.Clear();
            await foreach (var result in client.PushChangesAsync(Outbox.ToAsyncEnumerable(), cancellationToken))
            {
                Conflicts += result.Conflict is null ? 0 : 1;
                Refused += result.Refused is null ? 0 : 1;
                var version = (result.Accepted ?? result.Merged ?? result.Conflict)?.Receipt.Version ?? result.Appended?.Fact.RecordAssessment.Receipt.Version ?? 0;
                Told.Add((Outbox[(int)result.Item].Patient, version));
            }
        }

        /// <summary>All changes since the cursor.</summary>
        public async Task ReadAsync(CancellationToken cancellationToken)
        {
            try
            {
                await client.PersistAsync(TakeAsync, _ => Again++, cancellationToken);
            }
            catch (ClinicNetworkException failure)
            {
                Failure = failure;
            }
        }

        private async ValueTask TakeAsync(CancellationToken cancellationToken)
        {
            for (var caughtUp = false; !caughtUp;)
            {
                var page = await client.PlanFeed.GetPlanChangesAsync(new() { Site = name, Cursor = Cursor, IncludeReplicas = true }, cancellationToken: cancellationToken);
                (Cursor, caughtUp, Changes) = (page.NextCursor, page.CaughtUp, Changes + page.Changes.Count);
                foreach (var change in page.Changes.Where(c => c.Replica is not null))
                {
                    Replicas[change.Patient] = change.Replica;
                }
            }
        }
    }
}
