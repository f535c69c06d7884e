namespace ClinicNetwork.Domain;

/// <summary>Clinical days are days in the clinic's IANA time zone; instants are UTC.</summary>
public static class ClinicTime
{
    /// <summary>How far ahead of the store's clock a caller's clock may be (design, section 8), seconds.</summary>
    public const int AheadSecondsMax = 2;

    /// <summary>Earliest instant accepted anywhere: nothing clinical in this network is older.</summary>
    private static readonly DateTimeOffset Earliest = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static bool IsTimeZone(string timeZone) =>
        timeZone.Contains('/', StringComparison.Ordinal) && TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out _);

    /// <summary>The clinical day of an instant.</summary>
    public static DateOnly DayOf(DateTimeOffset instant, string timeZone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById(timeZone)).DateTime);

    /// <summary>The first instant of a clinical day. Where the clock change skips midnight, the first instant after it; where midnight comes twice, the earlier.</summary>
    public static DateTimeOffset StartOf(DateOnly day, string timeZone)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        var local = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(15);
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

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
