using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>One append, encoded, sealed and hashed by its caller, on its way through a lane.</summary>
/// <param name="key">Key of the stream; at version 1 a new one, which counts only if it is inserted.</param>
/// <param name="keyRows">Wraps of the key, and new holders' keys.</param>
internal sealed class PendingAppend(Append append, StreamKey key, KeyRows keyRows, byte[] eventsJson, byte[] answerJson)
{
    public Append Append { get; } = append;

    public string Stream => Append.Stream;

    public long Version => Append.Version;

    public StreamKey Key { get; } = key;

    public KeyRows KeyRows { get; } = keyRows;

    public byte[] PayloadHash { get; } = key.HashPayload(append.Origin.PayloadHash);

    public byte[] Events { get; } = Envelope.Seal(key, StoredRow.EventsAt(append.Stream, append.Version), eventsJson);

    public byte[] Answer { get; } = Envelope.Seal(key, StoredRow.AnswerAt(append.Stream, append.Version), answerJson);

    public string Site { get; } = append.Origin.Site?.Value ?? "";

    /// <summary>Milliseconds; set by <see cref="Stamp"/> before the append is queued.</summary>
    public long RecordedAt { get; private set; }

    public byte[] RowHash { get; private set; } = [];

    /// <summary>What cannot share a transaction: it may meet a taken key, decides on what it reads, or takes long.</summary>
    public bool IsAlone { get; } = append.Projections.Any(p =>
        PublicationWriter.IsOf(p) || p is Projection.PatientIndexed or Projection.ClinicIndexed or Projection.Erased or Projection.HolderDestroyed);

    public bool IsPublication { get; } = append.Projections.Any(PublicationWriter.IsOf);

    /// <summary>A publication that decided against itself has its answer already.</summary>
    public bool IsDecided { get; private set; }

    public QueuedResult<AppendVerdict> Result { get; } = new();

    /// <summary>Fixes the time of the record, which its hash covers.</summary>
    public void Stamp(long recordedAt)
    {
        RecordedAt = recordedAt;
        RowHash = StoredRow.HashOf(
            Key, Append.BaseHash, Version, Append.Origin.RequestId, PayloadHash, Append.Command, eventsJson, Append.Origin.Actor, Site, recordedAt);
    }

    public void Decide(AppendOutcome outcome)
    {
        IsDecided = true;
        Result.Succeed(new AppendVerdict.Decided(outcome));
    }
}
