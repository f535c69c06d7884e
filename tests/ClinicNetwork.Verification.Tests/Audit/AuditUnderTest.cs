using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Verification.Audit;

namespace ClinicNetwork.Verification.Tests.Audit;

/// <summary>An audit as a network would tell it, made by docs/audit.md and by nothing of the network's own; tests spoil it.</summary>
internal sealed class AuditUnderTest : IDisposable
{
    public const string Origin = "clinicnetwork-audit/0123";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public List<PlacedLeaf> Leaves { get; } = [];

    public List<AuditHead> Heads { get; } = [];

    public string Pem => _key.ExportSubjectPublicKeyInfoPem();

    /// <param name="headEvery">A head after so many entries.</param>
    public static AuditUnderTest Of(int entries, int headEvery)
    {
        var audit = new AuditUnderTest();
        for (var i = 0; i < entries; i++)
        {
            audit.Leaves.Add(Placed(i, Entry(i)));
            if ((i + 1) % headEvery == 0)
            {
                audit.Sign(i + 1);
            }
        }

        return audit;
    }

    public static AuditedEntry Entry(int i) => new(
        1_700_000_000_000 + i, i % 3 == 0 ? "RecordDose" : "care.v1.PatientService/GetPlan", "nurse-" + i % 5, "harbour", "pt-" + i % 11, i % 3 == 0 ? i + 1 : 0,
        i % 3 == 0 ? "" : "TREAT", "OK", 1, i % 3 == 0 ? SHA256.HashData(BitConverter.GetBytes(i)) : ReadOnlyMemory<byte>.Empty);

    public static PlacedLeaf Placed(long position, AuditedEntry entry) => new(position, LeafOf(position, entry), entry);

    public void Sign(int size, ECDsa? key = null)
    {
        var note = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{Origin}\n{size}\n{Convert.ToBase64String(Root(Leaves.Take(size).Select(leaf => leaf.Leaf.ToArray()).ToList()))}\n{1_700_000_000_000 + size}\n"));
        Heads.Add(new(Heads.Count + 1, note, (key ?? _key).SignData(note, HashAlgorithmName.SHA256)));
    }

    public SeenRoot Seen(int size) => new(Origin, size, Convert.ToBase64String(Root(Leaves.Take(size).Select(leaf => leaf.Leaf.ToArray()).ToList())));

    /// <summary>Gives an entry another place and makes its leaf anew, as whoever may write to the database can.</summary>
    public void Replace(int position, AuditedEntry entry) => Leaves[position] = Placed(position, entry);

    public AuditReport Verify(string? known = null, params SeenRoot[] seen)
    {
        using var verifier = new AuditVerifier(Pem, known, Heads, seen);
        foreach (var leaf in Leaves)
        {
            verifier.Add(leaf);
        }

        return verifier.Finish();
    }

    public void Dispose() => _key.Dispose();

    /// <summary>RFC 9162, section 2.1.1.</summary>
    public static byte[] Root(IReadOnlyList<byte[]> leaves)
    {
        var level = leaves.ToList();
        while (level.Count > 1)
        {
            // The same tree, a level at a time: an odd one goes up as it is.
            level = [.. level.Chunk(2).Select(pair => pair.Length == 2 ? SHA256.HashData([1, .. pair[0], .. pair[1]]) : pair[0])];
        }

        return level[0];
    }

    private static byte[] LeafOf(long position, AuditedEntry entry)
    {
        using var bytes = new MemoryStream();
        bytes.WriteByte(0);
        Span<byte> eight = stackalloc byte[8];
        foreach (var number in (long[])[position, entry.AtMilliseconds, entry.Version, entry.Count])
        {
            BinaryPrimitives.WriteInt64BigEndian(eight, number);
            bytes.Write(eight);
        }

        foreach (var text in (string[])[entry.Action, entry.Actor, entry.Site, entry.Subject, entry.Purpose, entry.Outcome])
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            bytes.Write([(byte)(utf8.Length >> 8), (byte)utf8.Length]);
            bytes.Write(utf8);
        }

        bytes.Write(entry.Content.Span);
        return SHA256.HashData(bytes.ToArray());
    }
}
