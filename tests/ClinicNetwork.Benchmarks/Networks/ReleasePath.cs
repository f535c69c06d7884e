using System.Diagnostics;
using System.Globalization;
using ClinicNetwork.Anonymisation.Tests.Support;
using ClinicNetwork.Benchmarks.Machine;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Ledger;
using ClinicNetwork.Journal.Postgres;

namespace ClinicNetwork.Benchmarks.Networks;

/// <summary>Seconds on the clock, and of CPU of this process and of PostgreSQL.</summary>
internal sealed record Spent(double Seconds, double Own, double Database)
{
    public static Spent operator +(Spent a, Spent b) => new(a.Seconds + b.Seconds, a.Own + b.Own, a.Database + b.Database);

    public static async Task<Spent> OfAsync(int database, Func<Task> work)
    {
        var (meter, begin, own) = (new CpuMeter(database), Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var before = meter.Read();
        await work();
        return new(Stopwatch.GetElapsedTime(begin).TotalSeconds, (Environment.CpuUsage.TotalTime - own).TotalSeconds, (meter.Read() - before).TotalSeconds);
    }
}

/// <summary>
/// A publication over persons who wait, on PostgreSQL, with the steps, tables and keys of the product; this process is the silo. The stream is folded from the journal
/// each time, as a server that starts does.
/// </summary>
internal sealed class ReleasePath(PostgresStore store, ReleaseSecrets secrets, IPublicationCheck check) : IPublicationJournal
{
    public const string Partner = "bench";
    public const string Agreement = Partner + ".feed";

    private const int WritersMax = 512;
    private static readonly string Stream = Streams.OfProfile(PublicOutcomes.Profile);

    private long _version;
    private byte[] _hash = [];

    public ReleaseState State { get; private set; } = ReleaseState.Empty;

    public DateTimeOffset Now { get; } = DateTimeOffset.UtcNow;

    /// <summary>Steps after which it is killed; null: never.</summary>
    public int? KilledAfter { get; set; }

    public int Steps { get; private set; }

    /// <summary>An agreement without a partner: enough for who publishes, not for who pulls.</summary>
    public static Task AgreeAsync(PostgresStore store) => new ReleasePath(store, null!, null!).AppendAsync(
        "pa-" + Partner, 1, [], new PublishingStarted(DateTimeOffset.UnixEpoch),
        new Projection.AgreementSet(new(
            Agreement, Partner, PublicOutcomes.Profile, Course.Registry, ReleaseProfiles.PublicOutcomes.Columns, DateTimeOffset.UtcNow.AddDays(-900), DateTimeOffset.UtcNow.AddDays(900), 0, 1, "ACTIVE")));

    /// <summary>Durable, as each patient's own command leaves it: consent, place in the pool and the first milestone's values.</summary>
    public static async Task WaitAsync(PostgresStore store, int persons)
    {
        var patients = SimulatedNetwork.Draw(new(20_000, 1, ConsentForm.One, 1));
        await Parallel.ForEachAsync(Enumerable.Range(0, persons), new ParallelOptions { MaxDegreeOfParallelism = WritersMax }, async (index, _) =>
        {
            var patient = patients[index % patients.Count];
            await new ReleasePath(store, null!, null!).AppendAsync(
                string.Create(CultureInfo.InvariantCulture, $"pt-b{index:000000}"), 1, [], new PublishingStarted(DateTimeOffset.UnixEpoch),
                new Projection.ConsentSet(Course.Registry),
                new Projection.PoolEntered(patient.Person.Quarter, patient.Person.Leaves),
                new Projection.OutcomeReady(patient.Outcomes[0].Milestone, patient.Outcomes[0].Values));
        });
    }

    public async Task LoadAsync()
    {
        IReadOnlyList<JournalRow> rows;
        do
        {
            rows = await store.Journal.ReadAsync(Stream, _version, 500, CancellationToken.None);
            foreach (var row in rows)
            {
                (_version, _hash, State) = (row.Version, row.RowHash, row.Events.Aggregate(State, ReleaseState.Evolve));
            }
        }
        while (rows.Count > 0);
        if (State.NextPublication is null)
        {
            await AppendAsync(new PublishingStarted(Now), null, CancellationToken.None);
        }
    }

    public Task PublishAsync() => new PublicationRun(store.Exchange, PublicOutcomes.Policy, secrets, check, new NoLedger(), store.Incarnation, this).RunAsync(CancellationToken.None);

    public async Task<string?> AppendAsync(IEvent step, Projection? projection, CancellationToken cancellationToken)
    {
        if (Steps++ >= KilledAfter)
        {
            throw new KilledException();
        }

        var (hash, taken) = await AppendAsync(Stream, _version + 1, _hash, step, projection is null ? [] : [projection]);
        if (taken is null)
        {
            (_version, _hash, State) = (_version + 1, hash, ReleaseState.Evolve(State, step));
        }

        return taken;
    }

    private async Task<(byte[] Hash, string? Taken)> AppendAsync(string stream, long version, byte[] hash, IEvent step, params Projection[] projections)
    {
        var origin = new CommandOrigin(string.Create(CultureInfo.InvariantCulture, $"bench-{version}"), new byte[32], "local", null);
        for (; ; )
        {
            try
            {
                return await store.Journal.AppendAsync(new(stream, version, hash, origin, step.GetType().Name, [step], Accepted.Instance, projections), CancellationToken.None) switch
                {
                    AppendOutcome.Appended appended => (appended.RowHash, null),
                    AppendOutcome.KeyTaken taken => (hash, taken.Key),
                    var other => throw new InvalidOperationException($"a step could not be written: {other}"),
                };
            }
            catch (JournalBusyException)
            {
                await Pause.ForAsync(TimeSpan.FromMilliseconds(20), CancellationToken.None);
            }
        }
    }

    public sealed class KilledException : Exception;

    private sealed class NoLedger : IDisclosureLedger
    {
        public Task AppendAsync(LedgerEntry entry, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
