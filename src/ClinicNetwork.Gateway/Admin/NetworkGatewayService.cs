using System.Reflection;
using ClinicNetwork.Domain;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Protocol.Admin.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClinicNetwork.Gateway.Admin;

/// <summary>admin.v1 NetworkService.</summary>
public sealed class NetworkGatewayService(IStoreClock clock, StatusCounts counts, ClockStepper stepper, StoreIdentity store, PublicationAlert publications) : NetworkService.NetworkServiceBase
{
    /// <summary>Furthest one call may move a manual clock, days.</summary>
    private const int AdvanceDaysMax = 400;

    private static readonly string Version =
        typeof(NetworkGatewayService).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public override async Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context)
    {
        var (now, read) = await counts.ReadAsync(context.CancellationToken);
        return new()
        {
            ProductVersion = Version,
            Incarnation = store.Incarnation,
            SchemaVersion = store.SchemaVersion,
            ClockKind = clock.IsManual ? ClockKind.Manual : ClockKind.System,
            StoreTime = now.ToTimestamp(),
            Commands = read.Commands,
            Patients = read.Patients,
            Clinics = read.Clinics,
            Overdue = read.Overdue,
            PublicationBlockedSince = (await publications.ReadBlockedSinceAsync(context.CancellationToken))?.ToTimestamp(),
        };
    }

    public override async Task<AdvanceClockResponse> AdvanceClock(AdvanceClockRequest request, ServerCallContext context)
    {
        _ = Origins.Of(request, request.RequestId, context);
        var to = Fields.Instant(request.To, "to");
        if (!clock.IsManual)
        {
            throw new RefusedException(Refusal.Precondition("CLOCK_NOT_MANUAL", "to", "Only a test store's clock can be moved; start the server with --clock manual on a new folder."));
        }

        if (to > clock.Now.AddDays(AdvanceDaysMax))
        {
            throw Fields.Invalid("STEP_TOO_LONG", "to", $"Move the clock by at most {AdvanceDaysMax} days a call.");
        }

        try
        {
            var run = await stepper.AdvanceAsync(to, context.CancellationToken);
            return new() { StoreTime = clock.Now.ToTimestamp(), DueRun = run };
        }
        catch (DueFailedException)
        {
            throw new RefusedException(Refusal.Unavailable("DUE_FAILED", "Something due could not be done; the clock stands at its time. An operator finds the cause in the server's log."));
        }
    }
}
