using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;

namespace ClinicNetwork.Gateway.Care;

/// <summary>care.v1 FactService.</summary>
public sealed class FactGatewayService(FactCommands facts, CommandStreams streams) : FactService.FactServiceBase
{
    public override Task IngestFacts(
        IAsyncStreamReader<IngestFactsRequest> requestStream, IServerStreamWriter<IngestFactsResponse> responseStream, ServerCallContext context) => streams.RunAsync(
            requestStream,
            responseStream,
            async (item, acting, stop) => new IngestFactsResponse { Accepted = await FactItems.ExecuteAsync(facts, item, acting, stop) },
            (item, status) => new() { Refused = StreamItems.Refused(status, field => FactItems.FieldOf(item, field)) },
            context);
}
