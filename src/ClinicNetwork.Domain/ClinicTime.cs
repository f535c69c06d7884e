namespace ClinicNetwork.Domain;

/// <summary>Clinical days are days in the clinic's IANA time zone; instants are UTC.</summary>
public static class ClinicTime
{
    /// <summary>How far ahead of the store's clock a caller's clock may be (design, section 8), seconds.</summary>
    public const int AheadSecondsMax = 2;

    /// <summary>Earliest instant accepted anywhere: nothing clinical in this network is older.</summary>
    private static readonly DateTimeOffset Earliest = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The exact spelling counts: a name that only some machines find would make a patient unreadable on others.</summary>
    public static bool IsTimeZone(string timeZone) =>
        timeZone.Contains('/', StringComparison.Ordinal) && TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var zone) && zone.Id == timeZone;

    /// <summary>The clinical day of an instant.</summary>
    public static DateOnly DayOf(DateTimeOffset instant, string timeZone) => ZoneDays.Of(timeZone).DayOf(instant);

    /// <summary>The first instant of a clinical day. Where the clock change skips midnight, the first instant after it; where midnight comes twice, the earlier.</summary>
    public static DateTimeOffset StartOf(DateOnly day, string timeZone) => ZoneDays.Of(timeZone).StartOf(day);

    /// <summary>Null when <paramref name="occurredAt"/> is at most <see cref="AheadSecondsMax"/> ahead of the store's clock.</summary>
    public static Refusal? CheckOccurred(DateTimeOffset occurredAt, DateTimeOffset now)
    {
        if (occurredAt > now.AddSeconds(AheadSecondsMax))
        {
            return Refusal.Invalid("OCCURRED_IN_FUTURE", "occurred_at", "Record what has happened; the time lies ahead of the store's clock.");
        }

        return occurredAt < Earliest ? Refusal.Invalid("OCCURRED_TOO_EARLY", "occurred_at", "Give a time after the year 1900.") : null;
    }
}
