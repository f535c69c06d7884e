using Grpc.Core;

namespace ClinicNetwork.Gateway.Tests.Harness;

/// <summary>A call as a service sees it: without metadata, for the network.</summary>
internal sealed class OneCall(CancellationToken gone = default, string method = "/a.b.v1.Service/Rpc") : ServerCallContext
{
    protected override string MethodCore => method;

    protected override string HostCore => "host";

    protected override string PeerCore => "peer";

    protected override DateTime DeadlineCore => DateTime.MaxValue;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => gone;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore { get; } = new(null, []);

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
}

/// <summary>Takes answers as fast as they come, or as <paramref name="take"/> says.</summary>
internal sealed class Answers<T>(Func<T, Task>? take = null) : IServerStreamWriter<T>
{
    public WriteOptions? WriteOptions { get; set; }

    public List<T> Taken { get; } = [];

    public async Task WriteAsync(T message)
    {
        await (take?.Invoke(message) ?? Task.CompletedTask);
        Taken.Add(message);
    }

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return WriteAsync(message).WaitAsync(cancellationToken);
    }
}
