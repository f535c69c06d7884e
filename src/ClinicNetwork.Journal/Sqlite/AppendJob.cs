using System.Security.Cryptography;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>
/// One append on the writer thread. Encoding was done by the caller; sealing is done here, because only here is it certain under which key
/// a stream's first command lies. Checks in the order that a retry needs: request id first, then version and base hash, then unique keys.
/// </summary>
internal sealed class AppendJob(Append append, byte[] eventsJson, byte[] answerJson, StreamKeys keys, ProjectionWriter projections, IStoreClock clock)
    : WriteJob<AppendVerdict>
{
    private AppendVerdict? _verdict;
    private StreamKey? _key;
    private IReadOnlyList<(string Name, KeyLoss Loss)> _lost = [];

    public override bool IsRefusal => _verdict is not AppendVerdict.Decided { Outcome: AppendOutcome.Appended };

    protected override AppendVerdict Result => _verdict!;

    public override bool Erases { get; } = KeyDestruction.IsOf(append);

    public override void Write(SqliteSession writer)
    {
        try
        {
            _verdict = Decide(writer);
        }
        catch (KeyLostException e)
        {
            _verdict = new AppendVerdict.Lost(e.Loss);
        }
    }

    public override void Committed()
    {
        if (!IsRefusal)
        {
            keys.Committed(_key!);
            foreach (var (name, loss) in _lost)
            {
                keys.Lose(name, loss);
            }
        }

        base.Committed();
    }

    private AppendVerdict Decide(SqliteSession writer)
    {
        // The key may be in memory still: what took it may stand before this one in the same group.
        if (StreamKeys.FindLoss(writer, append.Stream) is { } loss)
        {
            return new AppendVerdict.Lost(loss);
        }

        var earlier = writer.First(
            $"SELECT {StoredRow.Columns} FROM journal WHERE stream = $stream AND request_id = $request_id",
            StoredRow.Read,
            ("$stream", append.Stream),
            ("$request_id", append.Origin.RequestId));
        if (earlier is not null)
        {
            return new AppendVerdict.Earlier(earlier, keys.FindUncommitted(writer, append.Stream)!);
        }

        var head = writer.First(
            "SELECT version, row_hash, recorded_at FROM journal WHERE stream = $stream ORDER BY version DESC LIMIT 1",
            row => new Head(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetInt64(2)),
            ("$stream", append.Stream)) ?? Head.None;
        if (append.Version != head.Version + 1 || !CryptographicOperations.FixedTimeEquals(append.BaseHash, head.RowHash))
        {
            return new AppendVerdict.Decided(new AppendOutcome.VersionConflict(head.Version));
        }

        // A clock that was set back must not make a record look older than the one before it.
        var recordedAt = Math.Max(StoredTime.ToStored(clock.Now), head.RecordedAt);
        var rowHash = Insert(writer, recordedAt);
        if ((projections.Write(writer, append, _key!, recordedAt) ?? (keys.Wrap(writer, append, _key!) ? null : "holder")) is { } taken)
        {
            return new AppendVerdict.Decided(new AppendOutcome.KeyTaken(taken));
        }

        _lost = KeyDestruction.Write(writer, append, recordedAt);
        return new AppendVerdict.Decided(new AppendOutcome.Appended(StoredTime.FromStored(recordedAt), rowHash));
    }

    private byte[] Insert(SqliteSession writer, long recordedAt)
    {
        var key = _key = keys.FindOrCreate(writer, append.Stream);
        var origin = append.Origin;
        var site = origin.Site?.Value ?? "";
        var payloadHash = key.HashPayload(origin.PayloadHash);
        var rowHash = StoredRow.HashOf(
            key, append.BaseHash, append.Version, origin.RequestId, payloadHash, append.Command, eventsJson, origin.Actor, site, recordedAt);
        writer.Execute(
            $"""
            INSERT INTO journal ({StoredRow.Columns})
            VALUES ($stream, $version, $request_id, $payload_hash, $base_hash, $row_hash, $command, $events, $answer, $actor, $site, $recorded_at)
            """,
            ("$stream", append.Stream),
            ("$version", append.Version),
            ("$request_id", origin.RequestId),
            ("$payload_hash", payloadHash),
            ("$base_hash", append.BaseHash),
            ("$row_hash", rowHash),
            ("$command", append.Command),
            ("$events", Envelope.Seal(key, StoredRow.EventsAt(append.Stream, append.Version), eventsJson)),
            ("$answer", Envelope.Seal(key, StoredRow.AnswerAt(append.Stream, append.Version), answerJson)),
            ("$actor", origin.Actor),
            ("$site", site),
            ("$recorded_at", recordedAt));
        return rowHash;
    }

    private sealed record Head(long Version, byte[] RowHash, long RecordedAt)
    {
        public static readonly Head None = new(0, [], 0);
    }
}
