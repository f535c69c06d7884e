using ClinicNetwork.Domain;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>The commands about a plan that a site may have made without the network, one implementation for the unary rpcs and the stream.</summary>
public sealed class PlanCommands(IGrainFactory grains, SignedTokens tokens)
{
    public async Task<ProposeRevisionResponse> ProposeAsync(ProposeRevisionRequest request, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var grain = Grain(request.Patient);
        var command = PlanConflictCommands.Of(request, PlanEtag.Read(tokens, request.Patient, request.Etag));
        var (receipt, answer) = Receipts.Of(await grain.ProposeRevision(command, origin, cancellationToken));
        return new()
        {
            Receipt = receipt,
            Outcome = (ProposalOutcome)answer.Outcome,
            Plan = PatientMessages.Of(request.Patient, answer.Plan, tokens),
            Conflict = answer.Conflict is { } conflict ? PlanConflictMessages.Of(request.Patient, conflict) : null,
        };
    }

    public async Task<ResolvePlanConflictResponse> ResolveAsync(ResolvePlanConflictRequest request, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var grain = Grain(request.Patient);
        var command = PlanConflictCommands.Of(request, PlanEtag.Read(tokens, request.Patient, request.Etag));
        var (receipt, answer) = Receipts.Of(await grain.ResolvePlanConflict(command, origin, cancellationToken));
        return new() { Receipt = receipt, Plan = PatientMessages.Of(request.Patient, answer.Plan, tokens) };
    }

    private IPatientGrain Grain(string name) => grains.GetGrain<IPatientGrain>(Streams.Of(Fields.Patient(name, "patient")));
}
