using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.Protocol.Sync.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>A patient goes to another clinic: <see cref="Cast.Offered"/> of the harbour is offered to the hill.</summary>
internal static class TransferMessages
{
    public static IEnumerable<BadMessage> All => [.. Offer(), .. Withdraw(), .. Accept(), .. Decline(), .. Reads()];

    private static BadMessages<OfferTransferRequest> Offer() =>
        new BadMessages<OfferTransferRequest>("TransferService/OfferTransfer", _ => Valid.Offer(Cast.Planned), async (n, r) => await n.As(Network.Harbour).Transfers.OfferTransferAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .BadNames("to_clinic", "clinics", (r, v) => r.ToClinic = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTexts("reason", 500, required: true, (r, v) => r.Reason = v)
            .Invalid("an unknown access", "VALUE_MISSING", "keeps", r => r.Keeps = (KeptAccess)99)
            .Invalid("days is -1", "DAYS_INVALID", "days", r => r.Days = -1)
            .Invalid("days is 31", "DAYS_INVALID", "days", r => r.Days = 31)
            .Invalid("to itself", "TRANSFER_TO_HOME", "to_clinic", r => r.ToClinic = Network.Harbour)
            .Row("clinic is unknown", StatusCode.NotFound, "CLINIC_NOT_FOUND", "to_clinic", (r, _) => r.ToClinic = "clinics/nowhere")
            .Precondition("it is offered", "TRANSFER_OPEN", "patient", (r, _) => r.Patient = Cast.Offered);

    private static BadMessages<WithdrawTransferRequest> Withdraw() =>
        new BadMessages<WithdrawTransferRequest>(
            "TransferService/WithdrawTransfer", _ => new() { RequestId = Valid.Id(), Patient = Cast.Offered, Number = 1 }, async (n, r) => await n.As(Network.Harbour).Transfers.WithdrawTransferAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .Precondition("no number", "TRANSFER_UNKNOWN", "number", (r, _) => r.Number = 0)
            .Precondition("a negative number", "TRANSFER_UNKNOWN", "number", (r, _) => r.Number = int.MinValue)
            .Precondition("a number that is not there", "TRANSFER_UNKNOWN", "number", (r, _) => r.Number = 2);

    private static BadMessages<AcceptTransferRequest> Accept() =>
        new BadMessages<AcceptTransferRequest>("TransferService/AcceptTransfer", _ => Valid.Acceptance(Cast.Offered), async (n, r) => await n.As(Network.Hill).Transfers.AcceptTransferAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTexts("record_number", 60, required: true, (r, v) => r.RecordNumber = v)
            .Row("not offered", StatusCode.NotFound, "PATIENT_NOT_FOUND", "patient", (r, _) => r.Patient = Cast.Planned)
            .Row("a number that is not there", StatusCode.NotFound, "PATIENT_NOT_FOUND", "patient", (r, _) => r.Number = 2);

    private static BadMessages<DeclineTransferRequest> Decline() =>
        new BadMessages<DeclineTransferRequest>(
            "TransferService/DeclineTransfer",
            _ => new() { RequestId = Valid.Id(), Patient = Cast.Offered, Number = 1, Reason = "no place" },
            async (n, r) => await n.As(Network.Hill).Transfers.DeclineTransferAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTexts("reason", 500, required: true, (r, v) => r.Reason = v)
            .Row("not offered", StatusCode.NotFound, "PATIENT_NOT_FOUND", "patient", (r, _) => r.Patient = Cast.Planned);

    private static IEnumerable<BadMessage> Reads() =>
    [
        .. new BadMessages<GetTransferRequest>("TransferService/GetTransfer", _ => new() { Patient = Cast.Offered }, async (n, r) => await n.As(Network.Hill).Transfers.GetTransferAsync(r))
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .Row("not offered", StatusCode.NotFound, "PATIENT_NOT_FOUND", "patient", (r, _) => r.Patient = Cast.Planned)
            .Row("a number that is not there", StatusCode.NotFound, "TRANSFER_NOT_FOUND", "number", (r, _) => r.Number = 2),
        .. new BadMessages<ListTransfersRequest>("TransferService/ListTransfers", _ => new() { Parent = Network.Harbour }, async (n, r) => await n.As(Network.Harbour).Transfers.ListTransfersAsync(r))
            .BadNames("parent", "clinics", (r, v) => r.Parent = v)
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v)
            .Row("another's", StatusCode.PermissionDenied, "SITE_NOT_YOURS", "parent", (r, _) => r.Parent = Network.Hill),
    ];
}
