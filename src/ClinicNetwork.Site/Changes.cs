using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Site;

/// <summary>What messages of changes have in common, by their fields' names.</summary>
internal static class Changes
{
    /// <summary>The message that says what happened; null when none was given.</summary>
    public static IMessage? ContentOf(PushChangesRequest change) => change.ChangeCase switch
    {
        PushChangesRequest.ChangeOneofCase.None => null,
        PushChangesRequest.ChangeOneofCase.Fact => OneOf(change.Fact, "fact"),
        PushChangesRequest.ChangeOneofCase.ReportSession => change.ReportSession.Session,
        _ => OneOf(change, "change"),
    };

    /// <summary>When it happened; null: not given, or it has no time of its own.</summary>
    public static Timestamp? TimeOf(PushChangesRequest change) => ContentOf(change) is { } content ? TimeField(content)?.Accessor.GetValue(content) as Timestamp : null;

    public static bool HasTime(PushChangesRequest change) => ContentOf(change) is { } content && TimeField(content) is not null;

    public static void SetTime(PushChangesRequest change, DateTimeOffset time)
    {
        var content = ContentOf(change)!;
        TimeField(content)!.Accessor.SetValue(content, time.ToTimestamp());
    }

    /// <summary>The version that an answered change made; 0: none.</summary>
    public static long VersionOf(PushChangesResponse result)
    {
        var answer = result.ResultCase switch
        {
            PushChangesResponse.ResultOneofCase.Appended => result.Appended.AnswerCase == Appended.AnswerOneofCase.Fact
                ? OneOf(result.Appended.Fact, "answer")
                : OneOf(result.Appended, "answer"),
            PushChangesResponse.ResultOneofCase.None or PushChangesResponse.ResultOneofCase.Refused => null,
            _ => OneOf(result, "result"),
        };
        return answer?.Descriptor.FindFieldByName("receipt") is { } receipt && receipt.Accessor.GetValue(answer) is Receipt { Version: var version } ? version : 0;
    }

    /// <summary>What a patient has once, by its id or its session: judged on a copy that may hold it, it is refused if it does. So a session that may be on its way holds the next one.</summary>
    public static bool IsOnce(PushChangesRequest change) => change.ChangeCase switch
    {
        PushChangesRequest.ChangeOneofCase.ReportSession or PushChangesRequest.ChangeOneofCase.CompleteSession => true,
        PushChangesRequest.ChangeOneofCase.Fact => change.Fact.FactCase is IngestFactsRequest.FactOneofCase.RecordDose or IngestFactsRequest.FactOneofCase.RecordLeaving or IngestFactsRequest.FactOneofCase.EndTreatment
            or IngestFactsRequest.FactOneofCase.RecordAssessment or IngestFactsRequest.FactOneofCase.RecordScale,
        _ => false,
    };

    /// <summary>Says whether a session may start at all: the last one holds.</summary>
    public static bool IsConsultation(PushChangesRequest change) => change.Fact?.FactCase == IngestFactsRequest.FactOneofCase.RecordConsultation;

    /// <summary>The word for people: <c>record_vitals</c>.</summary>
    public static string NameOf(PushChangesRequest change) => change.ChangeCase switch
    {
        PushChangesRequest.ChangeOneofCase.None => "",
        PushChangesRequest.ChangeOneofCase.Fact => CaseOf(change.Fact, "fact")?.Name ?? "",
        _ => CaseOf(change, "change")!.Name,
    };

    private static FieldDescriptor? TimeField(IMessage content) => content.Descriptor.FindFieldByName("occurred_at");

    private static IMessage? OneOf(IMessage message, string oneof) => CaseOf(message, oneof)?.Accessor.GetValue(message) as IMessage;

    private static FieldDescriptor? CaseOf(IMessage message, string oneof) =>
        message.Descriptor.Oneofs.Single(o => o.Name == oneof).Accessor.GetCaseFieldDescriptor(message);
}
