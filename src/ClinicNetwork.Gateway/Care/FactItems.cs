using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using FactCase = ClinicNetwork.Protocol.Care.V1.IngestFactsRequest.FactOneofCase;

namespace ClinicNetwork.Gateway.Care;

/// <summary>One item of IngestFacts as the unary command that it is.</summary>
internal static class FactItems
{
    /// <summary>Of the unary rpcs.</summary>
    private const string Service = "/clinicnetwork.care.v1.PatientService/";

    public static async Task<FactAccepted> ExecuteAsync(FactCommands facts, IngestFactsRequest item, Acting acting, CancellationToken stop)
    {
        var name = NameOf(item) ?? throw Fields.Invalid("FACT_MISSING", "fact", "Give one of the documented facts.");
        var origin = StreamItems.OriginOf((IMessage)IngestFactsRequest.Descriptor.FindFieldByName(name).Accessor.GetValue(item), name, Service, item, acting);
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

    /// <summary>From the unary rpc's field to the item's.</summary>
    public static string FieldOf(IngestFactsRequest item, string field) => field == "fact" || NameOf(item) is not { } name ? field : StreamItems.FromTheItemOn(name, field);

    /// <summary>Null: it holds none.</summary>
    private static string? NameOf(IngestFactsRequest item) => IngestFactsRequest.Descriptor.Oneofs[0].Accessor.GetCaseFieldDescriptor(item)?.Name;
}
