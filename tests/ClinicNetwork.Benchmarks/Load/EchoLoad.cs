using ClinicNetwork.Benchmarks.Yardstick;
using Google.Protobuf;

namespace ClinicNetwork.Benchmarks.Load;

/// <summary>Calls to the echo service with messages of given sizes, bytes.</summary>
internal sealed class EchoLoad(Door door, int callers, int requestBytes, int replyBytes) : IDisposable
{
    private readonly Clients<EchoService.EchoServiceClient> _clients = new(door, callers, invoker => new(invoker));
    private readonly EchoRequest _request = new() { Body = ByteString.CopyFrom(new byte[requestBytes]), ReplyBytes = replyBytes };

    public Task CallAsync(int caller, CancellationToken cancellationToken) =>
        _clients[caller].EchoAsync(_request, cancellationToken: cancellationToken).ResponseAsync;

    public void Dispose() => _clients.Dispose();
}
