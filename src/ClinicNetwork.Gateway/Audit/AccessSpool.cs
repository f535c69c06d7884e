using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using ClinicNetwork.Journal.Audit;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Gateway.Audit;

/// <summary>
/// Accesses on this machine's disk while the database is away: a bounded file, only ever appended to, flushed to the disk with each group, emptied when
/// all of it is in the database. A process that is killed finds it again at its next start; what is written to the database twice by that has the same
/// entry id, and stands there once. For one thread at a time.
/// </summary>
/// <remarks>
/// The file: 16 random bytes that name it, then groups: length (4 bytes, little-endian) and AES-256-GCM (nonce 12, tag 16, ciphertext) with the name and
/// the group's number as associated data, so that no group can be left out before another, repeated or brought from another file unseen.
/// </remarks>
public sealed class AccessSpool : IDisposable
{
    /// <summary>Some 30,000 accesses, beside those that wait in memory.</summary>
    public const int BytesMax = 8 * 1024 * 1024;

    /// <summary>Purpose of the secret.</summary>
    public const string Purpose = "audit-spool";

    /// <summary>Processes that may share a folder, each with a file of its own.</summary>
    private const int FilesMax = 16;

    private const int NameBytes = 16;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int LengthBytes = sizeof(int);

    /// <summary>Where groups begin that are not known to be in the database, the oldest first.</summary>
    private readonly Queue<(long Start, long Number)> _groups = new();

    private readonly string _path;
    private readonly byte[] _secret;
    private readonly ILogger<AccessSpool> _log;
    private readonly int _bytesMax;
    private readonly FileStream _file;
    private readonly byte[] _name = new byte[NameBytes];

    /// <summary>The next group's number.</summary>
    private long _next;

    /// <summary>Where the next group begins; 0: the file has no name yet. What lies behind it is of a write that failed, or is in the database.</summary>
    private long _end;

    /// <summary>Takes up what an earlier process left.</summary>
    /// <param name="secret">32 bytes.</param>
    /// <exception cref="IOException">The file cannot be used, or another process uses it.</exception>
    public AccessSpool(string path, byte[] secret, ILogger<AccessSpool> log, int bytesMax = BytesMax)
    {
        (_path, _secret, _log, _bytesMax) = (path, secret, log, bytesMax);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _file = new FileStream(path, options);
        if (_file.ReadAtLeast(_name, NameBytes, throwOnEndOfStream: false) < NameBytes)
        {
            return;
        }

        _end = NameBytes;
        while (Read(_end, _next, out var end) is not null)
        {
            _groups.Enqueue((_end, _next++));
            _end = end;
        }

        CutTail();
    }

    /// <summary>The first file of the folder that no other process uses. Where fewer start than before, the others' files wait for one that takes them up.</summary>
    /// <exception cref="IOException">None can be used.</exception>
    public static AccessSpool OpenIn(string folder, byte[] secret, ILogger<AccessSpool> log)
    {
        for (var number = 1; ; number++)
        {
            try
            {
                return new(Path.Combine(folder, number == 1 ? "audit-spool" : $"audit-spool-{number}"), secret, log);
            }
            catch (IOException) when (number < FilesMax)
            {
                // Another process of this folder has it.
            }
        }
    }

    public bool IsEmpty => _groups.Count == 0;

    /// <summary>To the disk. (A test's disk refuses.)</summary>
    internal Action<FileStream, byte[]> Write { get; set; } = static (file, bytes) =>
    {
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    };

    /// <summary>On the disk when it returns; false: there is no room, or the disk refuses. The next one tries again.</summary>
    public bool TryAppend(IReadOnlyList<AccessRecord> accesses)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(accesses);
        var group = new byte[LengthBytes + NonceBytes + TagBytes + plain.Length];
        if (Math.Max(_end, NameBytes) + group.Length > _bytesMax)
        {
            return false;
        }

        try
        {
            Prepare();
            BinaryPrimitives.WriteInt32LittleEndian(group, group.Length - LengthBytes);
            var nonce = group.AsSpan(LengthBytes, NonceBytes);
            RandomNumberGenerator.Fill(nonce);
            using var aes = new AesGcm(_secret, TagBytes);
            aes.Encrypt(nonce, plain, group.AsSpan(LengthBytes + NonceBytes + TagBytes), group.AsSpan(LengthBytes + NonceBytes, TagBytes), Context(_next));
            _file.Position = _end;
            Write(_file, group);
        }
        catch (IOException exception)
        {
            _log.LogWarning("{File} takes nothing: {Problem}", _path, exception.GetType().Name);
            return false;
        }

        _groups.Enqueue((_end, _next++));
        _end += group.Length;
        return true;
    }

    /// <summary>The oldest group.</summary>
    public IReadOnlyList<AccessRecord> Peek()
    {
        if (Read(_groups.Peek().Start, _groups.Peek().Number, out _) is { } accesses)
        {
            return accesses;
        }

        _log.LogError("A group of accesses in {File} cannot be read any more", _path);
        return [];
    }

    /// <summary>The oldest group is in the database.</summary>
    public void Drop()
    {
        _groups.Dequeue();
        if (_groups.Count > 0)
        {
            return;
        }

        (_end, _next) = (0, 0);
        try
        {
            _file.SetLength(0);
        }
        catch (IOException)
        {
            // The next append tries again; a process that finds them before brings them to the database once more, where they stand once.
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Takes away what a failed write left; an empty file gets another name, so that no group of before can be put back.</summary>
    private void Prepare()
    {
        if (_file.Length > _end)
        {
            _file.SetLength(_end);
        }

        if (_end > 0)
        {
            return;
        }

        RandomNumberGenerator.Fill(_name);
        _file.Position = 0;
        Write(_file, _name);
        _end = NameBytes;
    }

    /// <summary>
    /// What follows the last whole group: one that a process was writing when it was killed, and nobody was told that it is kept; or what somebody did to
    /// the file. It is put aside, to be looked at.
    /// </summary>
    private void CutTail()
    {
        if (_end == _file.Length)
        {
            return;
        }

        var rest = new byte[_file.Length - _end];
        _file.Position = _end;
        _file.ReadExactly(rest);
        File.WriteAllBytes(_path + ".damaged", rest);
        _log.LogWarning("{Bytes} bytes at the end of {File} are no whole group; they are beside it", rest.Length, _path);
        _file.SetLength(_end);
    }

    /// <summary>Null: no whole group of this number begins there.</summary>
    private List<AccessRecord>? Read(long start, long number, out long end)
    {
        end = _file.Position = start;
        var length = new byte[LengthBytes];
        if (_file.ReadAtLeast(length, LengthBytes, throwOnEndOfStream: false) < LengthBytes
            || BinaryPrimitives.ReadInt32LittleEndian(length) is var bytes && (bytes < NonceBytes + TagBytes || bytes > _file.Length - _file.Position))
        {
            return null;
        }

        var group = new byte[bytes];
        _file.ReadExactly(group);
        end = _file.Position;
        var plain = new byte[bytes - NonceBytes - TagBytes];
        using var aes = new AesGcm(_secret, TagBytes);
        try
        {
            aes.Decrypt(group.AsSpan(0, NonceBytes), group.AsSpan(NonceBytes + TagBytes), group.AsSpan(NonceBytes, TagBytes), plain, Context(number));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return JsonSerializer.Deserialize<List<AccessRecord>>(plain);
    }

    private byte[] Context(long number)
    {
        var context = new byte[NameBytes + sizeof(long)];
        _name.CopyTo(context, 0);
        BinaryPrimitives.WriteInt64LittleEndian(context.AsSpan(NameBytes), number);
        return context;
    }
}
