using System.Globalization;
using ClinicNetwork.Domain.Approvals;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Partners;
using ClinicNetwork.Gateway.Care;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Approvals;
using ClinicNetwork.Grains.Partners;
using ClinicNetwork.Journal;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClinicNetwork.Gateway.Exchange;

/// <summary>exchange.v1 PartnerService: recipients of releases and their agreements.</summary>
public sealed class PartnerGatewayService(IGrainFactory grains, IProjections projections, IStoreClock clock, SignedTokens tokens) : PartnerService.PartnerServiceBase
{
    private const int PageUsual = 50;
    private const int PageMax = 100;

    public override async Task<RegisterPartnerResponse> RegisterPartner(RegisterPartnerRequest request, ServerCallContext context)
    {
        var partner = Fields.Required(request.Partner, "partner");
        var id = Fields.Partner(partner.Name, "partner.name");
        var command = new RegisterPartner(id, partner.DisplayName, PatientCommands.Recipient(partner.RecipientClass, "partner.recipient_class"));
        var (receipt, _) = Receipts.Of(await Grain(id).Register(command, Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<GetPartnerResponse> GetPartner(GetPartnerRequest request, ServerCallContext context)
    {
        var (state, revision) = await ReadAsync(Fields.Partner(request.Name, "name"), "name", context);
        return new() { Partner = PartnerMessages.Of(state), Revision = revision };
    }

    public override async Task<ListPartnersResponse> ListPartners(ListPartnersRequest request, ServerCallContext context)
    {
        var size = Fields.PageSize(request.PageSize, PageUsual, PageMax);
        var rows = await projections.ReadWorklistAsync(
            PartnerProjections.List, clock.Now, RowOf(Pages.From(tokens, PartnerProjections.List, request.PageToken)), size, context.CancellationToken);
        var response = new ListPartnersResponse
        {
            NextPageToken = Pages.Next(tokens, PartnerProjections.List, rows.Count == size, rows.Count == 0 ? "" : PositionOf(rows[^1])),
        };
        foreach (var row in rows)
        {
            response.Partners.Add(PartnerMessages.Of(Receipts.Of(await grains.GetGrain<IPartnerGrain>(row.Stream).Read(new(true, 0, null), context.CancellationToken), "").State));
        }

        return response;
    }

    public override async Task<DraftAgreementResponse> DraftAgreement(DraftAgreementRequest request, ServerCallContext context)
    {
        var id = Fields.Agreement(request.Agreement, "agreement");
        var command = new DraftAgreement(id, PartnerMessages.Of(Fields.Required(request.Terms, "terms")), request.Etag.Length == 0 ? 0 : RevisionOf(id, request.Etag));
        var (receipt, _) = Receipts.Of(await Grain(id.Partner).Draft(command, Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    /// <summary>First the partner's own stream names the approval, then it is opened with the terms that stand there; the same request id does both again.</summary>
    public override async Task<ProposeAgreementResponse> ProposeAgreement(ProposeAgreementRequest request, ServerCallContext context)
    {
        var (id, approval) = (Fields.Agreement(request.Agreement, "agreement"), Fields.Approval(request.Approval, "approval"));
        var revision = request.Etag.Length == 0
            ? throw new RefusedException(Domain.Refusal.Precondition("ETAG_MISSING", "etag", "Read the agreement and send its etag: only what was read is proposed."))
            : RevisionOf(id, request.Etag);
        var origin = Origins.Of(request, request.RequestId, context);
        Receipts.Of(await Grain(id.Partner).Propose(new(id, revision, approval, request.Reason, request.Hours), origin, context.CancellationToken));
        var (receipt, answer) = Receipts.Of(await grains.GetGrain<IApprovalGrain>(Streams.Of(approval)).Propose(
            new(approval, ApprovalKind.Agreement, id.Name, request.Reason, request.Hours), origin, context.CancellationToken));
        return new() { Receipt = receipt, ExpiresAt = answer.ExpiresAt.ToTimestamp() };
    }

    public override async Task<SuspendAgreementResponse> SuspendAgreement(SuspendAgreementRequest request, ServerCallContext context)
    {
        var id = Fields.Agreement(request.Agreement, "agreement");
        var (receipt, _) = Receipts.Of(await Grain(id.Partner).Suspend(new(id, request.Reason), Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<EndAgreementResponse> EndAgreement(EndAgreementRequest request, ServerCallContext context)
    {
        var id = Fields.Agreement(request.Agreement, "agreement");
        var (receipt, _) = Receipts.Of(await Grain(id.Partner).End(new(id, request.Reason), Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<RekeyAgreementResponse> RekeyAgreement(RekeyAgreementRequest request, ServerCallContext context)
    {
        var id = Fields.Agreement(request.Agreement, "agreement");
        var (receipt, _) = Receipts.Of(await Grain(id.Partner).Rekey(
            new(id, request.Epoch, request.Reason), Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<GetAgreementResponse> GetAgreement(GetAgreementRequest request, ServerCallContext context)
    {
        var id = Fields.Agreement(request.Name, "name");
        var (state, _) = await ReadAsync(id.Partner, "name", context);
        return new() { Agreement = Of(state.Find(id) ?? throw new RefusedException(PartnerState.RefuseUnknownAgreement("name"))) };
    }

    public override async Task<ListAgreementsResponse> ListAgreements(ListAgreementsRequest request, ServerCallContext context)
    {
        var (size, list) = (Fields.PageSize(request.PageSize, PageUsual, PageMax), "agreements/" + request.Parent);
        var (state, _) = await ReadAsync(Fields.Partner(request.Parent, "parent"), "parent", context);
        var from = Pages.From(tokens, list, request.PageToken) is { Length: > 0 } position ? int.Parse(position, CultureInfo.InvariantCulture) : 0;
        var page = state.Agreements.Skip(from).Take(size).ToArray();
        var response = new ListAgreementsResponse { NextPageToken = Pages.Next(tokens, list, page.Length == size, (from + page.Length).ToString(CultureInfo.InvariantCulture)) };
        response.Agreements.AddRange(page.Select(Of));
        return response;
    }

    private async Task<(PartnerState State, Protocol.Care.V1.Revision Revision)> ReadAsync(PartnerId partner, string field, ServerCallContext context) =>
        Receipts.Of(await Grain(partner).Read(new(true, 0, Origins.SiteOf(context)), context.CancellationToken), field);

    private IPartnerGrain Grain(PartnerId partner) => grains.GetGrain<IPartnerGrain>(Streams.Of(partner));

    private static string EtagPurpose(AgreementId agreement) => "agreement/" + agreement.Name;

    /// <summary>-1, which no agreement has, when the etag is not this agreement's: what was accepted before gets its stored answer all the same.</summary>
    private int RevisionOf(AgreementId agreement, string etag) =>
        tokens.Open(EtagPurpose(agreement), etag, out var revision) == TokenVerdict.Good ? int.Parse(revision, CultureInfo.InvariantCulture) : -1;

    private Protocol.Exchange.V1.Agreement Of(Domain.Partners.Agreement agreement) =>
        PartnerMessages.Of(agreement, clock.Now, tokens.Seal(EtagPurpose(agreement.Id), agreement.Revision.ToString(CultureInfo.InvariantCulture)));

    private static string PositionOf(FollowUpRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.Stream}|{row.Milestone}|{row.ClosesAt.ToUnixTimeMilliseconds()}");

    private static FollowUpRow? RowOf(string position) => position.Split('|') is [var stream, var item, var closes]
        ? new(stream, item, default, DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(closes, CultureInfo.InvariantCulture)))
        : null;
}
