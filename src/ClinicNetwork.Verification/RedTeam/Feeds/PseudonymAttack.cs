using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ClinicNetwork.Verification.RedTeam.Feeds;

/// <summary>
/// Pseudonyms that two recipients share (one key for both), and pseudonyms that anybody can make: the first or last 128 bits of an unkeyed hash (SHA-256, SHA-1, MD5, SHA-512 of the UTF-8 text) of
/// an id that the attacker knows. Bound: none.
/// </summary>
internal static class PseudonymAttack
{
    public const string Name = "pseudonyms";

    private const int PseudonymBytes = 16;

    [SuppressMessage("Security", "CA5350", Justification = "What a careless network may have used.")]
    [SuppressMessage("Security", "CA5351", Justification = "What a careless network may have used.")]
    private static readonly Func<byte[], byte[]>[] Hashes = [SHA256.HashData, SHA1.HashData, MD5.HashData, SHA512.HashData];

    /// <param name="ids">Of persons, as the attacker knows them; may be empty.</param>
    public static AttackResult Run(FeedSet feeds, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var (shared, pairs, guessed) = (0, 0, 0);
        for (var a = 0; a < feeds.Feeds.Count; a++)
        {
            for (var b = a + 1; b < feeds.Feeds.Count; b++)
            {
                pairs++;
                shared += feeds.Feeds[a].Persons.Keys.Count(feeds.Feeds[b].Persons.ContainsKey);
            }
        }

        foreach (var id in ids)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var text = Encoding.UTF8.GetBytes(id);
            guessed += Hashes.Select(hash => hash(text)).Any(hash => Has(feeds, hash.AsSpan(..PseudonymBytes)) || Has(feeds, hash.AsSpan(^PseudonymBytes..))) ? 1 : 0;
        }

        return new(
            Name, shared + guessed > 0 ? AttackVerdict.Exceeded : AttackVerdict.Held,
            $"{shared} pseudonyms are at two recipients ({pairs} pairs); {guessed} of {ids.Count} known ids give one by an unkeyed hash",
            new Dictionary<string, double> { ["pairs"] = pairs, ["shared"] = shared, ["ids"] = ids.Count, ["guessed"] = guessed, ["bound"] = 0 });
    }

    private static bool Has(FeedSet feeds, ReadOnlySpan<byte> bytes)
    {
        var pseudonym = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return feeds.Feeds.Any(feed => feed.Persons.ContainsKey(pseudonym));
    }
}
