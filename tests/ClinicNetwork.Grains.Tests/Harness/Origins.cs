using System.Security.Cryptography;
using System.Text;

namespace ClinicNetwork.Grains.Tests.Harness;

/// <summary>Where commands come from.</summary>
internal static class Origins
{
    private static int _last;

    /// <summary>A request id that was never used, of the network itself or of a site.</summary>
    public static CommandOrigin Next(ClinicId? site = null) => Of($"request-{Interlocked.Increment(ref _last):D8}", site: site);

    public static CommandOrigin Of(string requestId, string payload = "payload", ClinicId? site = null) =>
        new(requestId, SHA256.HashData(Encoding.UTF8.GetBytes(payload)), "tester", site);
}
