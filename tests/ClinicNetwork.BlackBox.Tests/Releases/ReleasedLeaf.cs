using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Protocol.Exchange.V1;

namespace ClinicNetwork.BlackBox.Tests.Releases;

/// <summary>The leaf of a row, written from docs/release-format.md.</summary>
internal static class ReleasedLeaf
{
    public static byte[] Of(ReadOnlySpan<byte> salt, IEnumerable<string> values) =>
        SHA256.HashData([0x00, .. salt, .. Encoding.UTF8.GetBytes(string.Join('\t', values))]);

    public static string Of(ReleasedRow row) => Convert.ToHexString(IsLeafOnly(row) ? row.Leaf.ToByteArray() : Of(row.Salt.Span, row.Values));

    public static bool IsLeafOnly(ReleasedRow row) => row is { Values.Count: 0, Salt.Length: 0, Leaf.Length: 32 };
}
