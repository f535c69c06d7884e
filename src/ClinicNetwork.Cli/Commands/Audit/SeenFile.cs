using System.Text.Encodings.Web;
using System.Text.Json;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Verification.Audit;

namespace ClinicNetwork.Cli.Commands.Audit;

/// <summary>What earlier verifications saw. Written aside and renamed, so that a kill leaves the old or the new one.</summary>
internal sealed class SeenFile(string path)
{
    /// <summary>Roots kept: the first and the newest; a hundred days of daily runs.</summary>
    private const int RootsMax = 100;

    private const int BytesMax = 64 * 1_024;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="Key">PEM; null before the first run.</param>
    internal sealed record Content(string? Key, IReadOnlyList<SeenRoot> Roots)
    {
        internal Content With(string key, SeenRoot root) =>
            new(key, Roots.Contains(root) ? Roots : [.. Roots.Take(1), .. Roots.Skip(1).Append(root).TakeLast(RootsMax - 1)]);
    }

    internal Content Read()
    {
        if (!File.Exists(path))
            return new(null, []);
        try
        {
            if (new FileInfo(path).Length <= BytesMax
                && JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path), Format) is { Key: not null, Roots: not null } content
                && content.Roots.All(root => root is { Origin: not null, Root: not null, Size: > 0 }))
                return content;
        }
        catch (JsonException)
        {
            // Said below.
        }
        throw new InputException("--seen", "the file is not what an earlier run wrote; name another file, or find out who changed it");
    }

    internal void Write(Content content)
    {
        var aside = path + ".new";
        File.WriteAllBytes(aside, JsonSerializer.SerializeToUtf8Bytes(content, Format));
        File.Move(aside, path, overwrite: true);
    }
}
