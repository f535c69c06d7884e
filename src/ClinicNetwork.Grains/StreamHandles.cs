using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains;

/// <summary>
/// What logs call a stream by. Its name is an id that a clinic chose, and may be a record number; so it is sealed under a key of the network: the same stream
/// has the same handle, so that lines about it are found together, and <c>ClinicNetwork.Server stream HANDLE</c> tells its name to whoever has the keys.
/// </summary>
/// <param name="secret">32 bytes.</param>
public sealed class StreamHandles(byte[] secret)
{
    /// <summary>Purpose of <see cref="IStore.DeriveSecret"/>.</summary>
    public const string Purpose = "stream-handles";

    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int NameBytesMax = 256;

    private readonly byte[] _key = HMACSHA256.HashData(secret, "seal"u8.ToArray());

    public string Of(string stream)
    {
        var name = Encoding.UTF8.GetBytes(stream);
        // Made from the name, so that one name has one handle and no two names share a nonce.
        var nonce = Nonce(name);
        var (sealedName, tag) = (new byte[name.Length], new byte[TagBytes]);
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(nonce, name, sealedName, tag);
        return Base64Url.EncodeToString([.. nonce, .. tag, .. sealedName]);
    }

    /// <summary>Null: no handle of this network.</summary>
    public string? Open(string handle)
    {
        if (handle.Length > Base64Url.GetEncodedLength(NonceBytes + TagBytes + NameBytesMax) || !Base64Url.IsValid(handle))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(handle).AsSpan();
        if (bytes.Length <= NonceBytes + TagBytes)
        {
            return null;
        }

        var name = new byte[bytes.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(_key, TagBytes);
        try
        {
            aes.Decrypt(bytes[..NonceBytes], bytes[(NonceBytes + TagBytes)..], bytes[NonceBytes..(NonceBytes + TagBytes)], name);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return Encoding.UTF8.GetString(name);
    }

    /// <summary>For the log: our own words about a damaged stream, its name replaced; of any other exception kinds and frames, since its text may repeat a value.</summary>
    public string Told(Exception exception, string stream) => exception is StoreDamagedException or UnknownEventException
        ? exception.Message.Replace(stream, Of(stream), StringComparison.Ordinal)
        : ExceptionFrames.Of(exception);

    private byte[] Nonce(byte[] name) => HMACSHA256.HashData(secret, (byte[])[.. "nonce"u8, .. name])[..NonceBytes];
}
