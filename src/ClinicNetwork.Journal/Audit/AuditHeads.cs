using System.Globalization;
using System.Security.Cryptography;

namespace ClinicNetwork.Journal.Audit;

/// <summary>When a head is due, and its signature.</summary>
/// <param name="origin">Names the tree: a restored store has another incarnation, and so another tree.</param>
/// <param name="key">ECDSA P-256.</param>
/// <param name="apart">How long heads are apart, by what the tree does.</param>
public sealed class AuditHeads(string origin, ECDsa key, TimeProvider time, HeadsApart apart)
{

    /// <summary>A head from further ahead was signed by a clock that was wrong: the next ones must not wait until its time has come.</summary>
    private static readonly TimeSpan ClocksApartMax = TimeSpan.FromSeconds(5);

    private readonly Lock _one = new();

    public AuditHeads(string incarnation, ECDsa key, TimeProvider time)
        : this(incarnation, key, time, HeadsApart.Usual)
    {
    }

    /// <summary>By the wall clock, whatever the store's clock is.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <param name="size">Of the tree now.</param>
    /// <param name="isGrowing">Entries came just now, and others are likely to follow.</param>
    public bool IsDue(SignedHead? last, long size, bool isGrowing) =>
        size > 0 && (last is null || last.At - Now > ClocksApartMax || Now - last.At >= (size == last.Size ? apart.Unchanged : isGrowing ? apart.Growing : apart.Quiet));

    /// <summary>
    /// Signs four lines, each ended by LF: <c>clinicnetwork-audit/{incarnation}</c>, the size, the root in Base64, the time in milliseconds since 1970.
    /// The first three are those of a checkpoint of a transparency log.
    /// </summary>
    /// <param name="last">No head is older than the one before it.</param>
    public SignedHead Sign(SignedHead? last, long size, byte[] root)
    {
        var number = (last?.Number ?? 0) + 1;
        var at = last is not null && last.At > Now ? last.At : Now;
        var note = string.Create(CultureInfo.InvariantCulture, $"clinicnetwork-audit/{origin}\n{size}\n{Convert.ToBase64String(root)}\n{StoredTime.ToStored(at)}\n");
        lock (_one)
        {
            return new(number, size, StoredTime.FromStored(StoredTime.ToStored(at)), note, key.SignData(System.Text.Encoding.UTF8.GetBytes(note), HashAlgorithmName.SHA256));
        }
    }
}

/// <summary>How long heads are apart: an entry is under one within a minute, and a verifier reads some hundreds a day and not many thousands.</summary>
/// <param name="Quiet">The tree has grown and nothing more came for now.</param>
/// <param name="Growing">Entries keep coming: well below the minute that is promised.</param>
/// <param name="Unchanged">Nothing came, and a witness wants to know that the tree still stands.</param>
public sealed record HeadsApart(TimeSpan Quiet, TimeSpan Growing, TimeSpan Unchanged)
{
    public static readonly HeadsApart Usual = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(50), TimeSpan.FromMinutes(10));
}
