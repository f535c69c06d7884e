using System.Globalization;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Submissions;
using ClinicNetwork.Gateway.Care;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Limits;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Identity;
using ClinicNetwork.Grains.Submissions;
using ClinicNetwork.Journal;
using ClinicNetwork.Protocol.Exchange.V1;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using RecordOutcome = ClinicNetwork.Domain.Submissions.RecordOutcome;
using SubmissionStatus = ClinicNetwork.Domain.Submissions.SubmissionStatus;

namespace ClinicNetwork.Gateway.Exchange;

/// <summary>exchange.v1 SubmissionService.</summary>
public sealed class SubmissionGatewayService(
    IGrainFactory grains,
    ISubmissionStore store,
    PartnerAgreements agreements,
    IProjections projections,
    IStoreClock clock,
    SignedTokens tokens,
    CallerSeal seal,
    ClientRates rates,
    IHostApplicationLifetime lifetime)
    : SubmissionService.SubmissionServiceBase
{
    private const int PageUsual = 50;
    private const int PageMax = 100;
    private const int ReceiptsUsual = 500;
    private const int ReceiptsMax = 1_000;
    private const int RecordsRead = 500;

    public override async Task<SubmitOutcomesResponse> SubmitOutcomes(IAsyncStreamReader<SubmitOutcomesRequest> requestStream, ServerCallContext context)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            var id = await OpenAsync(requestStream, context, stop.Token);
            while (await requestStream.MoveNext(stop.Token))
            {
                await rates.WaitAsync(context.GetHttpContext(), stop.Token);
                await ReceiveAsync(id, requestStream.Current, context);
            }

            return new() { Submission = await ReadAsync(id, "submission", context) };
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new RefusedException(Refusal.Unavailable("SERVER_STOPPING", "The server stops; open the submission again and go on."));
        }
    }

    public override async Task<CompleteSubmissionResponse> CompleteSubmission(CompleteSubmissionRequest request, ServerCallContext context)
    {
        var id = SubmissionCallers.FindOwn(request.Name, "name", context);
        await agreements.FindAsync(SubmissionCallers.SubmitterOf(context), (await StateAsync(id, "name", context)).Profile, context.CancellationToken);
        var command = new CompleteSubmission(request.Records, SubmissionMessages.HashOf(request.Sha256));
        Receipts.Of(await Grain(id).Complete(command, Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Submission = await ReadAsync(id, "name", context) };
    }

    public override async Task<AbortSubmissionResponse> AbortSubmission(AbortSubmissionRequest request, ServerCallContext context)
    {
        var id = SubmissionCallers.FindOwn(request.Name, "name", context);
        await StateAsync(id, "name", context);
        Receipts.Of(await Grain(id).Abort(Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Submission = await ReadAsync(id, "name", context) };
    }

    public override async Task<GetSubmissionResponse> GetSubmission(GetSubmissionRequest request, ServerCallContext context) =>
        new() { Submission = await ReadAsync(SubmissionCallers.Find(request.Name, "name", context), "name", context) };

    public override async Task<ListSubmissionsResponse> ListSubmissions(ListSubmissionsRequest request, ServerCallContext context)
    {
        var (size, list) = (Fields.PageSize(request.PageSize, PageUsual, PageMax), SubmissionProjections.ListOf(SubmissionCallers.PartnerOf(context)?.Value));
        var rows = await projections.ReadWorklistAsync(list, clock.Now, RowOf(Pages.From(tokens, list, request.PageToken)), size, context.CancellationToken);
        var response = new ListSubmissionsResponse { NextPageToken = Pages.Next(tokens, list, rows.Count == size, rows.Count == 0 ? "" : PositionOf(rows[^1])) };
        foreach (var row in rows)
        {
            response.Submissions.Add(await ReadAsync(Streams.SubmissionOf(row.Stream), "", context));
        }

        return response;
    }

    public override async Task<ListReceiptsResponse> ListReceipts(ListReceiptsRequest request, ServerCallContext context)
    {
        var id = SubmissionCallers.Find(request.Parent, "parent", context);
        var (size, list) = (Fields.PageSize(request.PageSize, ReceiptsUsual, ReceiptsMax), "receipts/" + id.Name);
        var from = Pages.From(tokens, list, request.PageToken);
        await StateAsync(id, "parent", context);
        var rows = await store.ReadAsync(Streams.Of(id), from, size, context.CancellationToken);
        var response = new ListReceiptsResponse { NextPageToken = Pages.Next(tokens, list, rows.Count == size, rows.Count == 0 ? "" : rows[^1].Record) };
        response.Receipts.AddRange(rows.Select(row => SubmissionMessages.Of(StoredRecord.Of(row).Receipt)));
        return response;
    }

    public override async Task<GetQualityReportResponse> GetQualityReport(GetQualityReportRequest request, ServerCallContext context)
    {
        var state = await StateAsync(SubmissionCallers.Find(request.Name, "name", context), "name", context);
        return state.Report is { } report
            ? SubmissionMessages.Of(report, SubmissionProfiles.Find(state.Profile)!.K)
            : throw new RefusedException(Refusal.Precondition("SUBMISSION_NOT_CHECKED", "name", "Complete it first; the report is made then."));
    }

    public override async Task StreamSubmission(StreamSubmissionRequest request, IServerStreamWriter<StreamSubmissionResponse> responseStream, ServerCallContext context)
    {
        var id = SubmissionCallers.Find(request.Name, "name", context);
        if ((await StateAsync(id, "name", context)).Status != SubmissionStatus.Complete)
        {
            throw new RefusedException(Refusal.Precondition("SUBMISSION_NOT_COMPLETE", "name", "Only what was completed and taken is read."));
        }

        for (var after = request.AfterRecord; ;)
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                throw new RefusedException(Refusal.Unavailable("SERVER_STOPPING", "The server stops; read again after the last record received."));
            }

            var rows = await store.ReadAsync(Streams.Of(id), after, RecordsRead, context.CancellationToken);
            var page = new StreamSubmissionResponse();
            page.Records.AddRange(rows.Select(StoredRecord.Of).Where(record => record.Receipt.Outcome != RecordOutcome.Refused)
                .Select(record => new OutcomeRecord { Record = record.Receipt.Record, Values = { record.Kept } }));
            if (page.Records.Count > 0)
            {
                await responseStream.WriteAsync(page, context.CancellationToken);
            }

            if (rows.Count < RecordsRead)
            {
                return;
            }

            after = rows[^1].Record;
        }
    }

    private async Task<SubmissionId> OpenAsync(IAsyncStreamReader<SubmitOutcomesRequest> requestStream, ServerCallContext context, CancellationToken stop)
    {
        if (!await requestStream.MoveNext(stop) || requestStream.Current.Opening is not { } opening)
        {
            throw Fields.Invalid("OPENING_MISSING", "opening", "The first message opens the submission.");
        }

        var partner = SubmissionCallers.SubmitterOf(context);
        var id = new SubmissionId(partner.Value, Fields.Id(opening.Submission, "opening.submission"));
        var (command, origin) = (SubmissionMessages.CommandOf(opening), Origins.Of(requestStream.Current, requestStream.Current.RequestId, context));
        if (SubmissionProfiles.Find(command.Profile) is not null)
        {
            await agreements.FindAsync(partner, command.Profile, context.CancellationToken);
        }

        Receipts.Of(await Grain(id).Open(command, origin, context.CancellationToken));
        return id;
    }

    /// <summary>Stored before the next message is read: what a caller sends faster waits at its end.</summary>
    private async Task ReceiveAsync(SubmissionId id, SubmitOutcomesRequest message, ServerCallContext context)
    {
        if (message.Page is not { } page)
        {
            throw message.Opening is null
                ? Fields.Invalid("PAGE_MISSING", "page", "Each message after the first holds a page.")
                : Fields.Invalid("OPENING_TWICE", "opening", "Only the first message of a stream opens.");
        }

        // Anew for each page: a stream lasts longer than a seal.
        var acting = Origins.ActingOf(context);
        acting.Caller.Enter(seal, acting.Site);
        Receipts.Of(await Grain(id).Receive(SubmissionMessages.CommandOf(page), Origins.Of(message, message.RequestId, context), context.CancellationToken));
    }

    private async Task<Submission> ReadAsync(SubmissionId id, string field, ServerCallContext context) => SubmissionMessages.Of(id, await StateAsync(id, field, context));

    private async Task<SubmissionState> StateAsync(SubmissionId id, string field, ServerCallContext context) =>
        Receipts.Of(await Grain(id).Read(new(true, 0, Origins.SiteOf(context)), context.CancellationToken), field).State;

    private ISubmissionGrain Grain(SubmissionId id) => grains.GetGrain<ISubmissionGrain>(Streams.Of(id));

    private static string PositionOf(FollowUpRow row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row.Stream}|{row.Milestone}|{row.ClosesAt.ToUnixTimeMilliseconds()}");

    private static FollowUpRow? RowOf(string position) => position.Split('|') is [var stream, var item, var closes]
        ? new(stream, item, default, DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(closes, CultureInfo.InvariantCulture)))
        : null;
}
