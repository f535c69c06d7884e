using System.Security.Cryptography;

namespace ClinicNetwork.Journal.Keys;

/// <summary>
/// The data key of one stream and what is derived from it. Hashes are keyed because what they cover has little entropy: nine answers of a
/// PHQ-9 are guessed in no time from a plain SHA-256.
/// </summary>
internal sealed class StreamKey(string stream, byte[] keyId, byte[] dataKey)
{
    /// <summary>Bytes of a key id.</summary>
    public const int IdBytes = 16;

    public string Stream { get; } = stream;

    public byte[] KeyId { get; } = keyId;

    public byte[] DataKey { get; } = dataKey;

    public byte[] EncryptionKey => field ??= Derive(DataKey, "encrypt"u8);

    /// <summary>Derived when first asked for, as the others are: who reads released rows needs one of the three.</summary>
    private byte[] RowKey => field ??= Derive(DataKey, "row-hash"u8);

    private byte[] PayloadKey => field ??= Derive(DataKey, "payload-hash"u8);

    public static StreamKey Create(string stream) =>
        new(stream, RandomNumberGenerator.GetBytes(IdBytes), RandomNumberGenerator.GetBytes(MasterKey.Length));

    /// <summary>What is stored of a request's payload hash.</summary>
    public byte[] HashPayload(byte[] payloadHash) => HMACSHA256.HashData(PayloadKey, payloadHash);

    /// <summary>The hash that chains a row to the one before it; <paramref name="row"/> is its canonical form.</summary>
    public byte[] HashRow(ReadOnlySpan<byte> row) => HMACSHA256.HashData(RowKey, row);

    private static byte[] Derive(byte[] dataKey, ReadOnlySpan<byte> purpose)
    {
        var derived = new byte[MasterKey.Length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, dataKey, derived, salt: [], info: purpose);
        return derived;
    }
}
