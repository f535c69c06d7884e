using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Gateway.Care;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClinicNetwork.Gateway.Sync;

/// <summary>sync.v1 DosingService: which clinic may dose while it is cut off.</summary>
public sealed class DosingGatewayService(IGrainFactory grains) : DosingService.DosingServiceBase
{
    public override async Task<TakeDosingResponse> TakeDosing(TakeDosingRequest request, ServerCallContext context)
    {
        var (receipt, answer) = Receipts.Of(await Grain(request.Patient).TakeDosing(new(), Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt, Dosing = Of(answer.Right) };
    }

    public override async Task<PassDosingResponse> PassDosing(PassDosingRequest request, ServerCallContext context)
    {
        var (receipt, answer) = Receipts.Of(await Grain(request.Patient).PassDosing(
            new(Fields.Clinic(request.ToSite, "to_site")), Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt, Dosing = Of(answer.Right) };
    }

    public override async Task<EndDosingResponse> EndDosing(EndDosingRequest request, ServerCallContext context)
    {
        var (receipt, _) = Receipts.Of(await Grain(request.Patient).EndDosing(new(), Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<GetDosingResponse> GetDosing(GetDosingRequest request, ServerCallContext context)
    {
        var reading = await Grain(request.Patient).ReadDosing(new(true, 0, Origins.SiteOf(context)), context.CancellationToken);
        var (dosing, _) = Receipts.Of(reading, "patient");
        if (reading.InEmergency)
        {
            Entries.MarkEmergency(context);
        }

        return new() { Dosing = dosing.Right is { } right ? Of(right) : new() };
    }

    private static Dosing Of(DosingRight right) => new() { Site = right.Site.Name, TakenAt = right.TakenAt.ToTimestamp(), ExpiresAt = right.ExpiresAt.ToTimestamp() };

    private IPatientGrain Grain(string patient) => grains.GetGrain<IPatientGrain>(Streams.Of(Fields.Patient(patient, "patient")));
}
