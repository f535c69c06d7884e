using System.Security.Cryptography;
using System.Text;

namespace ClinicNetwork.Journal.Keys;

/// <summary>
/// The one secret of a store: 32 random bytes in a file of mode 0600. It wraps the data keys and gives further secrets by purpose, so
/// that no use of one tells anything about another. Who loses it loses the store; who copies only the database has nothing.
/// </summary>
internal sealed class MasterKey
{
    /// <summary>Bytes of every key and secret here.</summary>
    public const int Length = 32;

    private readonly byte[] _key;

    public MasterKey(byte[] key) =>
        _key = key.Length == Length ? key : throw new ArgumentException($"A master key has {Length} bytes.", nameof(key));

    /// <summary>What a store keeps of its key, so that another key file is found at once and not at the first record; 32 bytes.</summary>
    public byte[] Check() => HMACSHA256.HashData(DeriveSecret("key-check"), "journal.db"u8);

    /// <summary>HKDF-SHA-256 (RFC 5869) with the purpose as info; 32 bytes, the same for ever.</summary>
    public byte[] DeriveSecret(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, Length, info: Encoding.UTF8.GetBytes("clinicnetwork/1/" + purpose));
}
