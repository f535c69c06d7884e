using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Journal;
using Grpc.Core;

namespace ClinicNetwork.Gateway.Exchange;

/// <summary>Whose feed a call is about: that of the caller's partner, by its agreement in force at this moment; without a partner the one of before agreements.</summary>
public sealed class ReleaseRecipients(PartnerAgreements agreements)
{
    internal static readonly Refusal NoPartner =
        Refusal.Precondition("AGREEMENT_MISSING", "", "Come with the certificate or the token of a partner that has an agreement for this profile.");

    /// <exception cref="RefusedException">FAILED_PRECONDITION: no agreement is in force.</exception>
    internal async Task<ReleaseFeed> FindAsync(ReleaseProfile profile, ServerCallContext context) =>
        Caller.Of(context).Partner is { } partner ? new(profile, await agreements.FindAsync(partner, profile.Id, context.CancellationToken))
        : profile == ReleaseProfiles.PublicOutcomes ? new(profile, null)
        : throw new RefusedException(NoPartner);

    /// <summary>Null: the caller may have nothing of the profile by an agreement.</summary>
    internal async Task<AgreementRecord?> TryFindAsync(ReleaseProfile profile, ServerCallContext context)
    {
        try
        {
            return (await FindAsync(profile, context)).Agreement;
        }
        catch (RefusedException refused) when (refused.Refusal.Kind == RefusalKind.Precondition)
        {
            return null;
        }
    }

    /// <summary>The agreement by which the caller's partner was given something last, also when it is over.</summary>
    /// <exception cref="RefusedException">FAILED_PRECONDITION, AGREEMENT_MISSING.</exception>
    internal async Task<(PartnerId Partner, AgreementId Agreement)> FindGivenAsync(ReleaseProfile profile, ServerCallContext context) =>
        Caller.Of(context).Partner is { } partner
        && await agreements.FindLastAsync(partner, profile.Id, context.CancellationToken) is { } agreement
        && AgreementId.TryParseRecipient(agreement.Agreement, out var id)
            ? (partner, id)
            : throw new RefusedException(NoPartner);
}
