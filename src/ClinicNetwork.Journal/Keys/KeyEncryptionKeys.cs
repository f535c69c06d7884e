using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClinicNetwork.Journal.Keys;

/// <summary>
/// What wraps the holders' keys: version 1 is derived from master.key, each later one from a file <c>kek-N.key</c> beside it. Which version is
/// in use stands in the database; a server only has to be able to read every version that is.
/// </summary>
internal sealed class KeyEncryptionKeys(string folder, MasterKey master)
{
    private const string Purpose = "wrap-holder-keys";

    private readonly ConcurrentDictionary<int, byte[]> _keys = new();

    public static string FileOf(string folder, int version) =>
        version == 1 ? MasterKeyFile.FileIn(folder) : Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"kek-{version}.key"));

    /// <summary>The highest version that has a file; 1 when there is none but master.key.</summary>
    public static int NewestIn(string folder) =>
        Directory.EnumerateFiles(folder, "kek-*.key")
            .Select(file => int.TryParse(Path.GetFileNameWithoutExtension(file)["kek-".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 1)
            .Append(1).Max();

    /// <summary>Makes the file of the next version; nothing is wrapped by it before the keys are rotated.</summary>
    /// <exception cref="StoreRefusedException">It cannot be made.</exception>
    public static int Add(string folder)
    {
        var version = NewestIn(folder) + 1;
        try
        {
            MasterKeyFile.Write(FileOf(folder, version), RandomNumberGenerator.GetBytes(MasterKey.Length));
            return version;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new StoreRefusedException($"The key file {FileOf(folder, version)} cannot be made ({e.GetType().Name}); run this where the key folder can be written.", e);
        }
    }

    public HolderKeyRow Wrap(HolderKey key, int version) =>
        new(key.Holder, key.KeyId, version, Sealing.Seal(KeyOf(version), key.Key, Context(key.Holder, key.KeyId, version)));

    /// <summary>Throws <see cref="StoreDamagedException"/> when the row is not what was written there, <see cref="StoreRefusedException"/> when its version's file is missing.</summary>
    public HolderKey Unwrap(HolderKeyRow row) =>
        row.Wrapped is { } wrapped && Sealing.TryOpen(KeyOf(row.KekVersion), wrapped, Context(row.Holder, row.KeyId, row.KekVersion), out var key)
            ? new HolderKey(row.Holder, row.KeyId, key)
            : throw new StoreDamagedException($"The key of {row.Holder} cannot be unwrapped.");

    /// <exception cref="StoreRefusedException">A version's file is missing or no key.</exception>
    public void RefuseMissing(IEnumerable<int> versions)
    {
        foreach (var version in versions)
        {
            KeyOf(version);
        }
    }

    private byte[] KeyOf(int version) => _keys.GetOrAdd(version, one => one == 1 ? master.DeriveSecret(Purpose) : Read(one).DeriveSecret(Purpose));

    private MasterKey Read(int version)
    {
        var file = FileOf(folder, version);
        try
        {
            return MasterKeyFile.Read(file);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new StoreRefusedException($"The key file {file} is missing or cannot be read ({e.GetType().Name}); copy it from another server, or restore it from its backup.", e);
        }
    }

    private static byte[] Context(string holder, byte[] keyId, int version) =>
        [.. "holder-key"u8, .. BitConverter.GetBytes(version), .. keyId, .. Encoding.UTF8.GetBytes(holder)];
}
