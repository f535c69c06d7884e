using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace ClinicNetwork.Journal.Keys;

/// <summary>
/// AES-256-GCM as <c>nonce (12) ‖ tag (16) ‖ ciphertext</c>. Nonces are random: with at most a few thousand messages under one data key,
/// far below the 2^32 of NIST SP 800-38D, section 8.3.
/// </summary>
internal static class Sealing
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>Bytes that sealing adds.</summary>
    public const int Overhead = NonceBytes + TagBytes;

    public static byte[] Seal(byte[] key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> context)
    {
        var sealedBytes = new byte[Overhead + plain.Length];
        SealInto(key, plain, context, sealedBytes);
        return sealedBytes;
    }

    public static void SealInto(byte[] key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> context, Span<byte> target)
    {
        var nonce = target[..NonceBytes];
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, target[Overhead..], target.Slice(NonceBytes, TagBytes), context);
    }

    public static bool TryOpen(byte[] key, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> context, [NotNullWhen(true)] out byte[]? plain)
    {
        plain = null;
        if (sealedBytes.Length < Overhead)
        {
            return false;
        }

        var opened = new byte[sealedBytes.Length - Overhead];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(sealedBytes[..NonceBytes], sealedBytes[Overhead..], sealedBytes.Slice(NonceBytes, TagBytes), opened, context);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        plain = opened;
        return true;
    }
}
