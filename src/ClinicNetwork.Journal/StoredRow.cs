using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal;

/// <summary>A row of the journal as it lies in the table, payloads still sealed.</summary>
internal sealed record StoredRow(
    string Stream,
    long Version,
    string RequestId,
    byte[] PayloadHash,
    byte[] BaseHash,
    byte[] RowHash,
    string Command,
    byte[] Events,
    byte[] Answer,
    string Actor,
    string Site,
    long RecordedAt)
{
    /// <summary>The columns in the order of the record.</summary>
    public const string Columns = "stream, version, request_id, payload_hash, base_hash, row_hash, command, events, answer, actor, site, recorded_at";

    /// <summary>How long an answer is repeated (design, section 4); afterwards only that the request was accepted, and when.</summary>
    public static readonly TimeSpan AnswerLife = TimeSpan.FromDays(30);

    public static StoredRow Read(DbDataReader row) => new(
        row.GetString(0),
        row.GetInt64(1),
        row.GetString(2),
        row.GetFieldValue<byte[]>(3),
        row.GetFieldValue<byte[]>(4),
        row.GetFieldValue<byte[]>(5),
        row.GetString(6),
        row.GetFieldValue<byte[]>(7),
        row.GetFieldValue<byte[]>(8),
        row.GetString(9),
        row.GetString(10),
        row.GetInt64(11));

    public static Place EventsAt(string stream, long version) => new(stream, version, "events");

    public static Place AnswerAt(string stream, long version) => new(stream, version, "answer");

    public bool HasPayload(StreamKey key, byte[] payloadHash) => CryptographicOperations.FixedTimeEquals(PayloadHash, key.HashPayload(payloadHash));

    /// <summary>
    /// The row hash over everything a row says, with the base hash in front: it chains the rows of a stream, so that a row that was
    /// altered, left out or put in is found when the stream is read.
    /// </summary>
    public static byte[] HashOf(
        StreamKey key,
        byte[] baseHash,
        long version,
        string requestId,
        byte[] storedPayloadHash,
        string command,
        byte[] eventsJson,
        string actor,
        string site,
        long recordedAt)
    {
        using var bytes = new MemoryStream(eventsJson.Length + 256);
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(baseHash.Length);
        writer.Write(baseHash);
        writer.Write(version);
        writer.Write(requestId);
        writer.Write(storedPayloadHash);
        writer.Write(command);
        writer.Write(actor);
        writer.Write(site);
        writer.Write(recordedAt);
        writer.Write(eventsJson);
        writer.Flush();
        return key.HashRow(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <summary>Versions without gap, each row on the one before it; else <see cref="StoreDamagedException"/>.</summary>
    /// <param name="before">Hash of the row of <paramref name="afterVersion"/>; empty when there is none.</param>
    public static void CheckChain(IReadOnlyList<StoredRow> rows, long afterVersion, byte[] before)
    {
        for (var i = 0; i < rows.Count; before = rows[i].RowHash, i++)
        {
            if (rows[i].Version != afterVersion + 1 + i || !rows[i].BaseHash.AsSpan().SequenceEqual(before))
            {
                throw new StoreDamagedException($"Stream {rows[i].Stream}: version {rows[i].Version} does not follow on the row before it.");
            }
        }
    }

    /// <summary>The rows after one that is known, of rows that begin with it; null when it is not the one that is known.</summary>
    public static IReadOnlyList<StoredRow>? TailOf(IReadOnlyList<StoredRow> rows, long afterVersion, byte[] afterHash)
    {
        if (afterVersion > 0 && !(rows is [var known, ..] && known.Version == afterVersion && known.RowHash.AsSpan().SequenceEqual(afterHash)))
        {
            return null;
        }

        IReadOnlyList<StoredRow> tail = [.. rows.Skip(afterVersion > 0 ? 1 : 0)];
        CheckChain(tail, afterVersion, afterHash);
        return tail;
    }

    /// <summary>
    /// Opens and checks the row. Throws <see cref="StoreDamagedException"/> when it is not what was written there, and
    /// <see cref="UnknownEventException"/> when this build does not know a type in it.
    /// </summary>
    public JournalRow Open(StreamKey key, PayloadCodec codec, DateTimeOffset now)
    {
        var row = OpenEvents(key, codec);
#if FAULTS
        // Between its two transactions a row has no answer; so it reads as one whose answer is no longer kept.
        now = Answer.Length == 0 && Faults.Has("StoresAnswersLater") ? DateTimeOffset.MaxValue : now;
#endif
        return now - row.RecordedAt > AnswerLife ? row : row with { Answer = codec.DecodeAnswer(Stream, Version, Envelope.Open(key, AnswerAt(Stream, Version), Answer)) };
    }

    /// <summary><see cref="Open"/> without the answer.</summary>
    public JournalRow OpenEvents(StreamKey key, PayloadCodec codec)
    {
        var events = Envelope.Open(key, EventsAt(Stream, Version), Events);
        var hash = HashOf(key, BaseHash, Version, RequestId, PayloadHash, Command, events, Actor, Site, RecordedAt);
        if (!CryptographicOperations.FixedTimeEquals(hash, RowHash))
        {
            throw new StoreDamagedException($"Stream {Stream}, version {Version}: the row was altered.");
        }

        return new JournalRow(Stream, Version, RequestId, Command, codec.DecodeEvents(Stream, Version, events), null, Actor, Site, StoredTime.FromStored(RecordedAt), RowHash);
    }
}
