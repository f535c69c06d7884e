using System.Buffers;
using System.Text;

namespace ClinicNetwork.Client.Pull;

/// <summary>
/// A batch that is being pulled: it stays aside, with the rows received so far, until the last row was checked. After a kill it goes on
/// behind the last whole line.
/// </summary>
internal sealed class PartialBatch : IDisposable
{
    internal const string RowsName = "rows.ndjson";
    internal const string ManifestName = "manifest.json";
    internal const string SignatureName = "manifest.sig";

    private readonly string aside;
    private readonly FileStream rows;
    private readonly ArrayBufferWriter<byte> lines = new(256 * 1024);

    internal PartialBatch(string aside)
    {
        this.aside = aside;
        Directory.CreateDirectory(aside);
        rows = new FileStream(Path.Combine(aside, RowsName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
    }

    /// <summary>The leaves of the rows written so far.</summary>
    internal MerkleAccumulator Tree { get; private set; } = new();

    private string ManifestFile => Path.Combine(aside, ManifestName);

    /// <summary>Takes up rows left by an earlier pull of the same manifest; begins anew when the manifest or a line is another.</summary>
    /// <returns>Rows that need not be received again.</returns>
    internal long Resume(ReadOnlySpan<byte> manifest, ReadOnlySpan<byte> signature)
    {
        if (File.Exists(ManifestFile) && File.ReadAllBytes(ManifestFile).AsSpan().SequenceEqual(manifest))
            ReadLines();
        else
            rows.SetLength(0);
        WriteDurably(ManifestFile, manifest);
        WriteDurably(Path.Combine(aside, SignatureName), Encoding.ASCII.GetBytes(Convert.ToBase64String(signature)));
        rows.Seek(0, SeekOrigin.End);
        return Tree.Count;
    }

    internal void Write(BatchPage page)
    {
        lines.ResetWrittenCount();
        foreach (var row in page.Rows)
            RowLine.Write(lines, row);
        rows.Write(lines.WrittenSpan);
    }

    /// <summary>Everything is on the disk when it returns.</summary>
    internal void Complete() => rows.Flush(flushToDisk: true);

    /// <summary>Forgets the rows: they do not give the root.</summary>
    internal void Discard() => rows.SetLength(0);

    public void Dispose() => rows.Dispose();

    internal static void WriteDurably(string path, ReadOnlySpan<byte> content)
    {
        using var file = File.Create(path);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    private void ReadLines()
    {
        rows.Seek(0, SeekOrigin.Begin);
        var (scanner, row, whole) = (new LineScanner(rows), new RowLine(), 0L);
        while (scanner.Next(out var line) && row.TryRead(line, Tree.Count))
        {
            Tree.Add(row.Leaf);
            whole = scanner.Whole;
        }
        rows.SetLength(whole);
    }
}
