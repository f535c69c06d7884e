using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;

namespace ClinicNetwork.Client.Pull;

/// <summary>
/// A registry's folder, as docs/release-format.md lays it out. What is there under its final name is complete: everything is written aside
/// (in <c>.partial</c>) and renamed.
/// </summary>
internal sealed class ReleaseFolder
{
    private const string CursorFormat = "clinicnetwork.cursor/1";
    private readonly string root;

    /// <summary>Makes the folder when there is none.</summary>
    internal ReleaseFolder(string root)
    {
        this.root = Path.GetFullPath(root);
        Directory.CreateDirectory(Path.Combine(this.root, "batches"));
        Directory.CreateDirectory(Aside);
    }

    private string Aside => Path.Combine(root, ".partial");

    private string KeyFile => Path.Combine(root, "network-key.pem");

    private string CursorFile => Path.Combine(root, "cursor.json");

    /// <summary>Keeps a second puller out until disposed.</summary>
    internal FileStream Lock()
    {
        try
        {
            return new FileStream(Path.Combine(Aside, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new ClinicNetworkException(
                StatusCode.Aborted, "FOLDER_IN_USE", "another pull writes to the folder; wait for it to end", null, error);
        }
    }

    /// <summary>Keeps the key at the first use; refuses another one later.</summary>
    internal ECDsa TrustKey(string pem)
    {
        if (!File.Exists(KeyFile))
            WriteAside(KeyFile, System.Text.Encoding.UTF8.GetBytes(pem));
        var kept = ImportKey(File.ReadAllText(KeyFile));
        using var offered = ImportKey(pem);
        if (kept.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(offered.ExportSubjectPublicKeyInfo()))
            return kept;
        kept.Dispose();
        throw new ClinicNetworkException(StatusCode.FailedPrecondition, Reasons.ReleaseKeyChanged,
            "the network signs with another key than the one kept in network-key.pem; ask the network why, then pull into an empty folder");
    }

    /// <summary>Root (hex) of a batch that is here in full; null when it is not.</summary>
    internal string? RootOf(int number)
    {
        var manifest = Path.Combine(BatchDirectory(number), "manifest.json");
        return File.Exists(manifest) ? ManifestText(File.ReadAllBytes(manifest), "root") : null;
    }

    /// <summary>Batches 1..n that are here in full, without gap.</summary>
    internal int Complete()
    {
        var number = 0;
        while (Directory.Exists(BatchDirectory(number + 1)))
            number++;
        return number;
    }

    internal PartialBatch Begin(int number) => new(Path.Combine(Aside, Number(number)), BatchDirectory(number));

    /// <summary>The puller's own state: what the last pull ended with.</summary>
    internal void WriteCursor(string profile, int batches, string lastRoot) =>
        WriteAside(CursorFile, JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["format"] = CursorFormat,
            ["profile"] = profile,
            ["batches"] = batches,
            ["last_root"] = lastRoot,
        }));

    /// <summary>A text field of a manifest; empty when it is not there.</summary>
    internal static string ManifestText(ReadOnlySpan<byte> manifest, string field)
    {
        var reader = new Utf8JsonReader(manifest);
        try
        {
            return JsonNode.Parse(ref reader)?[field]?.ToString() ?? "";
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new ClinicNetworkException(
                StatusCode.DataLoss, Reasons.Manifest, "the manifest is not a JSON object; tell the network's operator", null, error);
        }
    }

    private string BatchDirectory(int number) => Path.Combine(root, "batches", Number(number));

    private static string Number(int number) => number.ToString("0000", CultureInfo.InvariantCulture);

    private static ECDsa ImportKey(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new ClinicNetworkException(
                StatusCode.DataLoss, Reasons.ReleaseKeyChanged, "the release key is not a public key in PEM", null, error);
        }
    }

    private void WriteAside(string path, ReadOnlySpan<byte> content)
    {
        var aside = Path.Combine(Aside, Path.GetFileName(path));
        PartialBatch.WriteDurably(aside, content);
        File.Move(aside, path, overwrite: true);
    }
}
