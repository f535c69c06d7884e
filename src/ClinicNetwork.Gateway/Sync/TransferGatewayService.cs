using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Gateway.Care;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Journal;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Status = ClinicNetwork.Protocol.Sync.V1.TransferStatus;
using Wire = ClinicNetwork.Protocol.Sync.V1.Transfer;

namespace ClinicNetwork.Gateway.Sync;

/// <summary>sync.v1 TransferService: a patient's care goes from one clinic to another.</summary>
public sealed class TransferGatewayService(IGrainFactory grains, IProjections projections, IStoreClock clock, SignedTokens tokens) : TransferService.TransferServiceBase
{
    private const int PageUsual = 50;
    private const int PageMax = 100;

    private static readonly Refusal NotFound = Refusal.NotFound("TRANSFER_NOT_FOUND", "number", "This patient has no transfer of this number, or this site may not see it.");

    public override async Task<OfferTransferResponse> OfferTransfer(OfferTransferRequest request, ServerCallContext context)
    {
        var command = new OfferTransfer(Fields.Clinic(request.ToClinic, "to_clinic"), request.Reason, KeptOf(request.Keeps), request.Days);
        var (receipt, answer) = Receipts.Of(await Grain(request.Patient).OfferTransfer(command, Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt, Number = answer.Number, ExpiresAt = answer.ExpiresAt.ToTimestamp() };
    }

    public override async Task<WithdrawTransferResponse> WithdrawTransfer(WithdrawTransferRequest request, ServerCallContext context)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).WithdrawTransfer(
            new(request.Number), Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<AcceptTransferResponse> AcceptTransfer(AcceptTransferRequest request, ServerCallContext context)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).AcceptTransfer(
            new(request.Number, request.RecordNumber), Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<DeclineTransferResponse> DeclineTransfer(DeclineTransferRequest request, ServerCallContext context)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).DeclineTransfer(
            new(request.Number, request.Reason), Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<GetTransferResponse> GetTransfer(GetTransferRequest request, ServerCallContext context)
    {
        var reading = await Grain(request.Patient).ReadTransfers(new(true, 0, Origins.SiteOf(context)), context.CancellationToken);
        var (told, _) = Receipts.Of(reading, "patient");
        if (reading.InEmergency)
        {
            Entries.MarkEmergency(context);
        }

        return told.Transfers.LastOrDefault(t => request.Number == 0 || t.Number == request.Number) is { } transfer
            ? new() { Transfer = Of(told, transfer) }
            : throw new RefusedException(NotFound);
    }

    public override async Task<ListTransfersResponse> ListTransfers(ListTransfersRequest request, ServerCallContext context)
    {
        var (size, clinic) = (Fields.PageSize(request.PageSize, PageUsual, PageMax), Fields.Clinic(request.Parent, "parent"));
        Origins.RefuseOtherSite(request.Parent, "parent", context);
        var list = TransferProjections.ListOf(clinic);
        var rows = await projections.ReadWorklistAsync(list, clock.Now, Pages.RowOf(Pages.From(tokens, list, request.PageToken)), size, context.CancellationToken);
        var response = new ListTransfersResponse { NextPageToken = Pages.Next(tokens, list, rows.Count == size, rows.Count == 0 ? "" : Pages.PositionOf(rows[^1])) };
        foreach (var row in rows)
        {
            var reading = await grains.GetGrain<IPatientGrain>(row.Stream).ReadTransfers(new(true, 0, Origins.SiteOf(context)), context.CancellationToken);
            if (reading.Refusal is { Kind: RefusalKind.NotFound })
            {
                // It was answered, or its time ran out, since the list was read.
                continue;
            }

            var (told, _) = Receipts.Of(reading, "parent");
            response.Transfers.AddRange(told.Transfers.Where(t => t.Number == DueKinds.TransferOf(row.Milestone)).Select(t => Of(told, t)));
        }

        return response;
    }

    private Wire Of(PatientTransfers told, Domain.Patients.Transfer transfer) => new()
    {
        Patient = told.Patient.Name,
        Number = transfer.Number,
        FromClinic = transfer.From.Name,
        ToClinic = transfer.To.Name,
        Reason = transfer.Reason,
        Keeps = transfer.Keeps is { } kept ? (KeptAccess)kept : KeptAccess.None,
        Drug = (Protocol.Care.V1.Drug)(told.Drug ?? default),
        OfferedAt = transfer.OfferedAt.ToTimestamp(),
        ExpiresAt = transfer.ExpiresAt.ToTimestamp(),
        Status = transfer.Status == Domain.Patients.TransferStatus.Offered && !transfer.IsOpen(clock.Now) ? Status.Expired : (Status)transfer.Status,
        ClosedAt = transfer.ClosedAt?.ToTimestamp(),
        Finding = transfer.Finding,
    };

    private static SiteAccess? KeptOf(KeptAccess keeps) => keeps switch
    {
        KeptAccess.Unspecified => SiteAccess.Read,
        KeptAccess.None => null,
        _ => Fields.Enum<SiteAccess>((int)keeps, "keeps"),
    };

    private IPatientGrain Grain(string patient) => grains.GetGrain<IPatientGrain>(Streams.Of(Fields.Patient(patient, "patient")));
}
