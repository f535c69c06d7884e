using System.Security.Cryptography;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Server;

/// <summary>The network's release key: ECDSA P-256, in the data folder, mode 0600, made at the first start.</summary>
internal static class ReleaseKeyFile
{
    private const string FileName = "release.key";

    public static ECDsa LoadOrCreate(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(path))
        {
            try
            {
                key.ImportFromPem(File.ReadAllText(path));
                return key;
            }
            catch (Exception exception) when (exception is ArgumentException or CryptographicException)
            {
                throw new StoreRefusedException($"The key file {path} is no private key; restore it from its backup.");
            }
        }

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
