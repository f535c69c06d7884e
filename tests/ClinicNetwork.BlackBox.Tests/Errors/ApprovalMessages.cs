using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.Protocol.Admin.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>What two persons have to want. The administrator, who sends these, has proposed <see cref="Cast.Proposed"/>.</summary>
internal static class ApprovalMessages
{
    public static IEnumerable<BadMessage> All => [.. Erasure(), .. KeyDestruction(), .. Approve(), .. Reject(), .. Reads()];

    private static BadMessages<ProposeErasureRequest> Erasure() =>
        new BadMessages<ProposeErasureRequest>("ApprovalService/ProposeErasure", _ => Valid.Erasure("approvals/refused", Cast.Planned), async (n, r) => await n.Approvals.ProposeErasureAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("approval", "approvals", (r, v) => r.Approval = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .BadTexts("reason", 500, required: true, (r, v) => r.Reason = v)
            .BadHours((r, v) => r.Hours = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .Invalid("an unknown ground", "VALUE_MISSING", "ground", r => r.Ground = (ErasureGround)99)
            .Precondition("kept for years yet", "RETENTION_NOT_OVER", "patient", (r, _) => r.Ground = ErasureGround.Unspecified)
            .Row("approval is there", StatusCode.AlreadyExists, "APPROVAL_EXISTS", "approval", (r, _) => r.Approval = Cast.Proposed);

    private static BadMessages<ProposeKeyDestructionRequest> KeyDestruction() =>
        new BadMessages<ProposeKeyDestructionRequest>(
            "ApprovalService/ProposeKeyDestruction", _ => Valid.KeyDestruction("approvals/refused", Network.Hill), async (n, r) => await n.Approvals.ProposeKeyDestructionAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("approval", "approvals", (r, v) => r.Approval = v)
            .BadNames("clinic", "clinics", (r, v) => r.Clinic = v)
            .BadTexts("reason", 500, required: true, (r, v) => r.Reason = v)
            .BadHours((r, v) => r.Hours = v)
            .Row("clinic is unknown", StatusCode.NotFound, "CLINIC_NOT_FOUND", "clinic", (r, _) => r.Clinic = "clinics/nowhere")
            .Row("approval is there", StatusCode.AlreadyExists, "APPROVAL_EXISTS", "approval", (r, _) => r.Approval = Cast.Proposed);

    private static BadMessages<ApproveRequest> Approve() =>
        new BadMessages<ApproveRequest>(
            "ApprovalService/Approve", cast => new() { RequestId = Valid.Id(), Approval = Cast.Proposed, Etag = cast.ProposedEtag }, async (n, r) => await n.Approvals.ApproveAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("approval", "approvals", (r, v) => r.Approval = v)
            .Precondition("etag is missing", "ETAG_MISSING", "etag", (r, _) => r.Etag = "")
            .Row("by the proposer", StatusCode.PermissionDenied, "SAME_PERSON", "approval", (_, _) => { })
            .Row("unknown", StatusCode.NotFound, "APPROVAL_NOT_FOUND", "approval", (r, _) => r.Approval = "approvals/nothing");

    private static BadMessages<RejectRequest> Reject() =>
        new BadMessages<RejectRequest>(
            "ApprovalService/Reject", _ => new() { RequestId = Valid.Id(), Approval = Cast.Proposed, Reason = "not wanted" }, async (n, r) => await n.Approvals.RejectAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("approval", "approvals", (r, v) => r.Approval = v)
            .BadTexts("reason", 500, required: true, (r, v) => r.Reason = v)
            .Row("unknown", StatusCode.NotFound, "APPROVAL_NOT_FOUND", "approval", (r, _) => r.Approval = "approvals/nothing");

    private static IEnumerable<BadMessage> Reads() =>
    [
        .. new BadMessages<GetApprovalRequest>("ApprovalService/GetApproval", _ => new() { Name = Cast.Proposed }, async (n, r) => await n.Approvals.GetApprovalAsync(r))
            .BadNames("name", "approvals", (r, v) => r.Name = v)
            .Row("unknown", StatusCode.NotFound, "APPROVAL_NOT_FOUND", "name", (r, _) => r.Name = "approvals/nothing"),
        .. new BadMessages<ListApprovalsRequest>("ApprovalService/ListApprovals", _ => new(), async (n, r) => await n.Approvals.ListApprovalsAsync(r))
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v),
    ];

    private static BadMessages<T> BadHours<T>(this BadMessages<T> rows, Action<T, int> set)
        where T : Google.Protobuf.IMessage =>
        ((int[])[-1, 169, int.MinValue, int.MaxValue]).Aggregate(rows, (all, hours) => all.Invalid($"hours is {hours}", "HOURS_INVALID", "hours", r => set(r, hours)));
}
