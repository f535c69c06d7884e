using ClinicNetwork.Client.Streams;
using ClinicNetwork.Protocol.Sync.V1;

namespace ClinicNetwork.Client;

/// <summary>Pushing what a site recorded and decided.</summary>
public static class PushStreams
{
    /// <summary>
    /// Sends changes and gives exactly one result for each, in the order in which they are done, over any number of cuts: what has no result is sent again with the same ids. An item refused
    /// with UNAVAILABLE is sent again as often as a unary call would be (then possibly after later items of its patient). At most 256 changes are taken from the caller whose result it has
    /// not taken yet.
    /// </summary>
    /// <param name="changes">Each with a request id of its own, made before it is first sent. Enumerated once.</param>
    /// <returns><see cref="PushChangesResponse.Item"/> counts the changes as they were given, from 0.</returns>
    /// <exception cref="ClinicNetworkException">The stream itself was refused, or cut too often without a new result.</exception>
    public static IAsyncEnumerable<PushChangesResponse> PushChangesAsync(
        this ClinicNetworkClient client, IAsyncEnumerable<PushChangesRequest> changes, CancellationToken cancellationToken = default) =>
        new ItemSending<PushChangesRequest, PushChangesResponse>(client, changes, token => client.PlanPush.PushChanges(cancellationToken: token)).RunAsync(cancellationToken);
}
