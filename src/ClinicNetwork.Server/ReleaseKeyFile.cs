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

    public static ECDsa LoadOrCreate(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (File.Exists(path))
        {
            return Load(folder);
        }

        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // Written aside and renamed, so that a kill leaves either no key or a whole one.
        var aside = path + ".new";
        File.Delete(aside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(aside, options))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(key.ExportPkcs8PrivateKeyPem());
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        File.Move(aside, path);
        return key;
    }
}
