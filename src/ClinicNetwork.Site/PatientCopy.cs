using System.Text.Json;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Journal.Codec;
using Google.Protobuf;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Site;

/// <summary>What the network told of a patient: all that this site may see, and nothing else.</summary>
/// <param name="Version">The patient's.</param>
/// <param name="Format">Of <paramref name="Replica"/>; 0 without.</param>
/// <param name="Replica">The whole patient; null when this site may see sections alone.</param>
/// <param name="Plan">The plan as a message; null when there is none, or none to be seen.</param>
/// <param name="PlanEtag">Empty without a plan.</param>
/// <param name="ReadAt">By the network's clock.</param>
internal sealed record PatientCopy(string Patient, long Version, int Format, byte[]? Replica, byte[]? Plan, string PlanEtag, DateTimeOffset ReadAt)
{
    /// <summary>Null: not shared whole, or of a format that this site does not know and has to be updated for.</summary>
    public PatientState? State() => Replica is not null && Format == ReplicaCodec.Format ? ReplicaCodec.Decode(Format, Replica) : null;

    public Wire.Plan? PlanMessage() => Plan is null ? null : Wire.Plan.Parser.ParseFrom(Plan);

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    public static PatientCopy Of(byte[] bytes) => JsonSerializer.Deserialize<PatientCopy>(bytes)!;

    public static PatientCopy Of(string patient, long version, Protocol.Sync.V1.Replica? replica, Wire.Plan? plan, DateTimeOffset readAt) => new(
        patient,
        Math.Max(version, replica?.Version ?? 0),
        replica?.Format ?? 0,
        replica?.State.ToByteArray(),
        plan?.ToByteArray(),
        replica?.PlanEtag is { Length: > 0 } etag ? etag : plan?.Etag ?? "",
        readAt);

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(PatientCopy);
}
