using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Server;

/// <summary>The network's release key: ECDSA P-256, in the key folder, mode 0600, made at the first start (SQLite) or by <c>migrate</c>.</summary>
internal static class ReleaseKeyFile
{
    private const string FileName = "release.key";

    /// <summary>Several processes share the file: only <c>migrate</c> makes it.</summary>
    public static ECDsa Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            return key;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StoreRefusedException($"The key file {path} is missing; restore it from its backup, or let 'migrate' make it for a new network.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreRefusedException($"The key file {path} cannot be read: {exception.Message}");
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            throw new StoreRefusedException($"The key file {path} is no private key; restore it from its backup.");
        }
    }

    /// <summary>Makes the key where there is none. Of several who do so at once one is first, and all get its key.</summary>
    public static ECDsa LoadOrCreate(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            try
            {
                Create(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new StoreRefusedException($"The key file {path} cannot be written: {exception.Message}");
            }
        }

        return Load(folder);
    }

    /// <summary>Written aside under a name of its own, then put in place: a kill leaves either no key or a whole one.</summary>
    private static void Create(string path)
    {
        var draft = $"{path}.{Guid.NewGuid():N}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
            using (var stream = new FileStream(draft, options))
            using (var writer = new StreamWriter(stream))
            {
                writer.Write(key.ExportPkcs8PrivateKeyPem());
                writer.Flush();
                stream.Flush(flushToDisk: true);
            }

            PutInPlace(draft, path);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Never in the place of another's. <see cref="File.Move(string, string)"/> looks first and then renames, and so would be, at times.</summary>
    private static void PutInPlace(string draft, string path)
    {
        if (!OperatingSystem.IsWindows() && Link(draft, path) == 0)
        {
            return;
        }

        // Windows, a file system without hard links, or another was first.
        try
        {
            File.Move(draft, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            // The other's key is the network's.
        }
    }

    /// <summary>link(2): fails when there is a file of the new name.</summary>
    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string added);
}
