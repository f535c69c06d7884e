using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace ClinicNetwork.Gateway.Identity.Tokens;

/// <summary>
/// The public key that a JWK's own numbers are. Certificates beside them (<c>x5c</c>, <c>x5u</c>, <c>x5t</c>) are not looked at: they may be of another key,
/// and the library would verify by them.
/// </summary>
internal static class PublicKeys
{
    /// <summary>NIST SP 800-131A revision 2, table 2.</summary>
    private const int RsaBitsMin = 2_048;

    /// <returns>Null: it is none of RSA or a known curve, or so weak that anybody signs by it.</returns>
    public static SecurityKey? Of(JsonWebKey said)
    {
        try
        {
            return said.Kty switch
            {
                JsonWebAlgorithmsKeyTypes.RSA => RsaOf(Number(said.N), Number(said.E)),
                JsonWebAlgorithmsKeyTypes.EllipticCurve => EcOf(said),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or CryptographicException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Counted in the number itself: zeros before it make its text longer, not the key stronger. Under the exponent 1 every text is its own signature.</summary>
    private static RsaSecurityKey? RsaOf(BigInteger modulus, BigInteger exponent) => modulus.GetBitLength() < RsaBitsMin || exponent < 3 || exponent.IsEven
        ? null
        : new(RSA.Create(new RSAParameters { Modulus = modulus.ToByteArray(isUnsigned: true, isBigEndian: true), Exponent = exponent.ToByteArray(isUnsigned: true, isBigEndian: true) }));

    /// <exception cref="CryptographicException">The point is not on the curve.</exception>
    private static ECDsaSecurityKey? EcOf(JsonWebKey said)
    {
        ECCurve? curve = said.Crv switch
        {
            JsonWebKeyECTypes.P256 => ECCurve.NamedCurves.nistP256,
            JsonWebKeyECTypes.P384 => ECCurve.NamedCurves.nistP384,
            JsonWebKeyECTypes.P521 => ECCurve.NamedCurves.nistP521,
            _ => null,
        };
        return curve is { } named ? new(ECDsa.Create(new ECParameters { Curve = named, Q = new() { X = Base64Url.DecodeFromChars(said.X), Y = Base64Url.DecodeFromChars(said.Y) } })) : null;
    }

    private static BigInteger Number(string text) => new(Base64Url.DecodeFromChars(text), isUnsigned: true, isBigEndian: true);
}
