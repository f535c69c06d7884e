using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>Records that look like one person's: all of the harbour are namesakes.</summary>
internal static class DoubleMessages
{
    public static IEnumerable<BadMessage> All => [.. Lists(), .. Dismissals(), .. Reopenings()];

    private static BadMessages<ListProbableDoublesRequest> Lists() =>
        new BadMessages<ListProbableDoublesRequest>(
            "PatientMatchService/ListProbableDoubles", _ => new() { Parent = Network.Harbour }, async (n, r) => await n.As(Network.Harbour).Matches.ListProbableDoublesAsync(r))
            .BadNames("parent", "clinics", (r, v) => r.Parent = v)
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v)
            .Row("another's", StatusCode.PermissionDenied, "SITE_NOT_YOURS", "parent", (r, _) => r.Parent = Network.Hill);

    private static BadMessages<DismissDoubleRequest> Dismissals() =>
        new BadMessages<DismissDoubleRequest>(
            "PatientMatchService/DismissDouble",
            _ => new() { RequestId = Valid.Id(), Patient = Cast.Planned, Double = "doubles/not-there", Reason = "twins" },
            async (n, r) => await n.As(Network.Harbour).Matches.DismissDoubleAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .BadNames("double", "doubles", (r, v) => r.Double = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTexts("reason", 500, required: true, (r, v) => r.Reason = v)
            .Row("not there", StatusCode.NotFound, "DOUBLE_NOT_FOUND", "double", (_, _) => { });

    private static BadMessages<ReopenDoubleRequest> Reopenings() =>
        new BadMessages<ReopenDoubleRequest>(
            "PatientMatchService/ReopenDouble",
            _ => new() { RequestId = Valid.Id(), Patient = Cast.Planned, Double = "doubles/not-there", Reason = "one person after all" },
            async (n, r) => await n.As(Network.Harbour).Matches.ReopenDoubleAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .BadNames("double", "doubles", (r, v) => r.Double = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTexts("reason", 500, required: true, (r, v) => r.Reason = v)
            .Row("not there", StatusCode.NotFound, "DOUBLE_NOT_FOUND", "double", (_, _) => { });
}
