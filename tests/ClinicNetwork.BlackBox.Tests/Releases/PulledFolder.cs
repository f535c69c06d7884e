using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Client;
using ClinicNetwork.Verification;

namespace ClinicNetwork.BlackBox.Tests.Releases;

/// <summary>A registry's folder, pulled by the client library.</summary>
internal sealed class PulledFolder : IDisposable
{
    private readonly TempFolder _folder = new();

    public string Path => _folder.Path;

    /// <summary>Retries at once and for long: it is the cuts that are tested, not the waits.</summary>
    private static ClinicNetworkClientOptions Stubborn => new()
    {
        RetriesMax = 20,
        RetryDelayFirst = TimeSpan.FromMilliseconds(1),
        RetryDelayMax = TimeSpan.FromMilliseconds(20),
        StreamReopensMax = 100,
        BreakFailureRatio = 1,
        BreakAttemptsMin = 10_000,
    };

    public static async Task<PulledFolder> PullAsync(PublishedFixture fixture)
    {
        var folder = new PulledFolder();
        await folder.PullAgainAsync(fixture.Server.Address, fixture.Partner.Identity, CancellationToken.None);
        return folder;
    }

    /// <param name="address">Of the server, or of a proxy before it.</param>
    public async Task<PullResult> PullAgainAsync(Uri address, ClientIdentity identity, CancellationToken stop, IProgress<PullProgress>? progress = null)
    {
        using var client = ClinicNetworkClient.Connect(address, Stubborn with { Identity = identity });
        return await new ReleasePuller(client, Path, pageSize: 7).PullAsync(progress: progress, cancellationToken: stop).Within();
    }

    public VerificationReport Verify() => ReleaseVerifier.VerifyFolder(Path);

    /// <summary>Pseudonyms of which some row is there with its values.</summary>
    public IReadOnlySet<string> Living() => Directory.GetFiles(Path, "rows.ndjson", SearchOption.AllDirectories)
        .SelectMany(File.ReadLines)
        .Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement)
        .Where(row => row.TryGetProperty("values", out _))
        .Select(row => row.GetProperty("values")[0].GetString()!)
        .ToHashSet();

    /// <summary>Every file of the release itself, by name, as bytes.</summary>
    public IReadOnlyDictionary<string, byte[]> Files() => Directory.GetFiles(Path, "*", SearchOption.AllDirectories)
        .Select(f => (Name: System.IO.Path.GetRelativePath(Path, f), Bytes: File.ReadAllBytes(f)))
        .Where(f => !f.Name.StartsWith(".partial", StringComparison.Ordinal))
        .ToDictionary(f => f.Name, f => f.Bytes);

    public void Dispose() => _folder.Dispose();
}
