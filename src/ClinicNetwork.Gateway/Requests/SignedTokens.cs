using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ClinicNetwork.Gateway.Requests;

/// <summary>
/// Opaque, signed tokens for cursors, page tokens and etags: what a caller sends back is what this store handed out for this very purpose.
/// Bound to the store's incarnation.
/// </summary>
public sealed class SignedTokens(byte[] key, string incarnation)
{
    /// <summary>128 bits of an HMAC-SHA-256.</summary>
    private const int TagBytes = 16;

    private const int LengthMax = 1024;

    /// <param name="purpose">For example <c>worklist/clinics/harbour</c>; a token of another purpose does not open.</param>
    public string Seal(string purpose, string payload)
    {
        var body = Encoding.UTF8.GetBytes(incarnation + "\n" + payload);
        return Base64Url.EncodeToString([.. Tag(purpose, body), .. body]);
    }

    public TokenVerdict Open(string purpose, string token, out string payload)
    {
        payload = "";
        if (token.Length is 0 or > LengthMax || !Base64Url.IsValid(token))
        {
            return TokenVerdict.Forged;
        }

        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length <= TagBytes || Base64Url.EncodeToString(bytes) != token)
        {
            // Blanks and left-over bits: another text of the same bytes was never handed out.
            return TokenVerdict.Forged;
        }

        var body = bytes.AsSpan(TagBytes);
        var text = Encoding.UTF8.GetString(body);
        var cut = text.IndexOf('\n', StringComparison.Ordinal);
        if (cut > 0 && text.AsSpan(0, cut) is var from && !from.SequenceEqual(incarnation))
        {
            // Another incarnation has the same key after a restore, or another one; either way the token is not of this store.
            return TokenVerdict.OtherStore;
        }

        if (cut < 0 || !CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, TagBytes), Tag(purpose, body)))
        {
            return TokenVerdict.Forged;
        }

        payload = text[(cut + 1)..];
        return TokenVerdict.Good;
    }

    private byte[] Tag(string purpose, ReadOnlySpan<byte> body)
    {
        byte[] tagged = [.. Encoding.UTF8.GetBytes(purpose), 0, .. body];
        return HMACSHA256.HashData(key, tagged)[..TagBytes];
    }
}

public enum TokenVerdict
{
    Good,

    /// <summary>Made by another incarnation of the store.</summary>
    OtherStore,

    /// <summary>Not made here, or for another purpose.</summary>
    Forged,
}
