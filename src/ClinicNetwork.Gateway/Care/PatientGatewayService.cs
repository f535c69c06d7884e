using System.Globalization;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Eligibility;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Journal;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using PlanSections = ClinicNetwork.Domain.Patients.PlanSections;

namespace ClinicNetwork.Gateway.Care;

/// <summary>care.v1 PatientService: reads the message, asks the grain, writes the answer.</summary>
public sealed class PatientGatewayService(IGrainFactory grains, FactCommands facts, PlanCommands plans, IStoreClock clock, SignedTokens tokens) : PatientService.PatientServiceBase
{
    private const string PlanSuffix = "/plan";
    private const int HistoryPageUsual = 100;
    private const int HistoryPageMax = 500;

    public override async Task<EnrolPatientResponse> EnrolPatient(EnrolPatientRequest request, ServerCallContext context)
    {
        var command = PatientCommands.Of(request);
        var grain = grains.GetGrain<IPatientGrain>(Streams.Of(command.Patient));
#if FAULTS
        if (Journal.Faults.Has("LogsIdentifiers"))
        {
            Console.Error.WriteLine($"enrols {request.GivenName}");
        }
#endif
        var (receipt, _) = Receipts.Of(await grain.Enrol(command, Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override Task<RecordConsultationResponse> RecordConsultation(RecordConsultationRequest request, ServerCallContext context) =>
        facts.RecordAsync(request, Origin(request, request.RequestId, context), context.CancellationToken);

    public override async Task<CreatePlanResponse> CreatePlan(CreatePlanRequest request, ServerCallContext context)
    {
        var (receipt, answer) = Receipts.Of(await Grain(request.Patient).CreatePlan(
            PatientCommands.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt, Plan = PatientMessages.Of(request.Patient, answer.Plan, tokens) };
    }

    public override async Task<RevisePlanResponse> RevisePlan(RevisePlanRequest request, ServerCallContext context)
    {
        var grain = Grain(request.Patient);
        var command = PatientCommands.Of(request, PlanEtag.Read(tokens, request.Patient, request.Etag));
        var (receipt, answer) = Receipts.Of(await grain.RevisePlan(command, Origin(request, request.RequestId, context), context.CancellationToken));
        var plan = PatientMessages.Of(request.Patient, answer.Plan, tokens);
        return new() { Receipt = receipt, Plan = SectionMessages.Told(plan, answer.Readable == PlanSections.None ? PlanSections.All : answer.Readable) };
    }

    public override Task<ProposeRevisionResponse> ProposeRevision(ProposeRevisionRequest request, ServerCallContext context) =>
        plans.ProposeAsync(request, Origin(request, request.RequestId, context), context.CancellationToken);

    public override Task<ResolvePlanConflictResponse> ResolvePlanConflict(ResolvePlanConflictRequest request, ServerCallContext context) =>
        plans.ResolveAsync(request, Origin(request, request.RequestId, context), context.CancellationToken);

    public override async Task<SetSharingResponse> SetSharing(SetSharingRequest request, ServerCallContext context)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).SetSharing(
            SectionMessages.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<SetResearchConsentResponse> SetResearchConsent(SetResearchConsentRequest request, ServerCallContext context)
    {
        var (receipt, answer) = Receipts.Of(await Grain(request.Patient).SetResearchConsent(
            PatientCommands.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt, Permitted = answer.Permission is { } permission ? PatientMessages.PermittedOf(permission, answer.Until) : null };
    }

    public override async Task<StartSessionResponse> StartSession(StartSessionRequest request, ServerCallContext context)
    {
        var (receipt, answer) = Receipts.Of(await Grain(request.Patient).StartSession(
            PatientCommands.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt, PlannedDoseMg = answer.PlannedDoseMg };
    }

    public override Task<RecordDoseResponse> RecordDose(RecordDoseRequest request, ServerCallContext context) =>
        facts.RecordAsync(request, Origin(request, request.RequestId, context), context.CancellationToken);

    public override Task<RecordSideEffectResponse> RecordSideEffect(RecordSideEffectRequest request, ServerCallContext context) =>
        facts.RecordAsync(request, Origin(request, request.RequestId, context), context.CancellationToken);

    public override Task<RecordVitalsResponse> RecordVitals(RecordVitalsRequest request, ServerCallContext context) =>
        facts.RecordAsync(request, Origin(request, request.RequestId, context), context.CancellationToken);

    public override Task<ResolveSideEffectResponse> ResolveSideEffect(ResolveSideEffectRequest request, ServerCallContext context) =>
        facts.RecordAsync(request, Origin(request, request.RequestId, context), context.CancellationToken);

    public override Task<RecordLeavingResponse> RecordLeaving(RecordLeavingRequest request, ServerCallContext context) =>
        facts.RecordAsync(request, Origin(request, request.RequestId, context), context.CancellationToken);

    public override Task<CompleteSessionResponse> CompleteSession(CompleteSessionRequest request, ServerCallContext context) =>
        facts.RecordAsync(request, Origin(request, request.RequestId, context), context.CancellationToken);

    public override Task<RecordAssessmentResponse> RecordAssessment(RecordAssessmentRequest request, ServerCallContext context) =>
        facts.RecordAsync(request, Origin(request, request.RequestId, context), context.CancellationToken);

    public override Task<RecordScaleResponse> RecordScale(RecordScaleRequest request, ServerCallContext context) =>
        facts.RecordAsync(request, Origin(request, request.RequestId, context), context.CancellationToken);

    public override Task<RecordSafetyCheckResponse> RecordSafetyCheck(RecordSafetyCheckRequest request, ServerCallContext context) =>
        facts.RecordAsync(request, Origin(request, request.RequestId, context), context.CancellationToken);

    public override Task<RecordMissedVisitResponse> RecordMissedVisit(RecordMissedVisitRequest request, ServerCallContext context) =>
        facts.RecordAsync(request, Origin(request, request.RequestId, context), context.CancellationToken);

    public override async Task<RecordRequestForDoseResponse> RecordRequestForDose(RecordRequestForDoseRequest request, ServerCallContext context)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).RecordRequestForDose(
            PatientCommands.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<RescheduleVisitResponse> RescheduleVisit(RescheduleVisitRequest request, ServerCallContext context)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).RescheduleVisit(
            PatientCommands.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override Task<EndTreatmentResponse> EndTreatment(EndTreatmentRequest request, ServerCallContext context) =>
        facts.RecordAsync(request, Origin(request, request.RequestId, context), context.CancellationToken);

    public override async Task<RecordDeathResponse> RecordDeath(RecordDeathRequest request, ServerCallContext context)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).RecordDeath(
            CourseMessages.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<RecordContactResponse> RecordContact(RecordContactRequest request, ServerCallContext context)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).RecordContact(
            CourseMessages.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<DeclareLostResponse> DeclareLost(DeclareLostRequest request, ServerCallContext context)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).DeclareLost(
            CourseMessages.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<RecordPregnancyResponse> RecordPregnancy(RecordPregnancyRequest request, ServerCallContext context)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).RecordPregnancy(
            CourseMessages.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<BreakGlassResponse> BreakGlass(BreakGlassRequest request, ServerCallContext context)
    {
        var (receipt, answer) = Receipts.Of(await Grain(request.Patient).BreakGlass(
            PatientCommands.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt, EmergencyAccess = answer.Number, Until = answer.Until.ToTimestamp() };
    }

    public override async Task<ReviewEmergencyAccessResponse> ReviewEmergencyAccess(ReviewEmergencyAccessRequest request, ServerCallContext context)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).ReviewEmergencyAccess(
            PatientCommands.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<AcknowledgeAlertResponse> AcknowledgeAlert(AcknowledgeAlertRequest request, ServerCallContext context)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).AcknowledgeAlert(
            PatientCommands.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<RecordRemsEnrolmentResponse> RecordRemsEnrolment(RecordRemsEnrolmentRequest request, ServerCallContext context)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).RecordRemsEnrolment(
            RemsMessages.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<RecordRemsDetailsResponse> RecordRemsDetails(RecordRemsDetailsRequest request, ServerCallContext context)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).RecordRemsDetails(
            RemsMessages.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<RecordRemsSubmissionResponse> RecordRemsSubmission(RecordRemsSubmissionRequest request, ServerCallContext context)
    {
        var (receipt, answer) = Receipts.Of(await Grain(request.Patient).RecordRemsSubmission(
            RemsMessages.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt, FormVersion = answer.FormVersion, Missing = answer.Missing, Late = answer.Late };
    }

    public override async Task<RecordSeriousEventResponse> RecordSeriousEvent(RecordSeriousEventRequest request, ServerCallContext context)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).RecordSeriousEvent(
            RemsMessages.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<GetRemsFormResponse> GetRemsForm(GetRemsFormRequest request, ServerCallContext context)
    {
        var grain = Grain(request.Name, "name");
        var session = new SessionId(Fields.Id(request.SessionId, "session_id"));
        var reading = await grain.Read(Origins.ReadOf(request.Read, context), context.CancellationToken);
        SectionMessages.Require(reading, PlanSections.Medication | PlanSections.Sessions, "name");
        var (state, revision) = Answer(reading, "name", context);
        var response = RemsMessages.FormOf(state, session, clock.Now);
        response.Revision = revision;
        return response;
    }

    public override async Task<RecordSupportSessionResponse> RecordSupportSession(RecordSupportSessionRequest request, ServerCallContext context)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).RecordSupportSession(
            AdviceMessages.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<RecordAdviceDecisionResponse> RecordAdviceDecision(RecordAdviceDecisionRequest request, ServerCallContext context)
    {
        var (receipt, answer) = Receipts.Of(await Grain(request.Patient).RecordAdviceDecision(
            AdviceMessages.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt, Decision = answer.Number };
    }

    public override async Task<GetAdviceResponse> GetAdvice(GetAdviceRequest request, ServerCallContext context)
    {
        var reading = await Grain(request.Name, "name").Read(Origins.ReadOf(request.Read, context), context.CancellationToken);
        SectionMessages.Require(reading, PlanSections.All, "name");
        var (state, revision) = Answer(reading, "name", context);
        return AdviceMessages.Of(state, revision, clock.Now);
    }

    public override async Task<MarkEnteredInErrorResponse> MarkEnteredInError(MarkEnteredInErrorRequest request, ServerCallContext context)
    {
        var (receipt, answer) = Receipts.Of(await Grain(request.Patient).MarkEnteredInError(
            AmendmentMessages.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt, Amendment = AmendmentMessages.Of(request.Patient, answer) };
    }

    public override async Task<AmendFactResponse> AmendFact(AmendFactRequest request, ServerCallContext context)
    {
        var (receipt, answer) = Receipts.Of(await Grain(request.Patient).AmendFact(
            AmendmentMessages.Of(request), Origin(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt, Amendment = AmendmentMessages.Of(request.Patient, answer) };
    }

    public override async Task<GetPatientResponse> GetPatient(GetPatientRequest request, ServerCallContext context)
    {
        var reading = await Grain(request.Name, "name").Read(Origins.ReadOf(request.Read, context), context.CancellationToken);
        var (state, revision) = Answer(reading, "name", context);
        return SectionMessages.Told(
            PatientMessages.WholeOf(state, revision, Caller.Of(context).Patient is not null, clock.Now, tokens), reading.Readable, Origins.SiteOf(context)?.Name);
    }

    public override async Task<GetEligibilityResponse> GetEligibility(GetEligibilityRequest request, ServerCallContext context)
    {
        var id = Fields.Protocol(request.Protocol, "protocol");
        var grain = Grain(request.Name, "name");
        var protocol = ProtocolCatalogue.Find(id, request.ProtocolVersion == 0 ? 1 : request.ProtocolVersion)
            ?? throw Fields.Invalid("PROTOCOL_UNKNOWN", ProtocolCatalogue.Find(id) is null ? "protocol" : "protocol_version", "List the protocols and name one of them, in a version that is there.");
        var reading = await grain.Read(Origins.ReadOf(request.Read, context), context.CancellationToken);
        SectionMessages.Require(reading, PlanSections.All, "name");
        var (state, revision) = Answer(reading, "name", context);
        return EligibilityMessages.Of(EligibilityJudging.Judge(state, protocol, clock.Now), revision);
    }

    public override async Task<GetPlanResponse> GetPlan(GetPlanRequest request, ServerCallContext context)
    {
        var patient = request.Name.EndsWith(PlanSuffix, StringComparison.Ordinal)
            ? request.Name[..^PlanSuffix.Length]
            : throw Fields.Invalid("NAME_INVALID", "name", "Give patients/{patient}/plan.");
        var reading = await Grain(patient, "name").ReadPlan(Origins.ReadOf(request.Read, context), context.CancellationToken);
        var (found, revision) = Answer(reading, "name", context);
        var response = new GetPlanResponse { Plan = SectionMessages.Told(PatientMessages.Of(found.Patient.Name, found.Plan, tokens), reading), Revision = revision };
        if (reading.Readable == PlanSections.All)
        {
            response.OpenConflicts.AddRange((found.OpenConflicts ?? []).Select(c => PlanConflictMessages.Of(found.Patient.Name, c)));
        }

        return response;
    }

    public override async Task<ListHistoryResponse> ListHistory(ListHistoryRequest request, ServerCallContext context)
    {
        var size = Fields.PageSize(request.PageSize, HistoryPageUsual, HistoryPageMax);
        var list = "history/" + request.Parent;
        var from = Pages.From(tokens, list, request.PageToken) is { Length: > 0 } position ? long.Parse(position, CultureInfo.InvariantCulture) : 0;
        var (history, _) = Answer(await Grain(request.Parent, "parent").ReadHistory(
            new ReadRequest(true, 0, Origins.SiteOf(context)), from, size, context.CancellationToken), "parent", context);
        var response = new ListHistoryResponse
        {
            NextPageToken = Pages.Next(tokens, list, history.Entries.Count == size, (from + history.Entries.Count).ToString(CultureInfo.InvariantCulture)),
        };
        response.Entries.AddRange(history.Entries.Select(Of));
        return response;
    }

    /// <summary>What only emergency access permitted is marked in the audit, also when there was nothing to be read.</summary>
    private static (TState State, Revision Revision) Answer<TState>(Reading<TState> reading, string field, ServerCallContext context)
        where TState : class
    {
        if (reading.InEmergency)
        {
            Entries.MarkEmergency(context);
        }

        return Receipts.Of(reading, field);
    }

    private static Protocol.Care.V1.HistoryEntry Of(Grains.HistoryEntry entry)
    {
        var message = new Protocol.Care.V1.HistoryEntry
        {
            Version = entry.Version,
            RequestId = entry.RequestId,
            Command = entry.Command,
            Actor = entry.Actor,
            Site = entry.Site.Length == 0 ? "" : new Domain.Identity.ClinicId(entry.Site).Name,
            RecordedAt = entry.RecordedAt.ToTimestamp(),
        };
        message.Events.AddRange(entry.Events);
        return message;
    }

    private static CommandOrigin Origin(IMessage request, string requestId, ServerCallContext context) => Origins.Of(request, requestId, context);

    private IPatientGrain Grain(string name, string field = "patient") => grains.GetGrain<IPatientGrain>(Streams.Of(Fields.Patient(name, field)));
}
