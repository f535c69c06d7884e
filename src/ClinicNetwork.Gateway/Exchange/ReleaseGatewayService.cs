using System.Globalization;
using System.Security.Cryptography;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace ClinicNetwork.Gateway.Exchange;

/// <summary>exchange.v1 ReleaseService. Consent is read with each page, so what was withdrawn is not delivered, from new or old batches.</summary>
public sealed class ReleaseGatewayService(IReleaseStore store, ReleaseSecrets secrets, SignedTokens tokens, IHostApplicationLifetime lifetime)
    : ReleaseService.ReleaseServiceBase
{
    private const string ProfileName = "profiles/" + PublicOutcomes.Profile;
    private const string BatchPrefix = ProfileName + "/batches/";
    private const int RowsUsual = 500;
    private const int RowsMax = 1_000;

    /// <summary>Class of the one local recipient, until partners have agreements.</summary>
    private const int LocalRecipientClass = (int)RecipientClass.ResearchRegistry;

    public override async Task<ListBatchesResponse> ListBatches(ListBatchesRequest request, ServerCallContext context)
    {
        if (request.Parent != ProfileName)
        {
            throw new RefusedException(Refusal.NotFound("PROFILE_NOT_FOUND", "parent", $"There is one profile so far: {ProfileName}."));
        }

        var size = Fields.PageSize(request.PageSize, 50, 200);
        var from = Pages.From(tokens, "batches", request.PageToken) is { Length: > 0 } position ? int.Parse(position, CultureInfo.InvariantCulture) : 0;
        var batches = await store.ReadBatchesAsync(from, size, context.CancellationToken);
        var response = new ListBatchesResponse
        {
            NextPageToken = Pages.Next(tokens, "batches", batches.Count == size, (from + batches.Count).ToString(CultureInfo.InvariantCulture)),
        };
        response.Batches.AddRange(batches.Select(b => new Batch
        {
            Name = BatchPrefix + b.Number.ToString(CultureInfo.InvariantCulture),
            PublishedOn = b.PublishedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            RowCount = b.Rows,
            Root = ByteString.CopyFrom(b.Root),
        }));
        return response;
    }

    public override async Task<GetManifestResponse> GetManifest(GetManifestRequest request, ServerCallContext context)
    {
        var batch = await FindAsync(request.Name, context.CancellationToken);
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
        var batch = await FindAsync(request.Name, context.CancellationToken);
        for (var row = request.StartRow; row < batch.Rows;)
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                throw new RefusedException(Refusal.Unavailable("SERVER_STOPPING", "The server stops; stream the batch again from the first row that you lack."));
            }

            var rows = await store.ReadBatchRowsAsync(batch.Number, row, size, LocalRecipientClass, PublicOutcomes.K, context.CancellationToken);
            await responseStream.WriteAsync(new() { Page = PageOf(batch.Number, row, rows) }, context.CancellationToken);
            row += rows.Count;
        }

        await responseStream.WriteAsync(new() { Trailer = new() { RowCount = batch.Rows, Root = ByteString.CopyFrom(batch.Root) } }, context.CancellationToken);
    }

    private RowPage PageOf(int batch, long firstRow, IReadOnlyList<BatchRow> rows)
    {
        var page = new RowPage { FirstRow = firstRow };
        using var checksum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in rows)
        {
            checksum.AppendData(row.Leaf);
            page.Rows.Add(RowOf(batch, row));
        }

        page.Checksum = ByteString.CopyFrom(checksum.GetHashAndReset());
        return page;
    }

    /// <summary>A row whose leaf is no longer that of its values is not delivered: the store was damaged or a key is another one.</summary>
    private ReleasedRow RowOf(int batch, BatchRow row)
    {
        if (row.Values is not { } values)
        {
            return new() { Leaf = ByteString.CopyFrom(row.Leaf) };
        }

        var (salt, full, leaf) = secrets.Seal(batch, row.Person, values);
        if (!leaf.AsSpan().SequenceEqual(row.Leaf))
        {
            throw new InvalidOperationException($"Row {row.Row} of batch {batch} does not hash to its leaf; it is not delivered.");
        }

        var message = new ReleasedRow { Salt = ByteString.CopyFrom(salt) };
        message.Values.AddRange(full);
        return message;
    }

    private async Task<BatchRecord> FindAsync(string name, CancellationToken cancellationToken)
    {
        var number = name.StartsWith(BatchPrefix, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(BatchPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
        return number > 0 && await store.ReadBatchesAsync(number - 1, 1, cancellationToken) is [{ } batch] && batch.Number == number
            ? batch
            : throw new RefusedException(Refusal.NotFound("BATCH_NOT_FOUND", "name", "There is no such batch; list the batches."));
    }
}
