using ClinicNetwork.Gateway.Care;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using ChangeCase = ClinicNetwork.Protocol.Sync.V1.PushChangesRequest.ChangeOneofCase;

namespace ClinicNetwork.Gateway.Sync;

/// <summary>One item of PushChanges as the unary command that it is, and its result.</summary>
internal sealed class PushItems(FactCommands facts, PlanCommands plans, ReportedSessions reports)
{
    private const string PatientService = "/clinicnetwork.care.v1.PatientService/";
    private const string PlanPushService = "/clinicnetwork.sync.v1.PlanPushService/";

    public async Task<PushChangesResponse> ExecuteAsync(PushChangesRequest item, Acting acting, CancellationToken stop)
    {
        var name = NameOf(item);
        switch (item.ChangeCase)
        {
            case ChangeCase.Fact:
                StreamItems.FillIn(item.Fact, name, item);
                return new() { Appended = new() { Fact = await FactItems.ExecuteAsync(facts, item.Fact, acting, stop) } };
            case ChangeCase.ReportSession:
                StreamItems.FillIn(item.ReportSession, name, item);
                ReportedSessions.FillIn(item.ReportSession);
                var report = StreamItems.OriginOf(item.ReportSession, name, PlanPushService, item, acting);
                return new() { Appended = new() { ReportSession = await reports.ReportAsync(item.ReportSession, report, stop) } };
            case ChangeCase.CompleteSession:
                var completion = StreamItems.OriginOf(item.CompleteSession, name, PatientService, item, acting);
                return new() { Appended = new() { CompleteSession = await facts.RecordAsync(item.CompleteSession, completion, stop) } };
            case ChangeCase.ProposeRevision:
                var proposal = StreamItems.OriginOf(item.ProposeRevision, name, PatientService, item, acting);
                return ResultOf(await plans.ProposeAsync(item.ProposeRevision, proposal, stop));
            case ChangeCase.ResolvePlanConflict:
                var resolution = StreamItems.OriginOf(item.ResolvePlanConflict, name, PatientService, item, acting);
                return new() { Resolved = await plans.ResolveAsync(item.ResolvePlanConflict, resolution, stop) };
            default:
                throw Fields.Invalid("CHANGE_MISSING", "change", "Give one of the documented changes.");
        }
    }

    /// <summary>From the unary rpc's field to the item's; a fact's is two steps down.</summary>
    public static string FieldOf(PushChangesRequest item, string field) =>
        item.ChangeCase == ChangeCase.None || field == "change" || field.StartsWith(NameOf(item) + ".", StringComparison.Ordinal) ? field
        : StreamItems.FromTheItemOn(NameOf(item), item.ChangeCase == ChangeCase.Fact ? FactItems.FieldOf(item.Fact, field) : field);

    private static PushChangesResponse ResultOf(ProposeRevisionResponse response) => response.Outcome switch
    {
        ProposalOutcome.Merged => new() { Merged = response },
        ProposalOutcome.Conflict => new() { Conflict = response },
        _ => new() { Accepted = response },
    };

    private static string NameOf(PushChangesRequest item) => PushChangesRequest.Descriptor.FindFieldByNumber((int)item.ChangeCase)?.Name ?? "";
}
