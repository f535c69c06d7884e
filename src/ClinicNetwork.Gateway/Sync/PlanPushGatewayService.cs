using ClinicNetwork.Gateway.Care;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Protocol.Sync.V1;
using Grpc.Core;

namespace ClinicNetwork.Gateway.Sync;

/// <summary>sync.v1 PlanPushService: what a site recorded and decided while it was cut off.</summary>
public sealed class PlanPushGatewayService(FactCommands facts, PlanCommands plans, ReportedSessions reports, CommandStreams streams) : PlanPushService.PlanPushServiceBase
{
    private readonly PushItems _items = new(facts, plans, reports);

    public override Task PushChanges(IAsyncStreamReader<PushChangesRequest> requestStream, IServerStreamWriter<PushChangesResponse> responseStream, ServerCallContext context) =>
        streams.RunAsync(
            requestStream,
            responseStream,
            _items.ExecuteAsync,
            (item, status) => new() { Refused = StreamItems.Refused(status, field => PushItems.FieldOf(item, field)) },
            context);

    public override Task<ReportSessionResponse> ReportSession(ReportSessionRequest request, ServerCallContext context)
    {
        ReportedSessions.FillIn(request);
        return reports.ReportAsync(request, Origins.Of(request, request.RequestId, context), context.CancellationToken);
    }
}
