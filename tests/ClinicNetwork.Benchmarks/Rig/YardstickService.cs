using ClinicNetwork.Benchmarks.Load;
using ClinicNetwork.Client;

namespace ClinicNetwork.Benchmarks.Rig;

/// <summary>A yardstick service as a process of its own, under TLS as the product is.</summary>
internal sealed class YardstickService : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly ClientIdentity _identity;

    private YardstickService(ChildProcess process, ClientIdentity identity)
    {
        (_process, _identity) = (process, identity);
        Door = new(new(process.Announced), identity);
    }

    public int Id => _process.Id;

    public Door Door { get; }

    /// <param name="folder">Where its certificate may lie.</param>
    /// <param name="arguments">As <see cref="Serve.YardstickHost.RunAsync"/> takes them, without the file of the certificate.</param>
    public static async Task<YardstickService> StartAsync(
        string folder, IEnumerable<string> arguments, (string, string)? secret, CancellationToken cancellationToken)
    {
        var file = Serve.YardstickTls.Create(folder);
        var process = await ChildProcess.StartAsync(Programs.Own, ["serve", file, .. arguments], secret, Programs.YardstickReady, cancellationToken);
        return new(process, ClientIdentity.Load(file));
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _identity.Dispose();
    }
}
