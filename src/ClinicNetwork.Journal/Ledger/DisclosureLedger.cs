using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Ledger;

/// <summary>
/// What was released and withdrawn, in a folder outside of the database, encrypted, flushed to the disk before it is delivered or acknowledged. A restored store has lost
/// what came after its backup; by this <c>migrate --restored</c> withdraws again, and knows which persons are in which cells for ever. Each process appends to a file of its
/// own, so several may share a folder; of two folders keep the files of both.
/// </summary>
/// <param name="secret">32 bytes, derived from the master key for <see cref="Purpose"/>.</param>
public sealed class DisclosureLedger(string folder, byte[] secret) : IDisposable
{
    public const string Purpose = "disclosure-ledger";

    private const string Extension = ".ledger";
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeadBytes = sizeof(int) + NonceBytes + TagBytes;
    private const int NameBytes = 8;

    private readonly Lock _gate = new();
    private FileStream? _file;
    private byte[] _before = [];

    /// <summary>The folder of a key folder, when no other is named.</summary>
    public static string FolderIn(string keyFolder) => Path.Combine(keyFolder, "ledger");

    /// <summary>On the disk when it returns. Blocks for as long as the disk needs.</summary>
    /// <exception cref="LedgerUnavailableException">It cannot be written; the entry may be in it or not, which harms nobody.</exception>
    public void Append(LedgerEntry entry)
    {
        var body = entry.Encode();
        lock (_gate)
        {
            try
            {
                if (_file is null)
                {
                    Begin();
                }

                Write(body);
                _file!.Flush(flushToDisk: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // What may be torn is the end of its file for ever; the next entry begins another.
                End();
                throw new LedgerUnavailableException($"The disclosure ledger in {folder} cannot be written ({e.GetType().Name}); it and its folder must be owned by the user that runs this, with room on the disk.", e);
            }
        }
    }

    /// <summary>All entries of all files, each file's in order.</summary>
    /// <exception cref="StoreRefusedException">A file cannot be read, was altered, or is of another network.</exception>
    public static IReadOnlyList<LedgerEntry> Read(string folder, byte[] secret)
    {
        var entries = new List<LedgerEntry>();
        if (!Directory.Exists(folder))
        {
            return entries;
        }

        try
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal))
            {
                ReadFile(file, secret, entries);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or InvalidDataException)
        {
            throw new StoreRefusedException($"The disclosure ledger in {folder} cannot be read, was altered, or is another network's ({e.GetType().Name}); put it back from its backup.", e);
        }

        return entries;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            End();
        }
    }

    /// <summary>A file's first frame is empty and bound to its name: who cannot open it has another network's file.</summary>
    private void Begin()
    {
        OwnedFiles.CreateFolder(folder);
        var name = string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds():D15}-{RandomNumberGenerator.GetHexString(NameBytes * 2, lowercase: true)}{Extension}");
        _file = OwnedFiles.Open(Path.Combine(folder, name), FileMode.CreateNew, FileShare.Read);
        _before = First(name);
        Write([]);
    }

    private void Write(byte[] body)
    {
        var frame = Seal(body, _before);
        _file!.Write(frame);
        _before = SHA256.HashData(frame);
    }

    private void End()
    {
        var file = _file;
        _file = null;
        try
        {
            file?.Dispose();
        }
        catch (IOException)
        {
            // What it still held finds no room either; it is the torn end of a file that nobody appends to.
        }
    }

    private static byte[] First(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name));

    private byte[] Seal(byte[] body, byte[] before)
    {
        var frame = new byte[HeadBytes + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, body.Length);
        var nonce = frame.AsSpan(sizeof(int), NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(secret, TagBytes);
        aes.Encrypt(nonce, body, frame.AsSpan(HeadBytes), frame.AsSpan(sizeof(int) + NonceBytes, TagBytes), before);
        return frame;
    }

    /// <summary>An end that a kill tore was never acknowledged.</summary>
    private static void ReadFile(string path, byte[] secret, List<LedgerEntry> entries)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var (before, isFirst) = (First(Path.GetFileName(path)), true);
        var head = new byte[HeadBytes];
        using var aes = new AesGcm(secret, TagBytes);
        while (file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false) == HeadBytes)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(head);
            if (isFirst && length != 0)
            {
                throw new InvalidDataException("A ledger's file begins with an empty entry.");
            }

            if (length < 0 || length > file.Length - file.Position)
            {
                return;
            }

            var frame = new byte[HeadBytes + length];
            head.CopyTo(frame, 0);
            file.ReadExactly(frame.AsSpan(HeadBytes));
            var body = new byte[length];
            try
            {
                aes.Decrypt(head.AsSpan(sizeof(int), NonceBytes), frame.AsSpan(HeadBytes), head.AsSpan(sizeof(int) + NonceBytes, TagBytes), body, before);
            }
            catch (CryptographicException) when (file.Position == file.Length && (!isFirst || !head.AsSpan().ContainsAnyExcept((byte)0)))
            {
                // The last one, of its full length, whose bytes did not all reach the disk.
                return;
            }

            if (!isFirst)
            {
                entries.Add(LedgerEntry.Decode(body));
            }

            (before, isFirst) = (SHA256.HashData(frame), false);
        }
    }
}

/// <summary>The ledger cannot be written: nothing may be released or acknowledged as withdrawn. The message is one line.</summary>
public sealed class LedgerUnavailableException(string message, Exception inner) : Exception(message, inner);
