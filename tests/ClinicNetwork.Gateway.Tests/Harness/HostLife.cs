using Microsoft.Extensions.Hosting;

namespace ClinicNetwork.Gateway.Tests.Harness;

/// <summary>A host that stops when the test says so.</summary>
internal sealed class HostLife : IHostApplicationLifetime, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    public CancellationToken ApplicationStarted => new(true);

    public CancellationToken ApplicationStopping => _stopping.Token;

    public CancellationToken ApplicationStopped => CancellationToken.None;

    public void StopApplication() => _stopping.Cancel();

    public void Dispose() => _stopping.Dispose();
}
