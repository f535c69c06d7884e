using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Submissions;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Identity;
using Grpc.Core;

namespace ClinicNetwork.Gateway.Exchange;

/// <summary>Whose submissions a caller may see: a partner its own, the network all.</summary>
internal static class SubmissionCallers
{
    /// <summary>Null: the caller is the network's.</summary>
    public static PartnerId? PartnerOf(ServerCallContext context) => Caller.Of(context).Partner;

    /// <exception cref="RefusedException">NOT_FOUND: the caller is no partner.</exception>
    public static PartnerId SubmitterOf(ServerCallContext context) => PartnerOf(context) ?? throw new RefusedException(SubmissionState.RefuseUnknown("submission"));

    /// <summary>To read: the caller's own, or any for the network.</summary>
    /// <exception cref="RefusedException">NOT_FOUND: it is no name, or another partner's.</exception>
    public static SubmissionId Find(string name, string field, ServerCallContext context) =>
        SubmissionId.TryParseName(name, out var id) && (PartnerOf(context)?.Value ?? id.Partner) == id.Partner ? id : throw new RefusedException(SubmissionState.RefuseUnknown(field));

    /// <summary>To change: the caller's own.</summary>
    /// <inheritdoc cref="Find"/>
    public static SubmissionId FindOwn(string name, string field, ServerCallContext context) => Find(name, field, context) is var id && id.Partner == SubmitterOf(context).Value
        ? id
        : throw new RefusedException(SubmissionState.RefuseUnknown(field));
}
