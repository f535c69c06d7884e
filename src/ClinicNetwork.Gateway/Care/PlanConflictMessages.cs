using ClinicNetwork.Domain.Patients;
using Google.Protobuf.WellKnownTypes;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>Conflicts of a plan, on the wire; their plans without etags.</summary>
internal static class PlanConflictMessages
{
    public static Wire.PlanConflict Of(string patient, PlanConflict conflict)
    {
        var message = new Wire.PlanConflict
        {
            Number = conflict.Number,
            Base = conflict.Base is { } plan ? PlanMessages.Of(patient, plan) : null,
            Proposed = PlanMessages.Of(patient, conflict.Proposed),
            Present = PlanMessages.Of(patient, conflict.Present),
            ProposedBy = conflict.Proposed.RevisedBy ?? "",
            ProposedAtSite = conflict.Proposed.RevisedFrom?.Name ?? "",
            OccurredAt = conflict.OccurredAt.ToTimestamp(),
            FoundAt = conflict.FoundAt.ToTimestamp(),
            AskedOf = conflict.AskedOf,
            Resolution = conflict.Resolution is { } r
                ? new() { Holds = (Wire.PlanChoice)r.Holds, Reason = r.Reason, Actor = r.Actor, Site = r.Site?.Name ?? "", ResolvedAt = r.At.ToTimestamp(), PlanRevision = r.Revision }
                : null,
        };
        message.Fields.AddRange(conflict.Fields.Select(f => (Wire.PlanField)f));
        message.Against.AddRange(conflict.Against.Select(a => new Wire.PlanAuthor { Revision = a.Revision, Actor = a.Actor, Site = a.Site?.Name ?? "", Reason = a.Reason }));
        return message;
    }
}
