using System.Security.Cryptography;
using ClinicNetwork.Domain;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Gateway.Exchange;

/// <summary>
/// Sends one batch page by page. Agreement, quota and consent are judged with each page; while one page is sent the next is read, and no more are held. A
/// reader that takes nothing is cut, so that it holds neither memory nor the database.
/// </summary>
/// <param name="judge">The feed as it stands now; refuses when the recipient may have nothing any more.</param>
internal sealed class ReleaseStream(
    IExchangeStore store, PartnerAgreements agreements, ReleaseSecrets secrets, IStoreClock clock, TimeProvider time, CancellationToken stopping, Func<Task<ReleaseFeed>> judge)
{
    /// <summary>A page is some 300 KiB: a reader this slow is as good as gone.</summary>
    internal static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(30);

    private static readonly Refusal Slow = Refusal.Unavailable(
        "SLOW_CONSUMER", "Nothing was taken for 30 s; stream the batch again from the first row that you lack, or ask for smaller pages.");

    private static readonly Refusal Stopping =
        Refusal.Unavailable("SERVER_STOPPING", "The server stops; stream the batch again from the first row that you lack.");

    private ReleaseFeed? _feed;
    private RecipientForm? _form;

    /// <summary>Rows sent so far.</summary>
    internal long Sent { get; private set; }

    internal async Task SendAsync(DeliveryBatch batch, long startRow, int size, IServerStreamWriter<StreamBatchResponse> to, CancellationToken cancellationToken)
    {
        var next = ReadAsync(batch, startRow, size, cancellationToken);
        for (var row = startRow; row < batch.Rows;)
        {
            var page = await next;
            row += page.Rows.Count;
            next = ReadAsync(batch, row, size, cancellationToken);
            try
            {
                await WriteAsync(to, new() { Page = page }, cancellationToken);
            }
            catch
            {
                // The page ahead is of no use; what it met is not this call's failure.
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }

            Sent += page.Rows.Count;
        }

        await WriteAsync(to, new() { Trailer = new() { RowCount = batch.Rows, Root = UnsafeByteOperations.UnsafeWrap(batch.Root) } }, cancellationToken);
    }

    /// <summary>Behind the last row it reads nothing.</summary>
    private async Task<RowPage> ReadAsync(DeliveryBatch batch, long row, int size, CancellationToken cancellationToken)
    {
        if (row >= batch.Rows)
        {
            return new();
        }

        if (stopping.IsCancellationRequested)
        {
            throw new RefusedException(Stopping);
        }

        var feed = await judge();
        if (_feed != feed)
        {
            (_feed, _form) = (feed, feed.FormOf(secrets));
        }

        if (feed.Agreement is { } agreement)
        {
            await agreements.TakeAsync(agreement, Math.Min(size, batch.Rows - row), cancellationToken);
        }

        var rows = await store.ReadBatchRowsAsync(feed.Recipient, batch.Number, row, size, feed.Required, PublicOutcomes.K, clock.Now, cancellationToken);
        return PageOf(batch.Number, row, rows, _form!);
    }

    private static RowPage PageOf(int batch, long firstRow, IReadOnlyList<DeliveryRow> rows, RecipientForm form)
    {
        if (rows.Count == 0)
        {
            throw new InvalidOperationException($"Row {firstRow} of batch {batch} is not there; nothing more of it is delivered.");
        }

        var page = new RowPage { FirstRow = firstRow };
        page.Rows.Capacity = rows.Count;
        var leaves = new byte[rows.Count * SHA256.HashSizeInBytes];
        for (var i = 0; i < rows.Count; i++)
        {
            rows[i].Leaf.CopyTo(leaves, i * SHA256.HashSizeInBytes);
            page.Rows.Add(RowOf(batch, rows[i], form));
        }

        page.Checksum = UnsafeByteOperations.UnsafeWrap(SHA256.HashData(leaves));
        return page;
    }

    /// <summary>A row whose leaf is no longer that of its values is not delivered: the store was damaged or a key is another one.</summary>
    private static ReleasedRow RowOf(int batch, DeliveryRow row, RecipientForm form)
    {
        if (row.Values is not { } values)
        {
            return new() { Leaf = UnsafeByteOperations.UnsafeWrap(row.Leaf) };
        }

        var delivered = form.Seal(batch, row.Epoch, row.Person, row.Milestone, values);
        if (!delivered.Leaf.AsSpan().SequenceEqual(row.Leaf))
        {
            throw new InvalidOperationException($"Row {row.Row} of batch {batch} does not hash to its leaf; it is not delivered.");
        }

        var message = new ReleasedRow { Salt = UnsafeByteOperations.UnsafeWrap(delivered.Salt) };
        message.Values.AddRange(delivered.Values);
        return message;
    }

    private async Task WriteAsync(IServerStreamWriter<StreamBatchResponse> to, StreamBatchResponse message, CancellationToken cancellationToken)
    {
        try
        {
            await to.WriteAsync(message, cancellationToken).WaitAsync(SlowAfter, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new RefusedException(Slow);
        }
    }
}
