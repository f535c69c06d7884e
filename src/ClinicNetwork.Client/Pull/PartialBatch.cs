using System.Text.Json;

namespace ClinicNetwork.Client.Pull;

/// <summary>
/// A batch that is being pulled: it stays aside, with the rows received so far, until the last row was checked. After a kill it goes on
/// behind the last whole line.
/// </summary>
internal sealed class PartialBatch : IDisposable
{
    private readonly string aside;
    private readonly string final;
    private readonly FileStream rows;

    internal PartialBatch(string aside, string final)
    {
        this.aside = aside;
        this.final = final;
        Directory.CreateDirectory(aside);
        rows = new FileStream(RowsFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 64 * 1024);
    }

    /// <summary>The leaves of the rows written so far.</summary>
    internal MerkleAccumulator Tree { get; private set; } = new();

    private string RowsFile => Path.Combine(aside, "rows.ndjson");

    private string ManifestFile => Path.Combine(aside, "manifest.json");

    /// <summary>Takes up rows left by an earlier pull of the same manifest; begins anew when the manifest or a line is another.</summary>
    /// <returns>Rows that need not be received again.</returns>
    internal long Resume(ReadOnlySpan<byte> manifest, ReadOnlySpan<byte> signature)
    {
        if (File.Exists(ManifestFile) && File.ReadAllBytes(ManifestFile).AsSpan().SequenceEqual(manifest))
            ReadLines();
        else
            rows.SetLength(0);
        WriteDurably(ManifestFile, manifest);
        WriteDurably(Path.Combine(aside, "manifest.sig"), System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(signature)));
        rows.Seek(0, SeekOrigin.End);
        return Tree.Count;
    }

    internal void Write(BatchPage page)
    {
        foreach (var row in page.Rows)
            RowLine.Write(rows, row);
        rows.Flush();
    }

    /// <summary>Gives the batch its final name. Everything is on the disk before the name is.</summary>
    internal void Complete()
    {
        rows.Flush(flushToDisk: true);
        rows.Dispose();
        Directory.Move(aside, final);
    }

    /// <summary>Forgets the rows: they do not give the root.</summary>
    internal void Discard()
    {
        rows.SetLength(0);
        rows.Flush();
    }

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
        var whole = 0L;
        using var reader = new BinaryReader(rows, System.Text.Encoding.UTF8, leaveOpen: true);
        var content = reader.ReadBytes(checked((int)rows.Length));
        while (NextLine(content, whole) is { } end && TryAdd(content.AsSpan((int)whole, (int)(end - whole))))
            whole = end + 1;
        rows.SetLength(whole);
    }

    private bool TryAdd(ReadOnlySpan<byte> line)
    {
        try
        {
            Tree.Add(RowLine.Leaf(line, Tree.Count));
            return true;
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            return false;
        }
    }

    private static long? NextLine(byte[] content, long from)
    {
        var length = content.AsSpan((int)from).IndexOf((byte)'\n');
        return length < 0 ? null : from + length;
    }
}
