using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Benchmarks.Patients;

/// <summary>
/// Patients in use, written through the product's own store with their projections: the state is the same as after the commands. As one
/// row for each command (what a clinic leaves behind), or as one row for each patient, which makes 200,000 patients in minutes.
/// </summary>
/// <param name="Prefix">Begins each patient's id; a–z and digits.</param>
/// <param name="RowPerCommand">False: all events of a patient in one row.</param>
/// <param name="Clinic">Id of the home clinic.</param>
internal sealed record Population(string Prefix, int Count, bool RowPerCommand, string Clinic = Population.ClinicId)
{
    public const string ClinicId = "bench";
    public const string ClinicName = "clinics/" + ClinicId;
    public const string TimeZone = "Europe/Berlin";

    /// <summary>Patients written at once; the store's queue holds eight times as many.</summary>
    private const int WritersMax = 512;

    private const int AttemptsMax = 100;

    /// <summary>Resource name of a patient, 0 to Count − 1.</summary>
    public string Name(int index) => $"patients/{Id(index)}";

    public string Id(int index) => FormattableString.Invariant($"{Prefix}-{index:000000}");

    public async Task WriteAsync(IJournal journal, IProgress<long> progress, CancellationToken cancellationToken)
    {
        long done = 0;
        var now = DateTimeOffset.UtcNow;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Count),
            new ParallelOptions { MaxDegreeOfParallelism = WritersMax, CancellationToken = cancellationToken },
            async (index, token) =>
            {
                await WriteAsync(journal, index, now, token);
                progress.Report(Interlocked.Increment(ref done));
            });
    }

    /// <summary>The state that all its commands make.</summary>
    public PatientState StateOf(int index)
    {
        var now = DateTimeOffset.UtcNow;
        return PatientInUse.Commands(Id(index), Clinic, TimeZone, now).Aggregate(
            PatientState.Empty, (state, step) => step.Decide(state, 1, now).Events.Aggregate(state, PatientState.Evolve));
    }

    private async Task WriteAsync(IJournal journal, int index, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (state, version, hash) = (PatientState.Empty, 0L, Array.Empty<byte>());
        var all = new List<IEvent>();
        foreach (var (command, decide) in PatientInUse.Commands(Id(index), Clinic, TimeZone, now))
        {
            var (events, answer) = decide(state, RowPerCommand ? version + 1 : 1, now);
            var next = events.Aggregate(state, PatientState.Evolve);
            if (RowPerCommand)
            {
                hash = await AppendAsync(journal, index, ++version, hash, command, events, answer, PatientProjections.Of(state, next, events), cancellationToken);
            }

            all.AddRange(events);
            state = next;
        }

        if (!RowPerCommand)
        {
            await AppendAsync(journal, index, 1, hash, nameof(EnrolPatient), all, Accepted.Instance, PatientProjections.Of(PatientState.Empty, state, all), cancellationToken);
        }
    }

    private async Task<byte[]> AppendAsync(
        IJournal journal, int index, long version, byte[] baseHash, string command, IReadOnlyList<IEvent> events, object answer, IReadOnlyList<Projection> projections, CancellationToken cancellationToken)
    {
        var id = new PatientId(Id(index));
        var origin = new CommandOrigin(FormattableString.Invariant($"population-{version}"), new byte[32], "local", null);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await journal.AppendAsync(new Append(Streams.Of(id), version, baseHash, origin, command, events, answer, projections), cancellationToken) switch
                {
                    AppendOutcome.Appended appended => appended.RowHash,
                    var other => throw new InvalidOperationException($"the population could not be written: {other}"),
                };
            }
            catch (JournalBusyException) when (attempt < AttemptsMax)
            {
                await Machine.Pause.ForAsync(TimeSpan.FromMilliseconds(20), cancellationToken);
            }
        }
    }
}
