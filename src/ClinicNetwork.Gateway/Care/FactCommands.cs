using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>The commands that are facts, one implementation for the unary rpcs and the stream: reads the message, asks the grain, writes the answer.</summary>
public sealed class FactCommands(IGrainFactory grains)
{
    public async Task<RecordConsultationResponse> RecordAsync(RecordConsultationRequest request, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var (receipt, answer) = Receipts.Of(await Grain(request.Patient).RecordConsultation(PatientCommands.Of(request), origin, cancellationToken));
        return new()
        {
            Receipt = receipt,
            InadequateResponses = answer.InadequateResponses,
            PresentEpisodeFailures = answer.InPresentEpisode,
            PresentEpisodeFailuresMax = answer.InPresentEpisodeAtMost,
        };
    }

    public async Task<RecordDoseResponse> RecordAsync(RecordDoseRequest request, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var (receipt, answer) = Receipts.Of(await Grain(request.Patient).RecordDose(PatientCommands.Of(request), origin, cancellationToken));
        return new() { Receipt = receipt, OutsidePlan = answer.OutsidePlan };
    }

    public async Task<RecordSideEffectResponse> RecordAsync(RecordSideEffectRequest request, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).RecordSideEffect(PatientCommands.Of(request), origin, cancellationToken));
        return new() { Receipt = receipt };
    }

    public async Task<CompleteSessionResponse> RecordAsync(CompleteSessionRequest request, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).CompleteSession(PatientCommands.Of(request), origin, cancellationToken));
        return new() { Receipt = receipt };
    }

    public async Task<RecordAssessmentResponse> RecordAsync(RecordAssessmentRequest request, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var (receipt, answer) = Receipts.Of(await Grain(request.Patient).RecordAssessment(PatientCommands.Of(request), origin, cancellationToken));
        return new()
        {
            Receipt = receipt,
            Total = answer.Total,
            Severity = Phq9.Name(answer.Severity),
            SuicideRiskScreenDue = answer.RiskScreenDue,
        };
    }

    public async Task<RecordScaleResponse> RecordAsync(RecordScaleRequest request, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var (receipt, answer) = Receipts.Of(await Grain(request.Patient).RecordScale(PatientCommands.Of(request), origin, cancellationToken));
        return ScaleMessages.Of(receipt, answer);
    }

    public async Task<RecordSafetyCheckResponse> RecordAsync(RecordSafetyCheckRequest request, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var (receipt, answer) = Receipts.Of(await Grain(request.Patient).RecordSafetyCheck(SafetyMessages.Of(request), origin, cancellationToken));
        return new() { Receipt = receipt, Finding = (SafetyFinding)answer.Finding, AsksFor = answer.AsksFor, Rule = answer.Rule };
    }

    public async Task<RecordMissedVisitResponse> RecordAsync(RecordMissedVisitRequest request, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).RecordMissedVisit(PatientCommands.Of(request), origin, cancellationToken));
        return new() { Receipt = receipt };
    }

    public async Task<EndTreatmentResponse> RecordAsync(EndTreatmentRequest request, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).EndTreatment(PatientCommands.Of(request), origin, cancellationToken));
        return new() { Receipt = receipt };
    }

    public async Task<RecordVitalsResponse> RecordAsync(RecordVitalsRequest request, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var (receipt, answer) = Receipts.Of(await Grain(request.Patient).RecordVitals(PatientCommands.Of(request), origin, cancellationToken));
        return new() { Receipt = receipt, Stage = (SessionStage)answer.Stage, DueMinute = answer.DueMinute ?? 0 };
    }

    public async Task<ResolveSideEffectResponse> RecordAsync(ResolveSideEffectRequest request, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).ResolveSideEffect(PatientCommands.Of(request), origin, cancellationToken));
        return new() { Receipt = receipt };
    }

    public async Task<RecordLeavingResponse> RecordAsync(RecordLeavingRequest request, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).RecordLeaving(PatientCommands.Of(request), origin, cancellationToken));
        return new() { Receipt = receipt };
    }

    private IPatientGrain Grain(string name) => grains.GetGrain<IPatientGrain>(Streams.Of(Fields.Patient(name, "patient")));
}
