using ClinicNetwork.Client.Streams;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Client;

/// <summary>Sending many facts.</summary>
public static class FactStreams
{
    /// <summary>
    /// Sends facts and gives exactly one result for each, in the order in which they are done, over any number of cuts: what has no result
    /// is sent again with the same ids. An item refused with UNAVAILABLE is sent again as often as a unary call would be (then possibly after
    /// later items of its patient). At most 256 facts are taken from the caller whose result it has not taken yet.
    /// </summary>
    /// <param name="facts">Each with a request id of its own, made before it is first sent. Enumerated once.</param>
    /// <returns><see cref="IngestFactsResponse.Item"/> counts the facts as they were given, from 0.</returns>
    /// <exception cref="ClinicNetworkException">The stream itself was refused, or cut too often without a new result.</exception>
    public static IAsyncEnumerable<IngestFactsResponse> IngestFactsAsync(
        this ClinicNetworkClient client, IAsyncEnumerable<IngestFactsRequest> facts, CancellationToken cancellationToken = default) =>
        new ItemSending<IngestFactsRequest, IngestFactsResponse>(client, facts, token => client.Facts.IngestFacts(cancellationToken: token)).RunAsync(cancellationToken);
}
