using ClinicNetwork.Domain;
using ClinicNetwork.Gateway.Care;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Protocol.Sync.V1;

namespace ClinicNetwork.Gateway.Sync;

/// <summary>Sessions that were started without the network, one implementation for the unary rpc and the stream.</summary>
public sealed class ReportedSessions(IGrainFactory grains, SignedTokens tokens)
{
    private static readonly string[] OwnFields = ["", "request_id", "patient", "session", "plan_etag", "emergency_reason"];

    /// <summary>The session's own id and patient are the request's: before the origin is made, so that whoever leaves them out sends the same.</summary>
    internal static void FillIn(ReportSessionRequest request)
    {
        if (request.Session is { } session)
        {
            StreamItems.FillIn(session, "session", request);
        }
    }

    public async Task<ReportSessionResponse> ReportAsync(ReportSessionRequest request, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IPatientGrain>(Streams.Of(Fields.Patient(request.Patient, "patient")));
        try
        {
            var command = ReportedSessionMessages.Of(request, request.PlanEtag.Length == 0 ? 0 : PlanEtag.Read(tokens, request.Patient, request.PlanEtag));
            var (receipt, answer) = Receipts.Of(await grain.ReportSession(command, origin, cancellationToken));
            return new() { Receipt = receipt, PlannedDoseMg = answer.PlannedDoseMg, OutsideGates = { answer.OutsideGates } };
        }
        catch (RefusedException refused) when (!OwnFields.Contains(refused.Refusal.Field))
        {
            throw new RefusedException(refused.Refusal with { Field = "session." + refused.Refusal.Field });
        }
    }
}
