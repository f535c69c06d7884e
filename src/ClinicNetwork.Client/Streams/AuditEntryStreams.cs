using System.Runtime.CompilerServices;
using ClinicNetwork.Client.Streams;
using ClinicNetwork.Protocol.Audit.V1;
using Grpc.Core;

namespace ClinicNetwork.Client;

/// <summary>Reading the audit.</summary>
public static class AuditEntryStreams
{
    /// <summary>Entries from a position on to the end of the tree, over any number of cuts; what they are worth is for a verifier to say.</summary>
    /// <param name="start">First position wanted, 0 or more.</param>
    /// <exception cref="ClinicNetworkException">Refused, or cut too often.</exception>
    public static async IAsyncEnumerable<PlacedEntry> StreamEntriesAsync(
        this ClinicNetworkClient client, long start = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        var stream = new ResumingStream<long, StreamEntriesResponse>(
            (from, token) => OpenAsync(client, new() { StartPosition = from }, token),
            (from, page) => page.Entries.Count == 0 ? from : page.Entries[^1].Position + 1,
            page => page.End,
            client.Options);
        await foreach (var page in stream.ReadAsync(start, cancellationToken).ConfigureAwait(false))
            foreach (var entry in page.Entries)
                yield return entry;
    }

    private static async IAsyncEnumerable<StreamEntriesResponse> OpenAsync(
        ClinicNetworkClient client, StreamEntriesRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = client.Audit.StreamEntries(request, cancellationToken: cancellationToken);
        await foreach (var page in call.ResponseStream.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            yield return page;
    }
}
