using System.Security.Cryptography;
using System.Text;

namespace ClinicNetwork.Client;

/// <summary>
/// Request ids: made before the first attempt of something and kept for every retry of it, also over a restart of the caller.
/// </summary>
public static class RequestIds
{
    /// <summary>A new one, never given before: a UUID of version 7 (RFC 9562), 36 characters.</summary>
    public static string New() => Guid.CreateVersion7().ToString();

    /// <summary>
    /// The same one for the same parts, so that work done again is recognised as a repeat. 32 hex digits. Request ids are stored and logged
    /// in clear: no part may be data of a person, not even hashed alone.
    /// </summary>
    public static string From(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            hash.AppendData(BitConverter.GetBytes(part.Length));
            hash.AppendData(Encoding.UTF8.GetBytes(part));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
