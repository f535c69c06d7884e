using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Gateway.Requests;
using Google.Protobuf.WellKnownTypes;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>Conflicts of a plan, on the wire.</summary>
internal static class PlanConflictMessages
{
    public static Wire.PlanConflict Of(string patient, PlanConflict conflict, SignedTokens tokens)
    {
        var message = new Wire.PlanConflict
        {
            Number = conflict.Number,
            Base = conflict.Base is { } plan ? PlanOf(patient, plan, tokens) : null,
            Proposed = PlanOf(patient, conflict.Proposed, tokens),
            Present = PlanOf(patient, conflict.Present, tokens),
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

    private static Wire.Plan PlanOf(string patient, Plan plan, SignedTokens tokens)
    {
        var message = PatientMessages.Of(patient, plan, tokens);
        message.Etag = "";
        return message;
    }
}
