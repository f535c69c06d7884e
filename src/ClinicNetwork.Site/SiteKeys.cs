using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Site;

/// <summary>What of a site's file is sealed by what: each patient has a key of its own, wrapped by the key file's; names of rows are keyed hashes.</summary>
internal sealed class SiteKeys(MasterKey master)
{
    private readonly KeyWrap _wrap = new(master);
    private readonly byte[] _names = master.DeriveSecret("site-names");

    /// <summary>Of what is no patient's.</summary>
    public StreamKey Own { get; } = new("site", master.DeriveSecret("site-own-id")[..StreamKey.IdBytes], master.DeriveSecret("site-own"));

    public byte[] Check => master.Check();

    /// <summary>The row of a patient, or of a request id.</summary>
    public byte[] RowOf(string name) => HMACSHA256.HashData(_names, Encoding.UTF8.GetBytes(name));

    public byte[] Wrap(StreamKey key) => [.. key.KeyId, .. _wrap.Wrap(key)];

    public StreamKey Unwrap(byte[] row, byte[] wrapped) => _wrap.Unwrap(StreamOf(row), wrapped[..StreamKey.IdBytes], wrapped[StreamKey.IdBytes..]);

    public static StreamKey Create(byte[] row) => StreamKey.Create(StreamOf(row));

    private static string StreamOf(byte[] row) => Convert.ToHexStringLower(row);
}
