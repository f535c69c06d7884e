using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Journal;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace ClinicNetwork.Gateway.Care;

/// <summary>care.v1 RecordService: the patient as it stands, and the commands that made it.</summary>
public sealed class RecordGatewayService(IGrainFactory grains, IStoreClock clock, SignedTokens tokens, IHostApplicationLifetime lifetime) : RecordService.RecordServiceBase
{
    /// <summary>In one grain call and one message; a command records at most some KiB.</summary>
    private const int CommandsPerPage = 100;

    public override async Task ExportPatient(ExportPatientRequest request, IServerStreamWriter<ExportPatientResponse> responseStream, ServerCallContext context)
    {
        if (request.AfterVersion < 0)
        {
            throw Fields.Invalid("VERSION_INVALID", "after_version", "Give 0 or more.");
        }

        var grain = grains.GetGrain<IPatientGrain>(Streams.Of(Fields.Patient(request.Name, "name")));
        var read = new ReadRequest(true, 0, Origins.SiteOf(context));

        // Before the patient itself: whoever may not take it out is refused here.
        var page = await PageAsync(request.AfterVersion);
        if (request.AfterVersion == 0)
        {
            var (state, revision) = Receipts.Of(await grain.Read(read, context.CancellationToken), "name");
            await responseStream.WriteAsync(new() { Record = PatientMessages.WholeOf(state, revision, Caller.Of(context).Patient is not null, clock.Now, tokens) }, context.CancellationToken);
        }

        for (; page.Commands.Count > 0; page = await PageAsync(page.Commands[^1].Entry.Version))
        {
            await responseStream.WriteAsync(new() { Commands = new() { Commands = { page.Commands.Select(Of) } } }, context.CancellationToken);
            if (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                throw new RefusedException(Domain.Refusal.Unavailable("SERVER_STOPPING", "The server stops; go on after the last version that you have."));
            }
        }

        async Task<RecordPage> PageAsync(long after) => Receipts.Of(await grain.ReadRecord(read, after, CommandsPerPage, context.CancellationToken), "name").State;
    }

    private static Protocol.Care.V1.RecordedCommand Of(Grains.Patients.RecordedCommand command)
    {
        var entry = command.Entry;
        var message = new Protocol.Care.V1.RecordedCommand
        {
            Version = entry.Version,
            Command = entry.Command,
            Actor = entry.Actor,
            Site = entry.Site.Length == 0 ? "" : new Domain.Identity.ClinicId(entry.Site).Name,
            RecordedAt = entry.RecordedAt.ToTimestamp(),
        };
        message.Events.AddRange(entry.Events.Zip(command.Contents, (kind, content) => new RecordedEvent { Kind = kind, Content = content }));
        return message;
    }
}
