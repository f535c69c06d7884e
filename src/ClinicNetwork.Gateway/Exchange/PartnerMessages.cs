using ClinicNetwork.Domain.Approvals;
using ClinicNetwork.Domain.Partners;
using ClinicNetwork.Gateway.Care;
using ClinicNetwork.Gateway.Requests;
using Google.Protobuf.WellKnownTypes;
using Wire = ClinicNetwork.Protocol.Exchange.V1;

namespace ClinicNetwork.Gateway.Exchange;

/// <summary>Partners and agreements on the wire.</summary>
internal static class PartnerMessages
{
    private const string ProfilePrefix = "profiles/";

    public static Wire.Partner Of(PartnerState state) => new()
    {
        Name = state.Id.Name,
        DisplayName = state.DisplayName,
        RecipientClass = PatientMessages.Of(state.Class),
        RegisteredAt = state.RegisteredAt.ToTimestamp(),
    };

    public static AgreementTerms Of(Wire.AgreementTerms terms) => new(
        terms.Profile.StartsWith(ProfilePrefix, StringComparison.Ordinal) ? terms.Profile[ProfilePrefix.Length..] : "",
        PatientCommands.Purpose(terms.Purpose, "terms.purpose"),
        [.. terms.Fields],
        Fields.Instant(terms.ValidFrom, "terms.valid_from"),
        Fields.Instant(terms.ValidTo, "terms.valid_to"),
        terms.QuotaRowsADay,
        terms.Document,
        terms.Finding);

    public static Wire.Agreement Of(Agreement agreement, DateTimeOffset now, string etag) => new()
    {
        Name = agreement.Id.Name,
        Terms = Of(agreement.Terms),
        Revision = agreement.Revision,
        Status = (Wire.AgreementStatus)agreement.StatusAt(now),
        Approval = agreement.Proposal is { } proposal && now < proposal.Until ? proposal.Approval.Name : "",
        Recipient = agreement.Id.Recipient,
        Epoch = agreement.Epoch,
        Reason = agreement.Reason,
        Acknowledged = agreement.Acknowledged,
        ChangedAt = agreement.ChangedAt.ToTimestamp(),
        Etag = etag,
    };

    public static Wire.AgreementOffer Of(AgreementOffer offer) => new()
    {
        Agreement = offer.Agreement.Name, Revision = offer.Revision, RecipientClass = PatientMessages.Of(offer.Class), Terms = Of(offer.Terms),
    };

    private static Wire.AgreementTerms Of(AgreementTerms terms)
    {
        var message = new Wire.AgreementTerms
        {
            Profile = ProfilePrefix + terms.Profile,
            Purpose = PatientMessages.Of(terms.Purpose),
            ValidFrom = terms.ValidFrom.ToTimestamp(),
            ValidTo = terms.ValidTo.ToTimestamp(),
            QuotaRowsADay = terms.Quota,
            Document = terms.Document,
            Finding = terms.Finding,
        };
        message.Fields.AddRange(terms.Fields);
        return message;
    }
}
