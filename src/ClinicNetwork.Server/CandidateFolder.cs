using System.Globalization;
using System.Text;
using ClinicNetwork.Grains.Releases;

namespace ClinicNetwork.Server;

/// <summary>
/// A recipient's release with the candidate, as the recipient would keep it (docs/release-format.md), in a folder that only this process' user may open. It goes when it is disposed of; what a killed
/// process left goes with the next one that is made a day later.
/// </summary>
internal sealed class CandidateFolder : IDisposable
{
    private const string Prefix = "clinicnetwork-candidate-";
    private const int BufferBytes = 256 * 1024;
    private static readonly TimeSpan LeftAfter = TimeSpan.FromDays(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory(Prefix);

    private CandidateFolder()
    {
    }

    public string Path => _folder.FullName;

    /// <summary>Rows go straight to the disk: one is in memory at a time.</summary>
    public static async Task<CandidateFolder> WriteAsync(CandidateRelease release, TimeProvider time, CancellationToken cancellationToken)
    {
        RemoveLeft(time.GetUtcNow().UtcDateTime - LeftAfter);
        var folder = new CandidateFolder();
        try
        {
            await File.WriteAllTextAsync(System.IO.Path.Combine(folder.Path, "network-key.pem"), release.PublicKeyPem, cancellationToken);
            foreach (var batch in release.Batches)
            {
                await WriteAsync(Directory.CreateDirectory(System.IO.Path.Combine(folder.Path, "batches", NameOf(batch.Number))).FullName, batch, cancellationToken);
            }

            foreach (var list in release.Rekeys)
            {
                var path = System.IO.Path.Combine(Directory.CreateDirectory(System.IO.Path.Combine(folder.Path, "rekeys")).FullName, NameOf(list.Number));
                await File.WriteAllBytesAsync(path + ".json", list.Document, cancellationToken);
                await File.WriteAllTextAsync(path + ".sig", Convert.ToBase64String(list.Signature), cancellationToken);
            }

            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string NameOf(int number) => number.ToString("D4", CultureInfo.InvariantCulture);

    private static async Task WriteAsync(string folder, CandidateBatch batch, CancellationToken cancellationToken)
    {
        await File.WriteAllBytesAsync(System.IO.Path.Combine(folder, "manifest.json"), batch.Manifest, cancellationToken);
        await File.WriteAllTextAsync(System.IO.Path.Combine(folder, "manifest.sig"), Convert.ToBase64String(batch.Signature), cancellationToken);
        await using var rows = new StreamWriter(System.IO.Path.Combine(folder, "rows.ndjson"), append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferBytes);
        var (line, number) = (new StringBuilder(), 0L);
        await foreach (var row in batch.Rows(cancellationToken))
        {
            line.Clear().Append("{\"row\":").Append(number++);
            if (row is { Salt: { } salt, Values: { } values })
            {
                line.Append(",\"salt\":\"").Append(Convert.ToHexStringLower(salt)).Append("\",\"values\":[");
                for (var i = 0; i < values.Count; i++)
                {
                    line.Append(i == 0 ? "\"" : ",\"").Append(Escaped(values[i])).Append('"');
                }

                line.Append("]}\n");
            }
            else
            {
                line.Append(",\"leaf\":\"").Append(Convert.ToHexStringLower(row.Leaf)).Append("\"}\n");
            }

            await rows.WriteAsync(line, cancellationToken);
        }
    }

    private static string Escaped(string value) =>
        value.AsSpan().ContainsAny('"', '\\') ? value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) : value;

    private static void RemoveLeft(DateTime before)
    {
        foreach (var left in new DirectoryInfo(System.IO.Path.GetTempPath()).EnumerateDirectories(Prefix + "*").Where(folder => folder.LastWriteTimeUtc < before))
        {
            try
            {
                left.Delete(recursive: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Another process of this machine removes it, or it is another user's.
            }
        }
    }
}
