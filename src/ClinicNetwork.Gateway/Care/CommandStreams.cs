using ClinicNetwork.Domain;
using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Limits;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains.Identity;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace ClinicNetwork.Gateway.Care;

/// <summary>Runs a stream of commands: as many under way as <see cref="StreamIntake{TItem, TResult}"/> allows, at the client's rate, until the caller or the server ends it.</summary>
public sealed class CommandStreams(FailureStatus failures, CallerSeal seal, AccessLog log, ClientRates rates, TimeProvider time, IHostApplicationLifetime lifetime)
{
    internal async Task RunAsync<TItem, TResult>(
        IAsyncStreamReader<TItem> items,
        IServerStreamWriter<TResult> results,
        Func<TItem, Acting, CancellationToken, Task<TResult>> execute,
        Func<TItem, Google.Rpc.Status, TResult> refused,
        ServerCallContext context)
        where TItem : class, IMessage, IStreamItem
        where TResult : class, IStreamResult
    {
        var acting = Origins.ActingOf(context);
        var http = context.GetHttpContext();
        using var intake = new StreamIntake<TItem, TResult>(
            (item, stop) =>
            {
                // Anew for each item: a stream lasts longer than a seal.
                acting.Caller.Enter(seal, acting.Site);
                return execute(item, acting, stop);
            },
            (item, exception) => refused(item, Kept(item, failures.Of(exception, context.Method), context)),
            results,
            context.CancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            while (await intake.RoomAsync(stop.Token) && await items.MoveNext(stop.Token))
            {
                await rates.WaitAsync(http, stop.Token);
                if (!await intake.TakeAsync(items.Current, stop.Token))
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
    private Google.Rpc.Status Kept(IMessage item, Google.Rpc.Status status, ServerCallContext context) =>
        !Entries.IsRefusal((StatusCode)status.Code) || log.TryKeep(Entries.Of(context, item, Entries.OutcomeOf((StatusCode)status.Code, status), time))
            ? status
            : RefusalStatus.Of(AuditInterceptor.Full);
}
