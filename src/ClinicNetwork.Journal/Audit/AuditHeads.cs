using System.Globalization;
using System.Security.Cryptography;

namespace ClinicNetwork.Journal.Audit;

/// <summary>When a head is due, and its signature.</summary>
/// <param name="origin">Names the tree: a restored store has another incarnation, and so another tree.</param>
/// <param name="key">ECDSA P-256.</param>
/// <param name="grown">Time between heads of a tree that grows.</param>
/// <param name="idle">Time between heads of one that does not, so that a witness knows that it still stands.</param>
public sealed class AuditHeads(string origin, ECDsa key, TimeProvider time, TimeSpan grown, TimeSpan idle)
{
    /// <summary>Longest time between two heads, seconds; a head is due sooner, so that a busy store keeps it.</summary>
    public const int SecondsMax = 60;

    private static readonly TimeSpan GrownUsual = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleUsual = TimeSpan.FromSeconds(SecondsMax - 10);

    /// <summary>A head from further ahead was signed by a clock that was wrong: the next ones must not wait until its time has come.</summary>
    private static readonly TimeSpan ClocksApartMax = TimeSpan.FromSeconds(5);

    private readonly Lock _one = new();

    public AuditHeads(string incarnation, ECDsa key, TimeProvider time)
        : this(incarnation, key, time, GrownUsual, IdleUsual)
    {
    }

    /// <summary>By the wall clock, whatever the store's clock is.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <param name="size">Of the tree now.</param>
    public bool IsDue(SignedHead? last, long size) =>
        size > 0 && (last is null || last.At - Now > ClocksApartMax || Now - last.At >= (size > last.Size ? grown : idle));

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
