using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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
    private const string KeyName = "network-key.pem";
    private const string BatchesName = "batches";
    private const string RekeysName = "rekeys";
    private readonly string root;

    /// <summary>Makes the folder when there is none.</summary>
    internal ReleaseFolder(string root)
    {
        this.root = Path.GetFullPath(root);
        Directory.CreateDirectory(Path.Combine(this.root, BatchesName));
        Directory.CreateDirectory(Aside);
    }

    private string Aside => Path.Combine(root, ".partial");

    private string KeyFile => Path.Combine(root, KeyName);

    private string CursorFile => Path.Combine(root, "cursor.json");

    private string RekeysDirectory => Path.Combine(root, RekeysName);

    private string ViewDirectory => Path.Combine(Aside, "view");

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

    /// <summary>Keeps the key at the first use; refuses another one later, and any but the one that is expected.</summary>
    internal ECDsa TrustKey(string pem, string? expected)
    {
        using var offered = ImportKey(pem);
        if (expected is not null)
        {
            using var right = ImportKey(expected);
            if (!right.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(offered.ExportSubjectPublicKeyInfo()))
                throw new ClinicNetworkException(StatusCode.FailedPrecondition, Reasons.ReleaseKeyChanged,
                    "the network signs with another key than the expected one; ask its operator by another way before you pull anything");
        }
        if (!File.Exists(KeyFile))
            WriteAside(KeyFile, Encoding.ASCII.GetBytes(offered.ExportSubjectPublicKeyInfoPem()));
        var kept = ImportKey(File.ReadAllText(KeyFile));
        if (kept.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(offered.ExportSubjectPublicKeyInfo()))
            return kept;
        kept.Dispose();
        throw new ClinicNetworkException(StatusCode.FailedPrecondition, Reasons.ReleaseKeyChanged,
            "the network signs with another key than the one kept in network-key.pem; ask the network why, then pull into an empty folder");
    }

    /// <summary>Manifest of a batch that is here in full; null when it is not.</summary>
    internal ManifestFacts? ManifestOf(int number)
    {
        var manifest = Path.Combine(BatchDirectory(number), PartialBatch.ManifestName);
        return File.Exists(manifest) ? ManifestFacts.Read(File.ReadAllBytes(manifest)) : null;
    }

    /// <summary>Batches 1..n that are here in full, without gap.</summary>
    internal int Complete()
    {
        var number = 0;
        while (Directory.Exists(BatchDirectory(number + 1)))
            number++;
        return number;
    }

    internal PartialBatch Begin(int number) => new(AsideOf(number));

    /// <summary>
    /// Puts hashes in the place of rows that are withdrawn or corrected, in batches that are here and in those that were received since. A batch
    /// has all of them or none; done again it changes nothing.
    /// </summary>
    internal void Withdraw(IEnumerable<(int Batch, long Row)> tombstones, CancellationToken cancellationToken)
    {
        foreach (var told in tombstones.GroupBy(t => t.Batch, t => t.Row).OrderBy(t => t.Key))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Withdraw(Path.Combine(DirectoryOf(told.Key), PartialBatch.RowsName), told.Key, [.. told]);
        }
    }

    /// <summary>Has the whole release as it will be looked at before the batches that were received get their names.</summary>
    internal void Check(int complete, int last, Action<string, CancellationToken> check, CancellationToken cancellationToken)
    {
        RemoveView();
        Directory.CreateDirectory(Path.Combine(ViewDirectory, BatchesName));
        File.CreateSymbolicLink(Path.Combine(ViewDirectory, KeyName), KeyFile);
        if (Directory.Exists(RekeysDirectory))
            Directory.CreateSymbolicLink(Path.Combine(ViewDirectory, RekeysName), RekeysDirectory);
        for (var number = 1; number <= last; number++)
        {
            Directory.CreateSymbolicLink(
                Path.Combine(ViewDirectory, BatchesName, Number(number)), number <= complete ? BatchDirectory(number) : AsideOf(number));
        }
        try
        {
            check(ViewDirectory, cancellationToken);
        }
        finally
        {
            RemoveView();
        }
    }

    /// <summary>Gives a batch its final name.</summary>
    internal void Keep(int number) => Directory.Move(AsideOf(number), BatchDirectory(number));

    /// <summary>Re-key lists 1..n that are here.</summary>
    internal int Rekeys()
    {
        var number = 0;
        while (File.Exists(RekeyFile(number + 1, "sig")))
            number++;
        return number;
    }

    /// <summary>Its signature comes last: a list without one is not here.</summary>
    internal void KeepRekey(int number, ReadOnlySpan<byte> document, ReadOnlySpan<byte> signature)
    {
        Directory.CreateDirectory(RekeysDirectory);
        WriteAside(RekeyFile(number, "json"), document);
        WriteAside(RekeyFile(number, "sig"), Encoding.ASCII.GetBytes(Convert.ToBase64String(signature)));
    }

    internal byte[] RekeyOf(int number) => File.ReadAllBytes(RekeyFile(number, "json"));

    internal FileStream OpenRows(int number) =>
        new(Path.Combine(BatchDirectory(number), PartialBatch.RowsName), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);

    internal bool Has(CurrentFormat format) => File.Exists(CurrentFile(format));

    /// <summary>Replaces the file of usable rows as a whole.</summary>
    internal void KeepCurrent(CurrentFormat format, Action<Stream> write)
    {
        var file = CurrentFile(format);
        var aside = Path.Combine(Aside, Path.GetFileName(file));
        using (var stream = File.Create(aside))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }
        File.Move(aside, file, overwrite: true);
    }

    /// <summary>The puller's own state; null before the first pull, or when it is not to be read: it is made again.</summary>
    internal PullCursor? ReadCursor()
    {
        try
        {
            var cursor = File.Exists(CursorFile) ? JsonNode.Parse(File.ReadAllBytes(CursorFile)) : null;
            return cursor?["profile"] is { } profile ? new(profile.GetValue<string>(), cursor["acknowledged"]?.GetValue<int>() ?? 0) : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    internal void WriteCursor(PullCursor cursor, int batches, string lastRoot) =>
        WriteAside(CursorFile, JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["format"] = CursorFormat,
            ["profile"] = cursor.Profile,
            ["batches"] = batches,
            ["last_root"] = lastRoot,
            ["acknowledged"] = cursor.Acknowledged,
        }));

    /// <summary>One rewritten file, put in its place by its name: before, all rows are there, after, none of those that were told.</summary>
    private void Withdraw(string file, int batch, HashSet<long> told)
    {
        if (!File.Exists(file))
            throw TombstoneOfNothing(batch);
        var aside = Path.Combine(Aside, "withdrawn.ndjson");
        var (lines, row, number, changed) = (new ArrayBufferWriter<byte>(64 * 1024), new RowLine(), 0L, false);
        using (var rows = File.OpenRead(file))
        using (var rewritten = File.Create(aside))
        {
            var scanner = new LineScanner(rows);
            for (; scanner.Next(out var line); number++)
            {
                if (!told.Remove(number))
                {
                    lines.Write(line);
                    lines.Write("\n"u8);
                }
                else if (row.TryRead(line, number))
                {
                    changed |= !row.Withdrawn;
                    RowLine.WriteWithdrawn(lines, number, row.Leaf);
                }
                else
                {
                    throw new ClinicNetworkException(StatusCode.DataLoss, Reasons.ReleaseReplaced,
                        $"row {number} of batch {batch} in the folder was changed; pull into an empty folder");
                }
                if (lines.WrittenCount >= 48 * 1024)
                    Spill(lines, rewritten);
            }
            Spill(lines, rewritten);
            rewritten.Flush(flushToDisk: true);
        }
        if (told.Count > 0)
            throw TombstoneOfNothing(batch);
        if (changed)
            File.Move(aside, file, overwrite: true);
        else
            File.Delete(aside);
    }

    private static void Spill(ArrayBufferWriter<byte> lines, FileStream to)
    {
        to.Write(lines.WrittenSpan);
        lines.ResetWrittenCount();
    }

    private static ClinicNetworkException TombstoneOfNothing(int batch) => new(
        StatusCode.DataLoss, Reasons.Manifest, $"a manifest tells rows of batch {batch} to be withdrawn that it does not have; tell the network's operator");

    private void RemoveView()
    {
        // Links are removed, not what they lead to.
        if (Directory.Exists(ViewDirectory))
            Directory.Delete(ViewDirectory, recursive: true);
    }

    private string DirectoryOf(int number) => Directory.Exists(BatchDirectory(number)) ? BatchDirectory(number) : AsideOf(number);

    private string BatchDirectory(int number) => Path.Combine(root, BatchesName, Number(number));

    private string AsideOf(int number) => Path.Combine(Aside, Number(number));

    private string RekeyFile(int number, string kind) => Path.Combine(RekeysDirectory, $"{Number(number)}.{kind}");

    private string CurrentFile(CurrentFormat format) => Path.Combine(root, format == CurrentFormat.Csv ? "current.csv" : "current.ndjson");

    private static string Number(int number) => number.ToString("0000", CultureInfo.InvariantCulture);

    internal static ECDsa ImportKey(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (key.KeySize != 256)
                throw new CryptographicException("no P-256");
            return key;
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new ClinicNetworkException(
                StatusCode.DataLoss, Reasons.ReleaseKeyChanged, "the release key is not a P-256 public key in PEM; tell the network's operator", null, error);
        }
    }

    private void WriteAside(string path, ReadOnlySpan<byte> content)
    {
        var aside = Path.Combine(Aside, Path.GetFileName(path));
        PartialBatch.WriteDurably(aside, content);
        File.Move(aside, path, overwrite: true);
    }
}

/// <param name="Acknowledged">Number of the last batch that was acknowledged; 0: none.</param>
internal sealed record PullCursor(string Profile, int Acknowledged);
