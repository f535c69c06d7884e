using System.Globalization;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Approvals;
using ClinicNetwork.Gateway.Care;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Exchange;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Approvals;
using ClinicNetwork.Journal;
using ClinicNetwork.Protocol.Admin.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ErasureGround = ClinicNetwork.Protocol.Admin.V1.ErasureGround;
using Ground = ClinicNetwork.Domain.Approvals.ErasureGround;
using Kind = ClinicNetwork.Domain.Approvals.ApprovalKind;

namespace ClinicNetwork.Gateway.Admin;

/// <summary>admin.v1 ApprovalService: what two persons have to want.</summary>
public sealed class ApprovalGatewayService(IGrainFactory grains, IProjections projections, IStoreClock clock, SignedTokens tokens) : ApprovalService.ApprovalServiceBase
{
    private const int PageUsual = 50;
    private const int PageMax = 100;

    public override async Task<ProposeErasureResponse> ProposeErasure(ProposeErasureRequest request, ServerCallContext context)
    {
        var command = new Propose(Fields.Approval(request.Approval, "approval"), Kind.Erasure, Fields.Patient(request.Patient, "patient").Name, request.Reason, request.Hours, GroundOf(request.Ground));
        var reply = await ProposeAsync(command, request, request.RequestId, context);
        var (receipt, answer) = Receipts.Of(reply);
        return new() { Receipt = receipt, ExpiresAt = answer.ExpiresAt.ToTimestamp() };
    }

    public override async Task<ProposeKeyDestructionResponse> ProposeKeyDestruction(ProposeKeyDestructionRequest request, ServerCallContext context)
    {
        var command = new Propose(Fields.Approval(request.Approval, "approval"), Kind.KeyDestruction, Fields.Clinic(request.Clinic, "clinic").Name, request.Reason, request.Hours);
        var reply = await ProposeAsync(command, request, request.RequestId, context);
        var (receipt, answer) = Receipts.Of(reply);
        return new() { Receipt = receipt, ExpiresAt = answer.ExpiresAt.ToTimestamp() };
    }

    public override async Task<ApproveResponse> Approve(ApproveRequest request, ServerCallContext context)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Approval, "approval").Approve(
            new(VersionOf(request)), Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<RejectResponse> Reject(RejectRequest request, ServerCallContext context)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Approval, "approval").Reject(
            new(request.Reason), Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<GetApprovalResponse> GetApproval(GetApprovalRequest request, ServerCallContext context)
    {
        var (state, revision) = Receipts.Of(await Grain(request.Name, "name").Read(new(true, 0, Origins.SiteOf(context)), context.CancellationToken), "name");
        return new() { Approval = Of(state, revision.Version) };
    }

    public override async Task<ListApprovalsResponse> ListApprovals(ListApprovalsRequest request, ServerCallContext context)
    {
        var (size, site) = (Fields.PageSize(request.PageSize, PageUsual, PageMax), Origins.SiteOf(context));
        var list = ApprovalProjections.ListOf(site);
        var rows = await projections.ReadWorklistAsync(list, clock.Now, Pages.RowOf(Pages.From(tokens, list, request.PageToken)), size, context.CancellationToken);
        var response = new ListApprovalsResponse { NextPageToken = Pages.Next(tokens, list, rows.Count == size, rows.Count == 0 ? "" : Pages.PositionOf(rows[^1])) };
        foreach (var row in rows)
        {
            var (state, revision) = Receipts.Of(await grains.GetGrain<IApprovalGrain>(row.Stream).Read(new(true, 0, site), context.CancellationToken), "");
            response.Approvals.Add(Of(state, revision.Version));
        }

        return response;
    }

    private Task<Reply<ApprovalAnswer>> ProposeAsync(Propose command, IMessage request, string requestId, ServerCallContext context) =>
        grains.GetGrain<IApprovalGrain>(Streams.Of(command.Approval)).Propose(command, Origins.Of(request, requestId, context), context.CancellationToken);

    private static string EtagPurpose(string approval) => "approval/" + approval;

    /// <summary>0, which no approval has, when the etag is not this approval's: what was accepted before gets its stored answer all the same.</summary>
    private long VersionOf(ApproveRequest request) =>
        request.Etag.Length == 0 ? throw new RefusedException(Refusal.Precondition("ETAG_MISSING", "etag", "Read the approval and send its etag: only what was read is approved."))
        : tokens.Open(EtagPurpose(request.Approval), request.Etag, out var version) == TokenVerdict.Good ? long.Parse(version, CultureInfo.InvariantCulture)
        : 0;

    private static Ground GroundOf(ErasureGround ground) => ground == ErasureGround.Unspecified ? Ground.None : Fields.Enum<Ground>((int)ground, "ground");

    private Approval Of(ApprovalState state, long version) => new()
    {
        Name = state.Id.Name,
        Kind = (Protocol.Admin.V1.ApprovalKind)state.Kind,
        Subject = state.Subject,
        Site = state.Site?.Name ?? "",
        Reason = state.Reason,
        ProposedBy = state.ProposedBy!.Name,
        ProposedAt = state.ProposedAt.ToTimestamp(),
        ExpiresAt = state.ExpiresAt.ToTimestamp(),
        Status = state.IsExpired(clock.Now) ? Protocol.Admin.V1.ApprovalStatus.Expired : (Protocol.Admin.V1.ApprovalStatus)state.Status,
        DecidedBy = state.DecidedBy?.Name ?? "",
        DecidedAt = state.DecidedAt?.ToTimestamp(),
        Finding = state.Finding,
        ClosedAt = state.ClosedAt?.ToTimestamp(),
        Ground = (ErasureGround)state.Ground,
        RetentionYears = state.RetentionYears ?? 0,
        Offer = state.Offer is { } offer ? PartnerMessages.Of(offer) : null,
        Etag = tokens.Seal(EtagPurpose(state.Id.Name), version.ToString(CultureInfo.InvariantCulture)),
    };

    private IApprovalGrain Grain(string name, string field) => grains.GetGrain<IApprovalGrain>(Streams.Of(Fields.Approval(name, field)));
}
