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
    private long _next;

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
            Clear();
        }

        while (Read(_file.Position, _next, out var end) is not null)
        {
            _groups.Enqueue((_file.Position, _next++));
            _file.Position = end;
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

    /// <summary>On the disk when it returns; false: there is no room, or the disk refuses.</summary>
    public bool TryAppend(IReadOnlyList<AccessRecord> accesses)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(accesses);
        var (start, group) = (_file.Length, new byte[LengthBytes + NonceBytes + TagBytes + plain.Length]);
        if (start + group.Length > _bytesMax)
        {
            return false;
        }

        BinaryPrimitives.WriteInt32LittleEndian(group, group.Length - LengthBytes);
        var nonce = group.AsSpan(LengthBytes, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_secret, TagBytes);
        aes.Encrypt(nonce, plain, group.AsSpan(LengthBytes + NonceBytes + TagBytes), group.AsSpan(LengthBytes + NonceBytes, TagBytes), Context(_next));
        try
        {
            _file.Position = start;
            _file.Write(group);
            _file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            _file.SetLength(start);
            return false;
        }

        _groups.Enqueue((start, _next++));
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
        if (_groups.Count == 0)
        {
            Clear();
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Another name: no group of before can be put back.</summary>
    private void Clear()
    {
        _file.SetLength(0);
        RandomNumberGenerator.Fill(_name);
        _file.Position = 0;
        _file.Write(_name);
        _file.Flush(flushToDisk: true);
        _next = 0;
    }

    /// <summary>
    /// What follows the last whole group: one that a process was writing when it was killed, and nobody was told that it is kept; or what somebody did to
    /// the file. It is put aside, to be looked at.
    /// </summary>
    private void CutTail()
    {
        var end = _file.Position;
        if (end == _file.Length)
        {
            return;
        }

        var rest = new byte[_file.Length - end];
        _file.ReadExactly(rest);
        File.WriteAllBytes(_path + ".damaged", rest);
        _log.LogWarning("{Bytes} bytes at the end of {File} are no whole group; they are beside it", rest.Length, _path);
        _file.SetLength(end);
    }

    /// <summary>Null: no whole group of this number begins there. Leaves the file at the start.</summary>
    private List<AccessRecord>? Read(long start, long number, out long end)
    {
        end = _file.Position = start;
        var length = new byte[LengthBytes];
        if (_file.ReadAtLeast(length, LengthBytes, throwOnEndOfStream: false) < LengthBytes
            || BinaryPrimitives.ReadInt32LittleEndian(length) is var bytes && (bytes < NonceBytes + TagBytes || bytes > _file.Length - _file.Position))
        {
            _file.Position = start;
            return null;
        }

        var group = new byte[bytes];
        _file.ReadExactly(group);
        (end, _file.Position) = (_file.Position, start);
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
