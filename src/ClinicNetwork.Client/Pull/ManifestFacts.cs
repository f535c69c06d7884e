using System.Text.Json;
using Grpc.Core;

namespace ClinicNetwork.Client.Pull;

/// <summary>What a puller needs of a signed manifest (docs/release-format.md).</summary>
/// <param name="Recipient">Empty in version 1, which knows one.</param>
/// <param name="Profile">Id; empty when it does not say.</param>
/// <param name="Rows">Null when it does not say.</param>
/// <param name="Columns">Of its batch's rows, in order.</param>
/// <param name="Tombstones">Rows of earlier batches that are withdrawn or corrected.</param>
internal sealed record ManifestFacts(
    string Format, string Recipient, string Profile, long? Rows, string Root, IReadOnlyList<string> Columns, IReadOnlyList<(int Batch, long Row)> Tombstones)
{
    private const string Version1 = "clinicnetwork.release/1";
    private const string Version2 = "clinicnetwork.release/2";

    /// <summary>Its recipient has an agreement, and acknowledges.</summary>
    internal bool IsAgreed => Format == Version2;

    /// <exception cref="ClinicNetworkException">MANIFEST: it is none that this library knows.</exception>
    internal static ManifestFacts Read(ReadOnlyMemory<byte> manifest)
    {
        try
        {
            using var document = JsonDocument.Parse(manifest);
            var root = document.RootElement;
            var format = Text(root.GetProperty("format"));
            if (format is not (Version1 or Version2))
                throw Unreadable("the manifest is of a format that this version does not know; take a newer one", null);
            return new(
                format,
                root.TryGetProperty("recipient", out var recipient) ? Text(recipient) : "",
                root.TryGetProperty("profile", out var profile) ? Text(profile) : "",
                root.TryGetProperty("rows", out var rows) ? rows.GetInt64() : null,
                Text(root.GetProperty("root")),
                root.TryGetProperty("columns", out var columns) ? [.. columns.EnumerateArray().Select(Text)] : [],
                root.TryGetProperty("tombstones", out var tombstones) ? [.. tombstones.EnumerateArray().SelectMany(RowsOf)] : []);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw Unreadable("the manifest is not one that can be read; tell the network's operator", error);
        }
    }

    private static IEnumerable<(int Batch, long Row)> RowsOf(JsonElement told)
    {
        var batch = told.GetProperty("batch").GetInt32();
        return [.. told.GetProperty("rows").EnumerateArray().Select(row => (batch, row.GetInt64()))];
    }

    private static string Text(JsonElement value) => value.GetString() ?? throw new FormatException("null");

    private static ClinicNetworkException Unreadable(string message, Exception? error) => new(StatusCode.DataLoss, Reasons.Manifest, message, null, error);
}
