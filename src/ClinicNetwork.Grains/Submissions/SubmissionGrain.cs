using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Submissions;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Submissions;

/// <inheritdoc cref="ISubmissionGrain"/>
public sealed class SubmissionGrain(GrainServices services, ISubmissionStore store, IProjections projections) : JournaledGrain<SubmissionState>(services), ISubmissionGrain
{
    /// <summary>Rounds of meeting another writer of the same submission before the caller is asked to come back.</summary>
    private const int RoundsMax = 8;

    private const int RowsRead = 5_000;

    private const int SubmissionsRead = 100;

    private const string Moved = "NOT_EXECUTED";

    private static readonly ReadRequest Confirmed = new(true, 0, null);

    protected override SubmissionState Empty => SubmissionState.Empty;

    public async Task<Reply<SubmissionAnswer>> Open(OpenSubmission command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var reading = await ReadStateAsync(Confirmed, cancellationToken);
        return reading.Refusal is { } refusal ? Reply<SubmissionAnswer>.Refused(refusal)
            : reading.State is { Exists: true } state ? (OpenSubmission.RefuseOther(state, command) is { } other ? Reply<SubmissionAnswer>.Refused(other) : Standing())
            : await HandleAsync(
                nameof(OpenSubmission), origin, (state, now) => OpenSubmission.Decide(state, command, SubmissionProfiles.Find(command.Profile), now), cancellationToken);
    }

    public async Task<Reply<SubmissionAnswer>> Receive(ReceiveRecords command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        for (var round = 0; round < RoundsMax; round++)
        {
            var reading = await ReadStateAsync(Confirmed, cancellationToken);
            if ((reading.Refusal ?? (reading.State!.Exists ? null : SubmissionState.RefuseUnknown("submission"))) is { } refusal)
            {
                return Reply<SubmissionAnswer>.Refused(refusal);
            }

            var readAt = reading.Version;
            var known = await FindAsync(command, cancellationToken);
            if ((known.Refusal ?? ReceiveRecords.RefuseReused(command, known.State!.ToDictionary(one => one.Key, one => one.Value.Leaf, StringComparer.Ordinal))) is { } reused)
            {
                return Reply<SubmissionAnswer>.Refused(reused);
            }

            // A closed submission may have lost its records: what is not there is then refused by its state.
            var fresh = Check(command, reading.State!.Profile, known.State!);
            if (fresh.Length == 0)
            {
                return Standing();
            }

            var reply = await HandleAsync(
                nameof(ReceiveRecords),
                origin,
                (state, now) => Version == readAt
                    ? ReceiveRecords.Decide(state, [.. fresh.Select(one => (one.Receipt, one.Leaf))], now)
                    : Refusal.Unavailable(Moved, "Others wrote to this submission; send the page again with the same request id."),
                () => [new Projection.RecordsSubmitted([.. fresh.Select(one => one.ToRow())])],
                cancellationToken);
            if (reply.Refusal?.Reason != Moved || Version == readAt)
            {
                return reply;
            }
        }

        return Reply<SubmissionAnswer>.Refused(Refusal.Unavailable(Moved, "Too many writers at once; send the page again with the same request id."));
    }

    public async Task<Reply<SubmissionAnswer>> Complete(CompleteSubmission command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var reading = await ReadStateAsync(Confirmed, cancellationToken);
        if ((reading.Refusal ?? (reading.State!.Exists ? null : SubmissionState.RefuseUnknown("submission"))) is { } refusal)
        {
            return Reply<SubmissionAnswer>.Refused(refusal);
        }

        if (reading.State!.Status is SubmissionStatus.Complete or SubmissionStatus.Refused && (reading.State.Records, reading.State.Sha256) == (command.Records, command.Sha256))
        {
            return Standing();
        }

        var readAt = reading.Version;
        var tallied = await TallyAsync(reading.State.Profile, cancellationToken);
        if (tallied.Refusal is { } away)
        {
            return Reply<SubmissionAnswer>.Refused(away);
        }

        using var tally = tallied.State!;
        return await HandleAsync(
            nameof(CompleteSubmission),
            origin,
            (state, now) => Version == readAt
                ? CompleteSubmission.Decide(state, command, tally, now)
                : Refusal.Unavailable(Moved, "Records came while it was checked; complete it again with the same request id."),
            cancellationToken);
    }

    public Task<Reply<SubmissionAnswer>> Abort(CommandOrigin origin, CancellationToken cancellationToken) =>
        HandleAsync(nameof(AbortSubmission), origin, AbortSubmission.Decide, cancellationToken);

    public Task<Reply<Accepted>> Expire(CommandOrigin origin, CancellationToken cancellationToken) =>
        HandleAsync(nameof(ExpireSubmission), origin, ExpireSubmission.Decide, cancellationToken);

    public async Task<Reading<SubmissionState>> Read(ReadRequest request, CancellationToken cancellationToken)
    {
        var reading = await ReadStateAsync(request, cancellationToken);
        return reading.State is { Exists: false } ? Reading<SubmissionState>.Refused(SubmissionState.RefuseUnknown("name")) : reading;
    }

    protected override SubmissionState Evolve(SubmissionState state, IEvent @event) => SubmissionState.Evolve(state, @event);

    protected override IReadOnlyList<Projection> Project(SubmissionState before, SubmissionState after, IReadOnlyList<IEvent> events) =>
        SubmissionProjections.Of(Streams.SubmissionOf(Stream).Partner, before, after);

    private Reply<SubmissionAnswer> Standing() => Reply<SubmissionAnswer>.Accepted(State.Answer, Version, Services.Clock.Now);

    private static ImmutableArray<StoredRecord> Check(ReceiveRecords command, string profile, IReadOnlyDictionary<string, StoredRecord> known)
    {
        var rules = SubmissionProfiles.Find(profile)!;
        return
        [
            .. command.Records.DistinctBy(record => record.Record, StringComparer.Ordinal).Where(record => !known.ContainsKey(record.Record)).Select(record =>
            {
                var (receipt, kept) = RecordCheck.Check(record, rules);
                return new StoredRecord(record.Leaf(), receipt, kept);
            }),
        ];
    }

    private Task<Reading<IReadOnlyDictionary<string, StoredRecord>>> FindAsync(ReceiveRecords command, CancellationToken cancellationToken) => ReadStoreAsync(async () =>
    {
        var rows = await store.FindAsync(Stream, [.. command.Records.Select(record => record.Record)], cancellationToken);
        return new Reading<IReadOnlyDictionary<string, StoredRecord>>(
            rows.ToDictionary(one => one.Key, one => StoredRecord.Of(one.Value), StringComparer.Ordinal), Version, true, null);
    });

    private Task<Reading<SubmissionTally>> TallyAsync(string profile, CancellationToken cancellationToken) => ReadStoreAsync(async () =>
    {
        var tally = new SubmissionTally(SubmissionProfiles.Find(profile)!);
        await foreach (var record in ReadAllAsync(Stream, cancellationToken))
        {
            tally.Add(record.Leaf, record.Receipt, record.Kept);
        }

        await foreach (var stream in ReadTakenAsync(profile, cancellationToken))
        {
            await foreach (var record in ReadAllAsync(stream, cancellationToken))
            {
                if (record.Receipt.Outcome != RecordOutcome.Refused)
                {
                    tally.AddEarlier(record.Kept);
                }
            }
        }

        return new Reading<SubmissionTally>(tally, Version, true, null);
    });

    private async IAsyncEnumerable<StoredRecord> ReadAllAsync(string stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<SubmissionRow> rows = [];
        do
        {
            rows = await store.ReadAsync(stream, rows.Count == 0 ? "" : rows[^1].Record, RowsRead, cancellationToken);
            foreach (var row in rows)
            {
                yield return StoredRecord.Of(row);
            }
        }
        while (rows.Count == RowsRead);
    }

    /// <summary>Streams of what was taken of this partner before.</summary>
    private async IAsyncEnumerable<string> ReadTakenAsync(string profile, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var list = SubmissionProjections.ListOfTaken(Streams.SubmissionOf(Stream).Partner, profile);
        IReadOnlyList<FollowUpRow> rows = [];
        do
        {
            rows = await projections.ReadWorklistAsync(list, Services.Clock.Now, rows.Count == 0 ? null : rows[^1], SubmissionsRead, cancellationToken);
            foreach (var row in rows)
            {
                yield return row.Stream;
            }
        }
        while (rows.Count == SubmissionsRead);
    }
}
