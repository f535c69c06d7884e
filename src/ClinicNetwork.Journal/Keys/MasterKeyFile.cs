using System.Security.Cryptography;

namespace ClinicNetwork.Journal.Keys;

/// <summary>The file master.key of a store.</summary>
internal static class MasterKeyFile
{
    public static string FileIn(string folder) => Path.Combine(folder, "master.key");

    /// <summary>
    /// Reads the key file. A new key is made only for a store that holds nothing yet; for any other a lost key is refused, because a new
    /// one would make every record unreadable for good.
    /// </summary>
    /// <exception cref="StoreRefusedException">It is missing, cannot be read or made, or is no key.</exception>
    public static MasterKey Load(string folder, bool storeExists)
    {
        var file = FileIn(folder);
        try
        {
            return Load(folder, file, storeExists);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new StoreRefusedException(
                $"The key file {file} cannot be read or made ({e.GetType().Name}); it and its folder must be owned by the user that runs the server.", e);
        }
    }

    private static MasterKey Load(string folder, string file, bool storeExists)
    {
        if (!File.Exists(file))
        {
            if (storeExists)
            {
                throw new StoreRefusedException($"The key file {file} is missing; restore it from its backup, the records cannot be read without it.");
            }

            OwnedFiles.CreateFolder(folder);
            Write(file, RandomNumberGenerator.GetBytes(MasterKey.Length));
        }

        return Read(file);
    }

    /// <exception cref="StoreRefusedException">It is no key.</exception>
    internal static MasterKey Read(string file)
    {
        var key = File.ReadAllBytes(file);
        return key.Length == MasterKey.Length
            ? new MasterKey(key)
            : throw new StoreRefusedException($"The key file {file} has {key.Length} bytes instead of {MasterKey.Length}; restore it from its backup.");
    }

    /// <summary>Whole or not at all: written beside, flushed to the disk, renamed.</summary>
    internal static void Write(string file, byte[] key)
    {
        var draft = file + ".new";
        using (var stream = OwnedFiles.Open(draft, FileMode.Create, FileShare.None))
        {
            stream.Write(key);
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, file);
    }
}
