using System.Security.Cryptography;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>The files of a store, readable by their owner only, and the lock that lets one process at a time have them.</summary>
internal sealed class StoreFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    private StoreFolder(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    public string JournalFile => System.IO.Path.Combine(Path, "journal.db");

    public string KeyFile => System.IO.Path.Combine(Path, "master.key");

    /// <summary>
    /// Makes the folder if need be and locks it. Throws <see cref="StoreRefusedException"/> when it is in use. The lock is the operating
    /// system's and ends with the process, however that ends; it does not reach over network file systems without locks.
    /// </summary>
    public static StoreFolder Lock(string folder)
    {
        var path = System.IO.Path.GetFullPath(folder);
        try
        {
            CreateOwned(path);
            var file = System.IO.Path.Combine(path, "lock");
            return new StoreFolder(path, OpenOwned(file, FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException e) when (Directory.Exists(path))
        {
            throw new StoreRefusedException($"The data folder {path} is in use by another server; stop that one or choose another folder.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreRefusedException($"The data folder {path} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Makes journal.db with its mode before SQLite opens it: its -wal and -shm files take the same mode.</summary>
    public void CreateJournalFile()
    {
        if (!File.Exists(JournalFile))
        {
            OpenOwned(JournalFile, FileMode.CreateNew, FileShare.ReadWrite).Dispose();
        }
    }

    /// <summary>
    /// Reads the key file. A new key is made only for a store that holds nothing yet; for any other a lost key is refused, because a new
    /// one would make every record unreadable for good.
    /// </summary>
    public MasterKey LoadKey(bool storeExists)
    {
        if (!File.Exists(KeyFile))
        {
            if (storeExists)
            {
                throw new StoreRefusedException($"The key file {KeyFile} is missing; restore it from its backup, the records cannot be read without it.");
            }

            WriteKey(RandomNumberGenerator.GetBytes(MasterKey.Length));
        }

        var key = File.ReadAllBytes(KeyFile);
        return key.Length == MasterKey.Length
            ? new MasterKey(key)
            : throw new StoreRefusedException($"The key file {KeyFile} has {key.Length} bytes instead of {MasterKey.Length}; restore it from its backup.");
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>A folder of mode 0700.</summary>
    internal static void CreateOwned(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    /// <summary>A file of mode 0600.</summary>
    internal static FileStream OpenOwned(string file, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(file, options);
    }

    /// <summary>Whole or not at all: written beside, flushed to the disk, renamed.</summary>
    private void WriteKey(byte[] key)
    {
        var draft = KeyFile + ".new";
        using (var file = OpenOwned(draft, FileMode.Create, FileShare.None))
        {
            file.Write(key);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, KeyFile);
    }
}
