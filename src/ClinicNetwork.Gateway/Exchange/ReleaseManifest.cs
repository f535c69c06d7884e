using System.Text.Json;

namespace ClinicNetwork.Gateway.Exchange;

/// <summary>What the feed's status takes from a signed manifest (docs/release-format.md).</summary>
/// <param name="Waiting">A number, or fewer than k in words.</param>
/// <param name="Promised">Likewise; empty in version 1.</param>
/// <param name="Tombstones">Rows of earlier batches that it tells to be withdrawn or corrected.</param>
internal readonly record struct ReleaseManifest(string Waiting, string Promised, long Tombstones)
{
    public static ReleaseManifest Read(byte[] manifest)
    {
        using var document = JsonDocument.Parse(manifest);
        var root = document.RootElement;
        return new(
            root.GetProperty("waiting").ToString(),
            root.TryGetProperty("promised", out var promised) ? promised.ToString() : "",
            root.TryGetProperty("tombstones", out var told) ? told.EnumerateArray().Sum(batch => (long)batch.GetProperty("rows").GetArrayLength()) : 0);
    }
}
