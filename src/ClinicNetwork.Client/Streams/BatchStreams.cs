using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using ClinicNetwork.Client.Streams;
using ClinicNetwork.Protocol.Exchange.V1;
using Grpc.Core;

namespace ClinicNetwork.Client;

/// <summary>Reading a batch of anonymised outcomes.</summary>
public static class BatchStreams
{
    private const int SaltBytes = 16;

    /// <summary>
    /// A batch's rows from a row on, each once and in order, over any number of cuts. Every page is checked against its checksum; at
    /// the end the count and, when all rows before are known, the Merkle root are checked against the trailer: what was yielded counts
    /// only when the enumeration ends without an exception.
    /// </summary>
    /// <param name="name"><c>profiles/{profile}/batches/{number}</c>.</param>
    /// <param name="startRow">First row wanted, 0 or more.</param>
    /// <param name="earlier">The leaves before <paramref name="startRow"/>, added to while rows come; null from row 0 makes one, null
    /// from a later row leaves the root unchecked.</param>
    /// <param name="pageSize">Rows a page, 1 to 1,000; 0 lets the server choose.</param>
    /// <exception cref="ClinicNetworkException">Refused; cut too often; or DATA_LOSS with PAGE_CHECKSUM, ROW_GAP or BATCH_ROOT.</exception>
    public static async IAsyncEnumerable<BatchPage> StreamBatchAsync(
        this ClinicNetworkClient client,
        string name,
        long startRow = 0,
        MerkleAccumulator? earlier = null,
        int pageSize = 0,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(startRow);
        if (earlier is not null && earlier.Count != startRow)
            throw new ArgumentException("holds another number of rows than come before the start row", nameof(earlier));
        var tree = earlier ?? (startRow == 0 ? new MerkleAccumulator() : null);
        var next = startRow;
        var stream = new ResumingStream<long, StreamBatchResponse>(
            (from, token) => OpenAsync(client, new() { Name = name, StartRow = from, PageSize = pageSize }, token),
            (from, item) => next = After(item, from),
            item => item.ItemCase == StreamBatchResponse.ItemOneofCase.Trailer,
            client.Options);
        await foreach (var item in stream.ReadAsync(startRow, cancellationToken).ConfigureAwait(false))
        {
            if (item.ItemCase == StreamBatchResponse.ItemOneofCase.Trailer)
            {
                CheckEnd(item.Trailer, next, startRow, tree);
                yield break;
            }
            var page = Checked(item.Page);
            foreach (var row in page.Rows)
                tree?.Add(row.Leaf.Span);
            yield return page;
        }
    }

    private static long After(StreamBatchResponse item, long next) => item.ItemCase switch
    {
        StreamBatchResponse.ItemOneofCase.Trailer => next,
        StreamBatchResponse.ItemOneofCase.Page when item.Page.Rows.Count > 0 && item.Page.FirstRow == next => next + item.Page.Rows.Count,
        _ => throw DataLoss(
            Reasons.RowGap, $"the page after row {next - 1} begins at row {item.Page?.FirstRow}; tell the network's operator"),
    };

    /// <summary>All leaves of a page lie in one array, and what they are computed over in another: a row costs no allocation of its own but its record.</summary>
    private static BatchPage Checked(RowPage page)
    {
        var rows = new BatchRow[page.Rows.Count];
        var leaves = new byte[rows.Length * MerkleAccumulator.LeafBytes];
        var hashed = new HashedText(rows.Length);
        for (var i = 0; i < rows.Length; i++)
            rows[i] = RowOf(page.FirstRow + i, page.Rows[i], leaves.AsMemory(i * MerkleAccumulator.LeafBytes, MerkleAccumulator.LeafBytes), hashed);
        return SHA256.HashData(leaves).AsSpan().SequenceEqual(page.Checksum.Span)
            ? new BatchPage(page.FirstRow, rows)
            : throw DataLoss(
                Reasons.PageChecksum, $"the rows from {page.FirstRow} on do not give their checksum; pull again, or tell the operator");
    }

    private static BatchRow RowOf(long number, ReleasedRow row, Memory<byte> leaf, HashedText hashed)
    {
        if (row.Leaf.Length == MerkleAccumulator.LeafBytes && row.Salt.Length == 0 && row.Values.Count == 0)
        {
            row.Leaf.Span.CopyTo(leaf.Span);
            return new(number, default, [], leaf);
        }
        if (row.Leaf.Length > 0 || row.Salt.Length != SaltBytes || row.Values.Count == 0 || !hashed.TryAdd(row.Salt.Span, row.Values, out var text))
            throw NoRow(number);
        SHA256.HashData(text.Span, leaf.Span);
        return new(number, row.Salt.Memory, row.Values, leaf) { Joined = text[(1 + SaltBytes)..] };
    }

    private static ClinicNetworkException NoRow(long number) =>
        DataLoss(Reasons.PageChecksum, $"row {number} is neither a delivered nor a withdrawn row; tell the network's operator");

    private static void CheckEnd(BatchTrailer trailer, long next, long startRow, MerkleAccumulator? tree)
    {
        // A start beyond the end is answered by the trailer alone.
        if (trailer.RowCount != next && !(next == startRow && startRow >= trailer.RowCount))
            throw DataLoss(Reasons.BatchRoot, $"{next} rows came, the trailer counts {trailer.RowCount}; tell the network's operator");
        if (tree is not null && tree.Count == trailer.RowCount && !tree.Root().AsSpan().SequenceEqual(trailer.Root.Span))
            throw DataLoss(Reasons.BatchRoot, "the rows do not give the batch's root; pull the batch again into an empty folder");
    }

    private static ClinicNetworkException DataLoss(string reason, string message) => new(StatusCode.DataLoss, reason, message);

    private static async IAsyncEnumerable<StreamBatchResponse> OpenAsync(
        ClinicNetworkClient client, StreamBatchRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = client.Releases.StreamBatch(request, cancellationToken: cancellationToken);
        await foreach (var item in call.ResponseStream.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            yield return item;
    }
}
