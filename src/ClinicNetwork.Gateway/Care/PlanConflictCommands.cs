using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Gateway.Requests;
using Google.Protobuf;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>Proposals of changes and resolutions of their conflicts, from the wire.</summary>
internal static class PlanConflictCommands
{
    public static ProposeRevision Of(Wire.ProposeRevisionRequest r, long baseVersion) =>
        new(PatientCommands.Of(RevisionOf(r), baseVersion), Fields.Instant(r.OccurredAt, "occurred_at"));

    public static ResolvePlanConflict Of(Wire.ResolvePlanConflictRequest r, long baseVersion)
    {
        var (revision, nothing) = (RevisionOf(r), new Wire.RevisePlanRequest { RequestId = r.RequestId, Patient = r.Patient, Etag = r.Etag, Reason = r.Reason });
        return new(
            r.Conflict,
            Fields.Enum<PlanChoice>((int)r.Holds, "holds"),
            r.Reason,
            baseVersion,
            revision.Equals(nothing) ? null : PatientCommands.Of(revision, baseVersion));
    }

    /// <summary>The contract gives what these messages have in common with RevisePlanRequest the same numbers.</summary>
    private static Wire.RevisePlanRequest RevisionOf(IMessage message) => Wire.RevisePlanRequest.Parser.WithDiscardUnknownFields(true).ParseFrom(message.ToByteArray());
}
