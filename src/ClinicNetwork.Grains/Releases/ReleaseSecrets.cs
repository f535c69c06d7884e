using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Anonymisation;

namespace ClinicNetwork.Grains.Releases;

/// <summary>
/// Everything keyed in a release, derived from the store's master key: pseudonyms per recipient and epoch, salts, shuffling, withholding,
/// cell names. All but the signature is deterministic, so that a publication repeated after a kill gives the same rows and root.
/// </summary>
public sealed class ReleaseSecrets(Func<string, byte[]> deriveSecret, ECDsa signingKey)
{
    /// <summary>The only recipient until identity is in place: whoever is connected on loopback.</summary>
    public const string LocalRecipient = "local";

    /// <summary>A cell keeps its epoch for life; there is one so far.</summary>
    private const int Epoch = 1;

    private readonly byte[] _pseudonymKey = deriveSecret(string.Create(CultureInfo.InvariantCulture, $"pseudonym/{LocalRecipient}/{Epoch}"));
    private readonly byte[] _saltKey = deriveSecret($"salt/{LocalRecipient}");
    private readonly byte[] _engineKey = deriveSecret("release-engine");

    /// <summary>SubjectPublicKeyInfo, PEM.</summary>
    public string PublicKeyPem => signingKey.ExportSubjectPublicKeyInfoPem() + "\n";

    /// <summary>128 bits as 32 hex digits; means nothing at another recipient.</summary>
    public string Pseudonym(string person) => Hex(_pseudonymKey, person, 16);

    /// <summary>Salt of a row of a batch.</summary>
    public byte[] Salt(int batch, string person, string milestone) =>
        HMACSHA256.HashData(_saltKey, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{batch}|{person}|{milestone}")))[..MerkleTree.SaltBytes];

    /// <summary><c>c-</c> and 16 hex digits.</summary>
    public string CellName(int formation, string firstMember) => "c-" + Hex(_engineKey, string.Create(CultureInfo.InvariantCulture, $"cell|{formation}|{firstMember}"), 8);

    /// <summary>Where a row stands in its batch: order by this and nothing else.</summary>
    public string ShuffleKey(int batch, string person, string milestone) =>
        Hex(_engineKey, string.Create(CultureInfo.InvariantCulture, $"shuffle|{batch}|{person}|{milestone}"), 16);

    /// <summary>A number in [0, 1) fixed for cell and milestone.</summary>
    public double Chance(string cell, string milestone)
    {
        var hash = HMACSHA256.HashData(_engineKey, Encoding.UTF8.GetBytes($"withhold|{cell}|{milestone}"));
        return (BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>ECDSA P-256 with SHA-256, IEEE P1363.</summary>
    public byte[] Sign(ReadOnlySpan<byte> manifest) => signingKey.SignData(manifest, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <summary>The row as this recipient gets it, with its salt and its leaf. <paramref name="values"/> begin with cell and milestone.</summary>
    public (byte[] Salt, IReadOnlyList<string> Values, byte[] Leaf) Seal(int batch, string person, IReadOnlyList<string> values)
    {
        var (salt, full) = (Salt(batch, person, values[1]), WithPseudonym(person, values));
        return (salt, full, MerkleTree.Leaf(salt, full));
    }

    /// <summary>The values as this recipient gets them.</summary>
    public IReadOnlyList<string> WithPseudonym(string person, IReadOnlyList<string> values) => [Pseudonym(person), .. values];

    private static string Hex(byte[] key, string text, int bytes) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)).AsSpan(0, bytes));
}
