using System.Globalization;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Grpc.Core;
using Effect = ClinicNetwork.Domain.Patients.SideEffectKind;
using Severity = ClinicNetwork.Domain.Patients.SideEffectSeverity;
using WhyMissed = ClinicNetwork.Domain.Patients.VisitReason;

namespace ClinicNetwork.Gateway.Care;

/// <summary>care.v1 PatientVoiceService: reads the message, asks the grain, writes the answer.</summary>
public sealed class PatientVoiceGatewayService(IGrainFactory grains, SignedTokens tokens) : PatientVoiceService.PatientVoiceServiceBase
{
    private const int PageUsual = 50;
    private const int PageMax = 100;

    public override async Task<WriteJournalEntryResponse> WriteJournalEntry(WriteJournalEntryRequest request, ServerCallContext context)
    {
        var command = new WriteJournalEntry(
            request.Day.Length == 0 ? null : Fields.Day(request.Day, "day"),
            request.Text,
            request.HasMood ? request.Mood : null,
            request.HasSleepHours ? Fields.Finite(request.SleepHours, "sleep_hours") : null,
            [.. request.Tags],
            request.Private,
            Fields.Instant(request.OccurredAt, "occurred_at"));
        var (receipt, answer) = Receipts.Of(await Grain(request.Patient).WriteJournalEntry(command, Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt, Entry = answer.Number };
    }

    public override async Task<ListJournalResponse> ListJournal(ListJournalRequest request, ServerCallContext context)
    {
        var size = Fields.PageSize(request.PageSize, PageUsual, PageMax);
        var list = "journal/" + request.Parent;
        var from = Pages.From(tokens, list, request.PageToken) is { Length: > 0 } position ? int.Parse(position, CultureInfo.InvariantCulture) : 0;
        var reading = await Grain(request.Parent, "parent").Read(new ReadRequest(true, 0, Origins.SiteOf(context)), context.CancellationToken);
        SectionMessages.Require(reading, PlanSections.Journal, "parent");
        if (reading.InEmergency)
        {
            Entries.MarkEmergency(context);
        }

        var (state, _) = Receipts.Of(reading, "parent");
        var page = state.Voice.Journal.Where(e => e.Number > from).Take(size).ToArray();
        var response = new ListJournalResponse
        {
            NextPageToken = Pages.Next(tokens, list, page.Length == size, (page.LastOrDefault()?.Number ?? from).ToString(CultureInfo.InvariantCulture)),
        };
        response.Entries.AddRange(VoiceMessages.Shown(page, Caller.Of(context).Patient is not null));
        return response;
    }

    public override async Task<SetOwnGoalsResponse> SetOwnGoals(SetOwnGoalsRequest request, ServerCallContext context)
    {
        var command = new SetOwnGoals([.. request.Goals.Select(g => new StatedGoal(g.Text, g.PlanGoal == 0 ? null : g.PlanGoal))], Fields.Instant(request.OccurredAt, "occurred_at"));
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).SetOwnGoals(command, Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<RecordDiaryEffectResponse> RecordDiaryEffect(RecordDiaryEffectRequest request, ServerCallContext context)
    {
        var command = new RecordDiaryEffect(
            Fields.Enum<Effect>((int)request.Kind, "kind"),
            Fields.Enum<Severity>((int)request.Severity, "severity"),
            request.Note,
            Fields.Instant(request.OccurredAt, "occurred_at"),
            AtHome: false);
        var (receipt, answer) = Receipts.Of(await Grain(request.Patient).RecordDiaryEffect(command, Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt, DiaryEffect = answer.Number };
    }

    public override async Task<ResolveDiaryEffectResponse> ResolveDiaryEffect(ResolveDiaryEffectRequest request, ServerCallContext context)
    {
        var command = new ResolveDiaryEffect(request.DiaryEffect, Fields.Instant(request.OccurredAt, "occurred_at"));
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).ResolveDiaryEffect(command, Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<SetSupportContactsResponse> SetSupportContacts(SetSupportContactsRequest request, ServerCallContext context)
    {
        var command = new SetSupportContacts(
            [.. request.Contacts.Select(c => new Domain.Patients.SupportContact(c.Name, c.Relation, c.Phone, c.InEmergency, c.Agreed))],
            Fields.Instant(request.OccurredAt, "occurred_at"),
            AtHome: false);
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).SetSupportContacts(command, Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<ExplainVisitResponse> ExplainVisit(ExplainVisitRequest request, ServerCallContext context)
    {
        var command = new ExplainVisit(
            request.Rule,
            request.Occurrence,
            Fields.Enum<WhyMissed>((int)request.Reason, "reason"),
            request.Note,
            Fields.Instant(request.OccurredAt, "occurred_at"),
            AtHome: false);
        var (receipt, answer) = Receipts.Of(await Grain(request.Patient).ExplainVisit(command, Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt, Explanation = answer.Number };
    }

    private static CommandOrigin Origin(IMessage request, string requestId, ServerCallContext context) => Origins.Of(request, requestId, context);

    private IPatientGrain Grain(string name, string field = "patient") => grains.GetGrain<IPatientGrain>(Streams.Of(Fields.Patient(name, field)));
}
