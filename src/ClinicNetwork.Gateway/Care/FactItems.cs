using ClinicNetwork.Domain;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Google.Rpc;
using FactCase = ClinicNetwork.Protocol.Care.V1.IngestFactsRequest.FactOneofCase;

namespace ClinicNetwork.Gateway.Care;

/// <summary>One item of IngestFacts as the unary command that it is, and its result.</summary>
internal static class FactItems
{
    /// <summary>As the unary call's <c>context.Method</c>, so that the same id with the same content is the same request on either way.</summary>
    private const string UnaryService = "/clinicnetwork.care.v1.PatientService/";

    public static async Task<FactAccepted> ExecuteAsync(FactCommands facts, IngestFactsRequest item, Acting acting, CancellationToken stop)
    {
        var origin = OriginOf(item, acting);
        return item.FactCase switch
        {
            FactCase.RecordConsultation => new() { RecordConsultation = await facts.RecordAsync(item.RecordConsultation, origin, stop) },
            FactCase.RecordDose => new() { RecordDose = await facts.RecordAsync(item.RecordDose, origin, stop) },
            FactCase.RecordSideEffect => new() { RecordSideEffect = await facts.RecordAsync(item.RecordSideEffect, origin, stop) },
            FactCase.RecordAssessment => new() { RecordAssessment = await facts.RecordAsync(item.RecordAssessment, origin, stop) },
            FactCase.RecordScale => new() { RecordScale = await facts.RecordAsync(item.RecordScale, origin, stop) },
            FactCase.RecordSafetyCheck => new() { RecordSafetyCheck = await facts.RecordAsync(item.RecordSafetyCheck, origin, stop) },
            FactCase.RecordMissedVisit => new() { RecordMissedVisit = await facts.RecordAsync(item.RecordMissedVisit, origin, stop) },
            FactCase.EndTreatment => new() { EndTreatment = await facts.RecordAsync(item.EndTreatment, origin, stop) },
            FactCase.RecordVitals => new() { RecordVitals = await facts.RecordAsync(item.RecordVitals, origin, stop) },
            FactCase.ResolveSideEffect => new() { ResolveSideEffect = await facts.RecordAsync(item.ResolveSideEffect, origin, stop) },
            FactCase.RecordLeaving => new() { RecordLeaving = await facts.RecordAsync(item.RecordLeaving, origin, stop) },
            _ => throw new NotSupportedException($"{item.FactCase}"),
        };
    }

    /// <summary>The unary status, flat. A field of the fact's own message is told from the item on.</summary>
    public static FactRefused Refused(IngestFactsRequest item, Status status)
    {
        var field = status.GetDetail<BadRequest>()?.FieldViolations[0].Field ?? status.GetDetail<PreconditionFailure>()?.Violations[0].Subject ?? "";
        return new()
        {
            Code = status.Code,
            Reason = status.GetDetail<ErrorInfo>()?.Reason ?? "",
            Field = FromTheItemOn(item, field),
            Message = status.Message,
            RetryDelay = status.GetDetail<RetryInfo>()?.RetryDelay,
        };
    }

    private static string FromTheItemOn(IngestFactsRequest item, string field) =>
        field is "" or "request_id" or "patient" or "fact" || field.StartsWith(NameOf(item) + ".", StringComparison.Ordinal) ? field : $"{NameOf(item)}.{field}";

    /// <summary>Fills in id and patient, which the fact's own message leaves to the item.</summary>
    private static CommandOrigin OriginOf(IngestFactsRequest item, Acting acting)
    {
        switch (item.FactCase)
        {
            case FactCase.RecordConsultation:
                var consultation = item.RecordConsultation;
                (consultation.RequestId, consultation.Patient) = Own(item, consultation.RequestId, consultation.Patient);
                return Of(consultation, "RecordConsultation");
            case FactCase.RecordDose:
                var dose = item.RecordDose;
                (dose.RequestId, dose.Patient) = Own(item, dose.RequestId, dose.Patient);
                return Of(dose, "RecordDose");
            case FactCase.RecordSideEffect:
                var effect = item.RecordSideEffect;
                (effect.RequestId, effect.Patient) = Own(item, effect.RequestId, effect.Patient);
                return Of(effect, "RecordSideEffect");
            case FactCase.RecordAssessment:
                var assessment = item.RecordAssessment;
                (assessment.RequestId, assessment.Patient) = Own(item, assessment.RequestId, assessment.Patient);
                return Of(assessment, "RecordAssessment");
            case FactCase.RecordScale:
                var scale = item.RecordScale;
                (scale.RequestId, scale.Patient) = Own(item, scale.RequestId, scale.Patient);
                return Of(scale, "RecordScale");
            case FactCase.RecordSafetyCheck:
                var check = item.RecordSafetyCheck;
                (check.RequestId, check.Patient) = Own(item, check.RequestId, check.Patient);
                return Of(check, "RecordSafetyCheck");
            case FactCase.RecordMissedVisit:
                var visit = item.RecordMissedVisit;
                (visit.RequestId, visit.Patient) = Own(item, visit.RequestId, visit.Patient);
                return Of(visit, "RecordMissedVisit");
            case FactCase.EndTreatment:
                var end = item.EndTreatment;
                (end.RequestId, end.Patient) = Own(item, end.RequestId, end.Patient);
                return Of(end, "EndTreatment");
            case FactCase.RecordVitals:
                var vitals = item.RecordVitals;
                (vitals.RequestId, vitals.Patient) = Own(item, vitals.RequestId, vitals.Patient);
                return Of(vitals, "RecordVitals");
            case FactCase.ResolveSideEffect:
                var resolution = item.ResolveSideEffect;
                (resolution.RequestId, resolution.Patient) = Own(item, resolution.RequestId, resolution.Patient);
                return Of(resolution, "ResolveSideEffect");
            case FactCase.RecordLeaving:
                var leaving = item.RecordLeaving;
                (leaving.RequestId, leaving.Patient) = Own(item, leaving.RequestId, leaving.Patient);
                return Of(leaving, "RecordLeaving");
            default:
                throw Fields.Invalid("FACT_MISSING", "fact", "Give one of the documented facts.");
        }

        CommandOrigin Of(IMessage fact, string rpc)
        {
            Access.CheckRole(acting.Caller, UnaryService + rpc);
            return Origins.Of(fact, item.RequestId, UnaryService + rpc, acting);
        }
    }

    private static (string RequestId, string Patient) Own(IngestFactsRequest item, string requestId, string patient) =>
        requestId.Length > 0 && requestId != item.RequestId ? throw Mismatch(item, "request_id")
        : patient.Length > 0 && patient != item.Patient ? throw Mismatch(item, "patient")
        : (item.RequestId, item.Patient);

    private static Errors.RefusedException Mismatch(IngestFactsRequest item, string field) =>
        Fields.Invalid("ITEM_MISMATCH", $"{NameOf(item)}.{field}", "Leave request_id and patient of the fact empty, or the same as the item's.");

    private static string NameOf(IngestFactsRequest item) =>
        IngestFactsRequest.Descriptor.FindFieldByNumber((int)item.FactCase).Name;
}
