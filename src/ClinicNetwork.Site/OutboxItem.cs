using System.Text.Json;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf;

namespace ClinicNetwork.Site;

/// <summary>Where a change stands.</summary>
public enum ItemStanding
{
    /// <summary>Not sent, or sent and not answered.</summary>
    Waiting = 0,

    /// <summary>Appended, accepted, merged or resolved; or a conflict that was resolved since.</summary>
    Done = 1,

    /// <summary>Kept by the network as a conflict, for a clinician to resolve; nothing of it is in force.</summary>
    Conflict = 2,

    /// <summary>Refused by the network, kept for a person.</summary>
    Refused = 3,

    /// <summary>Refused, and a person has seen it.</summary>
    Closed = 4,
}

/// <summary>One change of this site, kept from when it was recorded until the network has had it for a while.</summary>
public sealed record OutboxItem
{
    /// <summary>In the order of recording.</summary>
    public required long Number { get; init; }

    /// <summary>As it goes out, with its request id.</summary>
    public required PushChangesRequest Change { get; init; }

    public ItemStanding Standing { get; init; }

    /// <summary>When it was recorded, by the network's clock as far as this site knew it.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When it was recorded, by this machine's clock.</summary>
    public required DateTimeOffset ClockAt { get; init; }

    /// <summary>True when its time is the clock's and not a person's: then it is corrected when the clock is found to be wrong.</summary>
    public bool Stamped { get; init; }

    /// <summary>The patient's version here when it was first sent; null: never sent, so that the network cannot have it.</summary>
    public long? SentOn { get; init; }

    /// <summary>Of what is based on a plan: the version that made that plan. Of one that this site has proposed itself, <see cref="LocalVersion"/>.</summary>
    public long BaseVersion { get; init; }

    /// <summary>The item that made the plan it is based on; 0: the network knows that plan.</summary>
    public long After { get; init; }

    /// <summary>The version that it made in the network; 0: none yet.</summary>
    public long ReceiptVersion { get; init; }

    /// <summary>When it was answered, by the network's clock.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>What the network said; null before.</summary>
    public PushChangesResponse? Result { get; init; }

    /// <summary>What was done to it before it was sent, for a person; usually empty.</summary>
    public string Note { get; init; } = "";

    public string Patient => Change.Patient;

    /// <summary>What it is, by the name of the message's field: <c>record_vitals</c>.</summary>
    public string Name => Changes.NameOf(Change);

    /// <summary>Stable reason and text when the network refused it.</summary>
    public FactRefused? Refusal => Result?.Refused;

    /// <summary>What the plan that it proposes has as its version until the network gives one: above any of the network's.</summary>
    internal long LocalVersion => ReceiptVersion > 0 ? ReceiptVersion : LocalVersions + Number;

    private const long LocalVersions = 1_000_000_000_000;

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => $"{nameof(OutboxItem)} {Number}";

    internal byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(new Stored(
        Change.ToByteArray(), At, ClockAt, Stamped, SentOn, BaseVersion, After, ReceiptVersion, AnsweredAt, Result?.ToByteArray(), Note));

    internal static OutboxItem Of(long number, ItemStanding standing, byte[] bytes)
    {
        var s = JsonSerializer.Deserialize<Stored>(bytes)!;
        return new()
        {
            Number = number,
            Standing = standing,
            Change = PushChangesRequest.Parser.ParseFrom(s.Change),
            At = s.At,
            ClockAt = s.ClockAt,
            Stamped = s.Stamped,
            SentOn = s.SentOn,
            BaseVersion = s.BaseVersion,
            After = s.After,
            ReceiptVersion = s.ReceiptVersion,
            AnsweredAt = s.AnsweredAt,
            Result = s.Result is null ? null : PushChangesResponse.Parser.ParseFrom(s.Result),
            Note = s.Note,
        };
    }

    private sealed record Stored(
        byte[] Change,
        DateTimeOffset At,
        DateTimeOffset ClockAt,
        bool Stamped,
        long? SentOn,
        long BaseVersion,
        long After,
        long ReceiptVersion,
        DateTimeOffset? AnsweredAt,
        byte[]? Result,
        string Note);
}
