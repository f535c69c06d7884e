using ClinicNetwork.Benchmarks.Load;
using ClinicNetwork.Client;

namespace ClinicNetwork.Benchmarks.Rig;

/// <summary>How the product's processes are laid out.</summary>
internal enum Layout
{
    /// <summary>Silo and gateway in one process.</summary>
    CoHosted,

    /// <summary>A silo, and a gateway that is a client of it: two processes.</summary>
    Separate,

    /// <summary>Three processes, each silo and gateway.</summary>
    Three,
}

/// <summary>The running processes of one network.</summary>
internal sealed class Servers(IReadOnlyList<ChildProcess> processes, ClientIdentity identity) : IAsyncDisposable
{
    /// <summary>Where calls go.</summary>
    public Door Door { get; } = new(new(processes[^1].Announced), identity);

    /// <summary>Every process that takes calls, where each does.</summary>
    public IReadOnlyList<Door> Doors { get; } = [.. processes.Where(p => p.Announced.StartsWith(Uri.UriSchemeHttps, StringComparison.Ordinal)).Select(p => new Door(new(p.Announced), identity))];

    public IReadOnlyList<int> ProcessIds { get; } = [.. processes.Select(p => p.Id)];

    /// <summary>The process that holds the grains.</summary>
    public int SiloProcessId => processes[0].Id;

    /// <summary>The gateway first, as a roll does.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes.Reverse())
        {
            await process.DisposeAsync();
        }

        identity.Dispose();
    }
}
