using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ClinicNetwork.Journal.Keys;

/// <summary>
/// The key of one that may read: a clinic, or the network for what is no patient's. It wraps data keys; a wrap opens for its stream, data key
/// and holder only.
/// </summary>
internal sealed class HolderKey(string holder, byte[] keyId, byte[] key)
{
    /// <summary>Holder of the streams that are no patient's. A clinic's name has a slash in it.</summary>
    public const string Network = "network";

    public string Holder { get; } = holder;

    public byte[] KeyId { get; } = keyId;

    public byte[] Key { get; } = key;

    public static HolderKey Create(string holder) =>
        new(holder, RandomNumberGenerator.GetBytes(StreamKey.IdBytes), RandomNumberGenerator.GetBytes(MasterKey.Length));

    public KeyWrapRow Wrap(StreamKey key) => new(key.Stream, Holder, KeyId, Sealing.Seal(Key, key.DataKey, Context(key.Stream, key.KeyId)));

    public bool TryUnwrap(string stream, byte[] dataKeyId, byte[] wrapped, [NotNullWhen(true)] out StreamKey? key)
    {
        key = Sealing.TryOpen(Key, wrapped, Context(stream, dataKeyId), out var dataKey) ? new StreamKey(stream, dataKeyId, dataKey) : null;
        return key is not null;
    }

    /// <summary>Both ids have a fixed length, and no holder has a NUL in it.</summary>
    private byte[] Context(string stream, byte[] dataKeyId) => [.. "data-key"u8, .. KeyId, .. dataKeyId, .. Encoding.UTF8.GetBytes(Holder + '\0' + stream)];
}

/// <summary>A holder's key as it lies in its table.</summary>
/// <param name="Wrapped">Null: destroyed.</param>
internal sealed record HolderKeyRow(string Holder, byte[] KeyId, int KekVersion, byte[]? Wrapped);

/// <summary>A data key wrapped for one holder, as it lies in its table.</summary>
/// <param name="Emergency">The holder has it for an emergency alone.</param>
internal sealed record KeyWrapRow(string Stream, string Holder, byte[] HolderKeyId, byte[] Wrapped, bool Emergency = false);
