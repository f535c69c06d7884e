using System.Globalization;
using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Journal;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Dismissal = ClinicNetwork.Protocol.Care.V1.DoubleDismissal;
using Reason = ClinicNetwork.Protocol.Care.V1.DoubleReason;
using Record = ClinicNetwork.Protocol.Care.V1.DoubledRecord;

namespace ClinicNetwork.Gateway.Care;

/// <summary>care.v1 PatientMatchService: records that look like one person's. A clinic is told of its own, and of the other that it is there.</summary>
public sealed class PatientMatchGatewayService(IGrainFactory grains, IDoubles doubles, IKeyring keys, SignedTokens tokens) : PatientMatchService.PatientMatchServiceBase
{
    private const int PageUsual = 50;
    private const int PageMax = 100;

    public override async Task<ListProbableDoublesResponse> ListProbableDoubles(ListProbableDoublesRequest request, ServerCallContext context)
    {
        var (size, site) = (Fields.PageSize(request.PageSize, PageUsual, PageMax), Origins.SiteOf(context));
        if (request.Parent.Length > 0 || site is not null)
        {
            Fields.Clinic(request.Parent, "parent");
            Origins.RefuseOtherSite(request.Parent, "parent", context);
        }

        if (site is { } clinic && keys.LossOf(clinic.Name) is not null)
        {
            throw new RefusedException(ClinicState.RefuseKeyDestroyed("parent"));
        }

        var list = $"doubles/{request.Dismissed}/{request.Parent}";
        var rows = await doubles.ReadAsync(
            request.Parent.Length > 0 ? request.Parent : null, request.Dismissed, PositionOf(Pages.From(tokens, list, request.PageToken)), size, context.CancellationToken);
        var response = new ListProbableDoublesResponse { NextPageToken = Pages.Next(tokens, list, rows.Count == size, rows.Count == 0 ? "" : PositionOf(rows[^1])) };
        foreach (var row in rows)
        {
            response.Doubles.Add(await ToldAsync(row, site, context.CancellationToken));
        }

        return response;
    }

    public override async Task<DismissDoubleResponse> DismissDouble(DismissDoubleRequest request, ServerCallContext context)
    {
        var command = new DismissDouble(Fields.Double(request.Double, "double"), request.Reason);
        var (receipt, _) = Receipts.Of(await grains.GetGrain<IPatientGrain>(Streams.Of(Fields.Patient(request.Patient, "patient"))).DismissDouble(
            command, Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    public override async Task<ReopenDoubleResponse> ReopenDouble(ReopenDoubleRequest request, ServerCallContext context)
    {
        var command = new ReopenDouble(Fields.Double(request.Double, "double"), request.Reason);
        var (receipt, _) = Receipts.Of(await grains.GetGrain<IPatientGrain>(Streams.Of(Fields.Patient(request.Patient, "patient"))).ReopenDouble(
            command, Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt };
    }

    private async Task<ProbableDouble> ToldAsync(DoubleRow row, ClinicId? site, CancellationToken cancellationToken)
    {
        var (one, other) = IsTold(row.One, site) ? (row.One, row.Other) : (row.Other, row.One);
        var told = new ProbableDouble
        {
            Name = new DoubleId(row.Name).Name,
            One = Of(one, site),
            Other = Of(other, site),
            Reason = (Reason)row.Reason,
            FoundAt = row.FoundAt.ToTimestamp(),
        };
        if (row.Dismissal is { } dismissal)
        {
            told.Dismissal = new() { DismissedAt = dismissal.At.ToTimestamp(), Site = dismissal.Site.Length > 0 ? new ClinicId(dismissal.Site).Name : "" };
            if (IsTold(dismissal.Stream == row.One.Stream ? row.One : row.Other, site))
            {
                await TellAsync(told.Dismissal, row.Name, dismissal, site, cancellationToken);
            }
        }

        return told;
    }

    private async Task TellAsync(Dismissal told, string name, Journal.DoubleDismissal dismissal, ClinicId? site, CancellationToken cancellationToken)
    {
        var reading = await grains.GetGrain<IPatientGrain>(dismissal.Stream).ReadDismissedDoubles(new(true, 0, site), cancellationToken);
        told.Actor = dismissal.Actor;

        // None: erased, or gone to another clinic, since the list was read.
        told.Reason = reading.State?.Dismissed.LastOrDefault(d => d.Double.Value == name)?.Reason ?? "";
    }

    private static bool IsTold(Journal.DoubledRecord record, ClinicId? site) => site is not { } clinic || record.HomeClinic == clinic.Name;

    private static Record Of(Journal.DoubledRecord record, ClinicId? site) =>
        new() { Patient = IsTold(record, site) ? Streams.PatientOf(record.Stream).Name : "", HomeClinic = record.HomeClinic };

    private static string PositionOf(DoubleRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.FoundAt.ToUnixTimeMilliseconds()}|{row.Name}");

    private static DoublePosition? PositionOf(string position) => position.Split('|') is [var found, var name]
        ? new(DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(found, CultureInfo.InvariantCulture)), name)
        : null;
}
