using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Anonymisation;

namespace ClinicNetwork.Grains.Releases;

/// <summary>
/// Everything keyed in a release, derived from the store's master key: pseudonyms per recipient and epoch, salts, order, withholding,
/// cell names. All but the signature is deterministic, so that a publication repeated after a kill gives the same rows and roots.
/// </summary>
public sealed class ReleaseSecrets(Func<string, byte[]> deriveSecret, ECDsa signingKey)
{
    private readonly ConcurrentDictionary<string, byte[]> _keys = new(StringComparer.Ordinal);

    /// <summary>SubjectPublicKeyInfo, PEM.</summary>
    public string PublicKeyPem => signingKey.ExportSubjectPublicKeyInfoPem() + "\n";

    /// <summary>What the network is called in manifests: 32 hex digits, the same for as long as the master key is, also after a restore.</summary>
    public string Network => Convert.ToHexStringLower(Key("release-network").AsSpan(0, 16));

    /// <summary>128 bits as 32 hex digits; means nothing at another recipient, or under another epoch.</summary>
    public string Pseudonym(string recipient, int epoch, string person) =>
        Convert.ToHexStringLower(Hash(Key(string.Create(CultureInfo.InvariantCulture, $"pseudonym/{recipient}/{epoch}")), person).AsSpan(0, 16));

    /// <summary>Salt of a row of a recipient's batch.</summary>
    public byte[] Salt(string recipient, int batch, string person, string milestone) =>
        Hash(Key("salt/" + recipient), string.Create(CultureInfo.InvariantCulture, $"{batch}|{person}|{milestone}"))[..MerkleTree.SaltBytes];

    /// <summary><c>c-</c> and 16 hex digits.</summary>
    public string CellName(int publication, string firstMember) =>
        "c-" + Convert.ToHexStringLower(Hash(EngineKey, string.Create(CultureInfo.InvariantCulture, $"cell|{publication}|{firstMember}")).AsSpan(0, 8));

    /// <summary>Where a row stands in its batch: order by this and nothing else.</summary>
    public UInt128 ShuffleKey(string recipient, int batch, string person, string milestone) => BinaryPrimitives.ReadUInt128BigEndian(
        Hash(EngineKey, string.Create(CultureInfo.InvariantCulture, $"shuffle|{recipient}|{batch}|{person}|{milestone}")));

    /// <summary>Whom the red team attacks, when there are more than it needs: those of the lowest numbers.</summary>
    public ulong SampleKey(string person) => BinaryPrimitives.ReadUInt64BigEndian(Hash(EngineKey, "sample|" + person));

    /// <summary>A number in [0, 1) fixed for cell and milestone.</summary>
    public double Chance(string cell, string milestone) => (BinaryPrimitives.ReadUInt64BigEndian(Hash(EngineKey, $"withhold|{cell}|{milestone}")) >> 11) * (1.0 / (1UL << 53));

    /// <summary>ECDSA P-256 with SHA-256, IEEE P1363.</summary>
    public byte[] Sign(ReadOnlySpan<byte> document) => signingKey.SignData(document, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    private byte[] EngineKey => Key("release-engine");

    private byte[] Key(string purpose) => _keys.GetOrAdd(purpose, deriveSecret);

    private static byte[] Hash(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
