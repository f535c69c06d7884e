using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal;

/// <summary>What the writer found; an earlier row is opened by the caller, not on the writer thread.</summary>
internal abstract record AppendVerdict
{
    private AppendVerdict()
    {
    }

    public sealed record Decided(AppendOutcome Outcome) : AppendVerdict;

    public sealed record Earlier(StoredRow Row, StreamKey Key) : AppendVerdict;

    /// <summary>Definitely not written: a holder's key changed since the wraps were made; they are made again.</summary>
    public sealed record StaleHolder : AppendVerdict;

    /// <summary>Definitely not written: the stream's key was destroyed.</summary>
    public sealed record Lost(KeyLoss Loss) : AppendVerdict;

    /// <summary>What the caller is told of its append.</summary>
    public AppendOutcome ToOutcome(Append append, PayloadCodec codec, DateTimeOffset now) => this switch
    {
        Decided decided => decided.Outcome,
        Earlier earlier => new AppendOutcome.AlreadyAppended(new StoredRequest(
            earlier.Row.Open(earlier.Key, codec, now),
            earlier.Row.HasPayload(earlier.Key, append.Origin.PayloadHash))),
        Lost lost => throw new KeyLostException(append.Stream, lost.Loss),
        _ => throw new NotSupportedException($"{this}"),
    };
}
