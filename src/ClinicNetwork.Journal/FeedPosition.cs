using System.Globalization;

namespace ClinicNetwork.Journal;

/// <summary>A place in a feed, in commit order: after the entries of earlier transactions, and after this many of the same one.</summary>
/// <param name="Transaction">The database's transaction id; always 0 where one writer writes (SQLite).</param>
/// <param name="Entry">Number of the entry.</param>
public readonly record struct FeedPosition(long Transaction, long Entry) : IComparable<FeedPosition>
{
    /// <summary>Before the first entry.</summary>
    public static readonly FeedPosition Start;

    public static bool operator <(FeedPosition left, FeedPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(FeedPosition left, FeedPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(FeedPosition left, FeedPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FeedPosition left, FeedPosition right) => left.CompareTo(right) >= 0;

    /// <summary>Reads what <see cref="ToString"/> wrote; version 0.1.0 wrote the entry alone.</summary>
    /// <exception cref="FormatException">It is no position.</exception>
    public static FeedPosition Parse(string text)
    {
        var cut = text.IndexOf('.', StringComparison.Ordinal);
        return new(cut < 0 ? 0 : Number(text.AsSpan(0, cut)), Number(text.AsSpan(cut + 1)));
    }

    public int CompareTo(FeedPosition other) =>
        Transaction.CompareTo(other.Transaction) is var order and not 0 ? order : Entry.CompareTo(other.Entry);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Transaction}.{Entry}");

    private static long Number(ReadOnlySpan<char> text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
