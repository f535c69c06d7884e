using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>The files of a store, readable by their owner only, and the lock that lets one process at a time have them.</summary>
internal sealed class StoreFolder : IDisposable
{
    private readonly FileStream _lock;

    private StoreFolder(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    public string JournalFile => JournalFileIn(Path);

    public static string JournalFileIn(string folder) => System.IO.Path.Combine(folder, "journal.db");

    /// <summary>
    /// Makes the folder if need be and locks it. Throws <see cref="StoreRefusedException"/> when it is in use. The lock is the operating
    /// system's and ends with the process, however that ends; it does not reach over network file systems without locks.
    /// </summary>
    public static StoreFolder Lock(string folder)
    {
        var path = System.IO.Path.GetFullPath(folder);
        try
        {
            OwnedFiles.CreateFolder(path);
            var file = System.IO.Path.Combine(path, "lock");
            return new StoreFolder(path, OwnedFiles.Open(file, FileMode.OpenOrCreate, FileShare.None));
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
            OwnedFiles.Open(JournalFile, FileMode.CreateNew, FileShare.ReadWrite).Dispose();
        }
    }

    public void Dispose() => _lock.Dispose();
}
