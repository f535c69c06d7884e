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

    /// <summary>What the caller is told of its append.</summary>
    public AppendOutcome ToOutcome(Append append, PayloadCodec codec, DateTimeOffset now) => this switch
    {
        Decided decided => decided.Outcome,
        Earlier earlier => new AppendOutcome.AlreadyAppended(new StoredRequest(
            earlier.Row.Open(earlier.Key, codec, now),
            earlier.Row.HasPayload(earlier.Key, append.Origin.PayloadHash))),
        _ => throw new NotSupportedException($"{this}"),
    };
}
