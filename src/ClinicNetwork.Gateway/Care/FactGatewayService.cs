using ClinicNetwork.Domain;
using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Limits;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains.Identity;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace ClinicNetwork.Gateway.Care;

/// <summary>care.v1 FactService.</summary>
public sealed class FactGatewayService(
    FactCommands facts, FailureStatus failures, CallerSeal seal, AccessLog log, ClientRates rates, TimeProvider time, IHostApplicationLifetime lifetime)
    : FactService.FactServiceBase
{
    public override async Task IngestFacts(
        IAsyncStreamReader<IngestFactsRequest> requestStream, IServerStreamWriter<IngestFactsResponse> responseStream, ServerCallContext context)
    {
        var acting = Origins.ActingOf(context);
        var http = context.GetHttpContext();
        using var intake = new FactIntake(
            (item, stop) =>
            {
                // Anew for each item: a stream lasts longer than a seal.
                acting.Caller.Enter(seal, acting.Site);
                return FactItems.ExecuteAsync(facts, item, acting, stop);
            },
            (item, exception) => FactItems.Refused(item, Kept(item, failures.Of(exception, context.Method), context)),
            responseStream,
            context.CancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            while (await intake.RoomAsync(stop.Token) && await requestStream.MoveNext(stop.Token))
            {
                await rates.WaitAsync(http, stop.Token);
                if (!await intake.TakeAsync(requestStream.Current, stop.Token))
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Nothing more is taken; what is under way goes on to its result, unless the caller went away.
        }
        finally
        {
            await intake.EndAsync();
        }

        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new RefusedException(Refusal.Unavailable("SERVER_STOPPING", "The server stops; send what has no result again with the same ids."));
        }
    }

    /// <summary>A refused item is kept as a refused call is, but with the reads: its neighbours do not wait for it.</summary>
    private Google.Rpc.Status Kept(IngestFactsRequest item, Google.Rpc.Status status, ServerCallContext context) =>
        !Entries.IsRefusal((StatusCode)status.Code) || log.TryKeep(Entries.Of(context, item, Entries.OutcomeOf((StatusCode)status.Code, status), time))
            ? status
            : RefusalStatus.Of(AuditInterceptor.Full);
}
