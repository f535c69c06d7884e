using System.Security.Cryptography;

namespace ClinicNetwork.Server.Keys;

/// <summary>The network's release key: ECDSA P-256, in the key folder, made at the first start (SQLite) or by <c>migrate</c>.</summary>
internal static class ReleaseKeyFile
{
    private const string FileName = "release.key";

    /// <summary>Several processes share the file: only <c>migrate</c> makes it.</summary>
    public static ECDsa Load(string folder) => SecretFile.Read(Path.Combine(folder, FileName), text =>
    {
        var key = ECDsa.Create();
        key.ImportFromPem(text);
        return key;
    });

    public static ECDsa LoadOrCreate(string folder)
    {
        SecretFile.CreateMissing(Path.Combine(folder, FileName), () =>
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return key.ExportPkcs8PrivateKeyPem();
        });
        return Load(folder);
    }
}
