using System.Globalization;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Gateway.Care;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Partners;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace ClinicNetwork.Gateway.Exchange;

/// <summary>exchange.v1 ReleaseService. Consent is read with each page, so what was withdrawn is not delivered, from new or old batches.</summary>
public sealed class ReleaseGatewayService(
    IGrainFactory grains,
    IExchangeStore store,
    PartnerAgreements agreements,
    ReleaseSecrets secrets,
    SignedTokens tokens,
    IStoreClock clock,
    TimeProvider time,
    IHostApplicationLifetime lifetime)
    : ReleaseService.ReleaseServiceBase
{
    private readonly ReleaseRecipients recipients = new(agreements);

    private const int RowsUsual = 500;
    private const int RowsMax = 1_000;
    private const int RekeysMax = 10;

    /// <summary>Batches read at once: a manifest is some 100 KiB.</summary>
    private const int BatchesAtOnce = 50;

    private const string RekeyKind = "rekey";

    /// <summary>A page of re-key lists is sent when it is longer: one more, of some 3 MiB at most, fits a message.</summary>
    private const int RekeyBytes = 1024 * 1024;

    /// <summary>[K], ours: a registry that pulls weekly is never late.</summary>
    private static readonly TimeSpan LateAfter = TimeSpan.FromDays(14);

    private static readonly string[] Formats = ["clinicnetwork.release/2", "clinicnetwork.release/1", "clinicnetwork.rekey/1", "clinicnetwork.statistics/1"];

    private static readonly Refusal NoStatistics =
        Refusal.NotFound("STATISTICS_NOT_FOUND", "publication", "That publication gave you no batch, so there is no table; 0 asks for the newest.");

    public override async Task<ListBatchesResponse> ListBatches(ListBatchesRequest request, ServerCallContext context)
    {
        var feed = await FeedAsync(ReleaseFeed.ProfileOf(request.Parent, "parent"), context);
        var size = Fields.PageSize(request.PageSize, 50, 200);
        var list = $"batches/{feed.Recipient}";
        var from = NumberFrom(list, request.PageToken);
        var batches = await store.ReadBatchesAsync(feed.Recipient, from, size, context.CancellationToken);
        var response = new ListBatchesResponse { NextPageToken = Pages.Next(tokens, list, batches.Count == size, Text(from + batches.Count)) };
        response.Batches.AddRange(batches.Select(b => new Batch
        {
            Name = feed.BatchName(b.Number),
            PublishedOn = Day(b.PublishedAt),
            RowCount = b.Rows,
            Root = ByteString.CopyFrom(b.Root),
        }));
        return response;
    }

    public override async Task<GetManifestResponse> GetManifest(GetManifestRequest request, ServerCallContext context)
    {
        var (_, batch) = await FindAsync(request.Name, context);
        return new() { Manifest = ByteString.CopyFrom(batch.Manifest), Signature = ByteString.CopyFrom(batch.Signature) };
    }

    public override Task<GetReleaseKeyResponse> GetReleaseKey(GetReleaseKeyRequest request, ServerCallContext context) =>
        Task.FromResult(new GetReleaseKeyResponse { PublicKeyPem = secrets.PublicKeyPem });

    public override async Task StreamBatch(StreamBatchRequest request, IServerStreamWriter<StreamBatchResponse> responseStream, ServerCallContext context)
    {
        if (request.StartRow < 0)
        {
            throw Fields.Invalid("ROW_INVALID", "start_row", "Give 0 or more.");
        }

        var size = Fields.PageSize(request.PageSize, RowsUsual, RowsMax);
        var (feed, batch) = await FindAsync(request.Name, context);
        var stream = new ReleaseStream(store, agreements, secrets, clock, time, lifetime.ApplicationStopping, () => FeedAsync(feed.Profile, context, feed.Recipient));
        try
        {
            await stream.SendAsync(batch, request.StartRow, size, responseStream, context.CancellationToken);
        }
        finally
        {
            Entries.TellDelivered(context, feed.Recipient, batch.Number, request.StartRow, stream.Sent);
        }
    }

    public override async Task<AcknowledgeBatchResponse> AcknowledgeBatch(AcknowledgeBatchRequest request, ServerCallContext context)
    {
        var (profile, number) = ReleaseFeed.BatchOf(request.Name);
        var (partner, agreement) = await recipients.FindGivenAsync(profile, context);
        await FindAsync(agreement.Recipient, number, context.CancellationToken);
        var (receipt, answer) = Receipts.Of(await grains.GetGrain<IPartnerGrain>(Streams.Of(partner)).Acknowledge(
            new(agreement, number), Origins.Of(request, request.RequestId, context), context.CancellationToken));
        return new() { Receipt = receipt, Acknowledged = answer.Acknowledged };
    }

    public override async Task<GetFeedStatusResponse> GetFeedStatus(GetFeedStatusRequest request, ServerCallContext context)
    {
        var feed = await FeedAsync(ReleaseFeed.ProfileOf(request.Name, "name"), context);
        var progress = await ProgressAsync(feed.Recipient, context.CancellationToken);
        var response = new GetFeedStatusResponse
        {
            Batches = progress.Batches,
            Rows = progress.Rows,
            NextPublicationOn = feed.Agreement is null ? "" : Day(NextDay(feed.Profile)),
            Acknowledged = progress.Acknowledged,
            TombstonesToHonour = progress.Tombstones,
            TombstonesSince = progress.TombstonesSince?.ToTimestamp(),
            Recipient = feed.RecipientName,
            Rekeys = (await store.ReadDocumentsAsync(RekeyKind, feed.Recipient, 0, int.MaxValue, context.CancellationToken)).Count,
        };
        if (progress.Last is { } last)
        {
            var manifest = ReleaseManifest.Read(last.Manifest);
            (response.LastPublishedOn, response.Waiting, response.Promised) = (Day(last.PublishedAt), manifest.Waiting, manifest.Promised);
        }

        return response;
    }

    public override async Task<GetDataDictionaryResponse> GetDataDictionary(GetDataDictionaryRequest request, ServerCallContext context)
    {
        var feed = await FeedAsync(ReleaseFeed.ProfileOf(request.Name, "name"), context);
        var response = new GetDataDictionaryResponse { ProfileVersion = feed.Agreement is null ? 1 : feed.Profile.Version };
        response.Columns.AddRange(feed.FormOf(secrets).Columns.Select(ReleaseDictionary.Of));
        return response;
    }

    public override async Task<GetCapabilitiesResponse> GetCapabilities(GetCapabilitiesRequest request, ServerCallContext context)
    {
        var response = new GetCapabilitiesResponse
        {
            Formats = { Formats },
            PageRowsMax = RowsMax,
            PageRowsUsual = RowsUsual,
            SlowConsumerSeconds = (int)ReleaseStream.SlowAfter.TotalSeconds,
            K = PublicOutcomes.K,
        };
        foreach (var profile in ReleaseProfiles.All.OrderBy(p => p.Id, StringComparer.Ordinal))
        {
            response.Profiles.Add(await OfferAsync(profile, context));
        }

        return response;
    }

    public override async Task<ListRekeysResponse> ListRekeys(ListRekeysRequest request, ServerCallContext context)
    {
        var feed = await FeedAsync(ReleaseFeed.ProfileOf(request.Parent, "parent"), context);
        var size = Fields.PageSize(request.PageSize, RekeysMax, RekeysMax);
        var list = $"rekeys/{feed.Recipient}";
        var from = NumberFrom(list, request.PageToken);
        var (response, bytes) = (new ListRekeysResponse(), 0);
        while (response.Rekeys.Count < size && bytes < RekeyBytes
            && await store.ReadDocumentsAsync(RekeyKind, feed.Recipient, from + response.Rekeys.Count, 1, context.CancellationToken) is [{ } next])
        {
            bytes += next.Document.Length;
            response.Rekeys.Add(new Rekey { Number = next.Number, Document = UnsafeByteOperations.UnsafeWrap(next.Document), Signature = UnsafeByteOperations.UnsafeWrap(next.Signature) });
        }

        response.NextPageToken = Pages.Next(tokens, list, response.Rekeys.Count == size || bytes >= RekeyBytes, Text(from + response.Rekeys.Count));
        return response;
    }

    public override async Task<GetStatisticsResponse> GetStatistics(GetStatisticsRequest request, ServerCallContext context)
    {
        var profile = ReleaseFeed.ProfileOf(request.Name, "name");
        if (!StatisticsWriter.Tables.Contains(request.Table))
        {
            throw Fields.Invalid("TABLE_UNKNOWN", "table", $"Give one of {string.Join(", ", StatisticsWriter.Tables)}.");
        }

        if (request.Publication < 0)
        {
            throw Fields.Invalid("PUBLICATION_INVALID", "publication", "Give 0 or more.");
        }

        var feed = await FeedAsync(profile, context);
        var number = request.Publication > 0 ? request.Publication : (await ProgressAsync(feed.Recipient, context.CancellationToken)).Last?.Publication ?? 0;
        var name = StatisticsWriter.NameOf(request.Table, feed.Recipient);
        return await store.ReadDocumentsAsync(StatisticsWriter.Kind, name, number - 1, 1, context.CancellationToken) is [{ } table] && table.Number == number
            ? new() { Publication = number, Document = ByteString.CopyFrom(table.Document), Signature = ByteString.CopyFrom(table.Signature) }
            : throw new RefusedException(NoStatistics);
    }

    public override async Task<ListLateRecipientsResponse> ListLateRecipients(ListLateRecipientsRequest request, ServerCallContext context)
    {
        const string list = "late";
        var size = Fields.PageSize(request.PageSize, 50, 200);
        var from = Pages.From(tokens, list, request.PageToken);
        var response = new ListLateRecipientsResponse();
        var agreements = (await store.ReadAgreementsAsync(null, context.CancellationToken))
            .Where(a => string.CompareOrdinal(a.Agreement, from) > 0).OrderBy(a => a.Agreement, StringComparer.Ordinal);
        foreach (var agreement in agreements)
        {
            if (response.Recipients.Count == size)
            {
                response.NextPageToken = Pages.Next(tokens, list, true, from);
                break;
            }

            from = agreement.Agreement;
            var progress = await ProgressAsync(agreement.Agreement, context.CancellationToken);
            if (progress.UnacknowledgedSince is { } since && clock.Now - since > LateAfter)
            {
                response.Recipients.Add(LateOf(agreement, progress, since));
            }
        }

        return response;
    }

    private static LateRecipient LateOf(AgreementRecord agreement, Progress progress, DateTimeOffset since) => new()
    {
        Agreement = ReleaseFeed.NameOf(agreement),
        Partner = "partners/" + agreement.Partner,
        Profile = "profiles/" + agreement.Profile,
        Batches = progress.Batches,
        Acknowledged = progress.Acknowledged,
        Since = since.ToTimestamp(),
        TombstonesToHonour = progress.Tombstones,
    };

    private async Task<ProfileOffer> OfferAsync(ReleaseProfile profile, ServerCallContext context)
    {
        var offer = new ProfileOffer
        {
            Name = ReleaseFeed.NameOf(profile),
            Version = profile.Version,
            Policy = profile.Policy == ReleasePolicyKind.SafeHarbor ? "safe-harbor" : "expert-determination",
            EveryMonths = profile.EveryMonths,
        };
        if (await recipients.TryFindAsync(profile, context) is { } agreement)
        {
            (offer.Agreement, offer.QuotaRows) = (ReleaseFeed.NameOf(agreement), agreement.Quota);
            offer.QuotaRowsLeft = await agreements.LeftAsync(agreement, context.CancellationToken);
        }

        return offer;
    }

    /// <summary>Everything of a recipient's batches that its status tells.</summary>
    private async Task<Progress> ProgressAsync(string recipient, CancellationToken cancellationToken)
    {
        var progress = new Progress(0, 0, 0, null, null, 0, null);
        IReadOnlyList<DeliveryBatch> batches;
        do
        {
            batches = await store.ReadBatchesAsync(recipient, progress.Batches, BatchesAtOnce, cancellationToken);
            progress = batches.Aggregate(progress, (sum, batch) => sum.With(batch));
        }
        while (batches.Count == BatchesAtOnce);
        return progress;
    }

    private DateTimeOffset NextDay(ReleaseProfile profile)
    {
        var day = PublicationDays.After(clock.Now);
        while ((day.Month - 1) % profile.EveryMonths != 0)
        {
            day = PublicationDays.After(day);
        }

        return day;
    }

    /// <param name="expected">The recipient of a stream under way; another agreement by now has other batches.</param>
    private async Task<ReleaseFeed> FeedAsync(ReleaseProfile profile, ServerCallContext context, string? expected = null)
    {
        var feed = await recipients.FindAsync(profile, context);
        return expected is null || feed.Recipient == expected ? feed : throw ReleaseFeed.NoBatch();
    }

    private async Task<(ReleaseFeed Feed, DeliveryBatch Batch)> FindAsync(string name, ServerCallContext context)
    {
        var (profile, number) = ReleaseFeed.BatchOf(name);
        var feed = await FeedAsync(profile, context);
        return (feed, await FindAsync(feed.Recipient, number, context.CancellationToken));
    }

    private async Task<DeliveryBatch> FindAsync(string recipient, int number, CancellationToken cancellationToken) =>
        await store.ReadBatchesAsync(recipient, number - 1, 1, cancellationToken) is [{ } batch] && batch.Number == number ? batch : throw ReleaseFeed.NoBatch();

    private int NumberFrom(string list, string token) =>
        Pages.From(tokens, list, token) is { Length: > 0 } position ? int.Parse(position, CultureInfo.InvariantCulture) : 0;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <param name="Tombstones">Told by batches that are not acknowledged.</param>
    private sealed record Progress(
        int Batches, long Rows, int Acknowledged, DeliveryBatch? Last, DateTimeOffset? UnacknowledgedSince, long Tombstones, DateTimeOffset? TombstonesSince)
    {
        public Progress With(DeliveryBatch batch)
        {
            var next = this with { Batches = batch.Number, Rows = Rows + batch.Rows, Last = batch };
            if (batch.AcknowledgedAt is not null)
            {
                return next with { Acknowledged = batch.Number, UnacknowledgedSince = null, Tombstones = 0, TombstonesSince = null };
            }

            var told = ReleaseManifest.Read(batch.Manifest).Tombstones;
            return next with
            {
                UnacknowledgedSince = UnacknowledgedSince ?? batch.PublishedAt,
                Tombstones = Tombstones + told,
                TombstonesSince = TombstonesSince ?? (told > 0 ? batch.PublishedAt : null),
            };
        }
    }
}
