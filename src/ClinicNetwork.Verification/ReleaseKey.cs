using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace ClinicNetwork.Verification;

/// <summary>The network's public release key, ECDSA over P-256, and what it signed (SHA-256, IEEE P1363).</summary>
internal sealed class ReleaseKey : IDisposable
{
    private const string PemLabel = "PUBLIC KEY";
    private const string P256 = "1.2.840.10045.3.1.7";
    private const int SignatureBytes = 64;

    /// <summary>Size of manifest.sig: 64 bytes in base64, nothing else (no line end).</summary>
    public const int SignatureTextBytes = 88;

    private readonly ECDsa _key;

    private ReleaseKey(ECDsa key) => _key = key;

    /// <summary>The key of a PEM text; null unless it is exactly one P-256 public key.</summary>
    public static ReleaseKey? Read(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            var fields = PemEncoding.Find(pem);
            if (pem[fields.Label] == PemLabel)
            {
                var info = Convert.FromBase64String(pem[fields.Base64Data]);
                key.ImportSubjectPublicKeyInfo(info, out var read);
                if (read == info.Length && key.ExportParameters(false).Curve is { IsNamed: true, Oid.Value: P256 })
                    return new ReleaseKey(key);
            }
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or CryptographicException or NotSupportedException)
        {
            // Not a key, or one of a curve the platform does not know (NotSupportedException): null says so.
        }

        key.Dispose();
        return null;
    }

    public bool IsSame(ReleaseKey other) => _key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(other._key.ExportSubjectPublicKeyInfo());

    /// <summary>
    /// Whether <paramref name="signatureText"/> signs <paramref name="data"/>. Base64 leaves four unused bits here; they must be 0, so that
    /// a signature has one spelling.
    /// </summary>
    public bool Signed(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signatureText)
    {
        Span<byte> signature = stackalloc byte[SignatureBytes + 2];
        Span<byte> canonical = stackalloc byte[SignatureTextBytes];
        if (signatureText.Length != SignatureTextBytes) return false;
        if (Base64.DecodeFromUtf8(signatureText, signature, out _, out var written) != OperationStatus.Done || written != SignatureBytes)
            return false;
        Base64.EncodeToUtf8(signature[..SignatureBytes], canonical, out _, out _);
        return canonical.SequenceEqual(signatureText)
            && _key.VerifyData(
                data, signature[..SignatureBytes], HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    public void Dispose() => _key.Dispose();
}
