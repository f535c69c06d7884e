using System.Collections.Concurrent;

namespace ClinicNetwork.Domain;

/// <summary>
/// The days of one time zone. Each command looks at hundreds of clinical days, and the rules of a zone take about a microsecond to ask: the beginnings of days are kept once they were
/// asked for. Of the days before 1970 and after 2099, and of zones beyond the first hundred, nothing is kept.
/// </summary>
internal sealed class ZoneDays
{
    private const int ZonesMax = 100;

    private static readonly int First = new DateOnly(1970, 1, 1).DayNumber;
    private static readonly int Last = new DateOnly(2099, 12, 31).DayNumber;
    private static readonly ConcurrentDictionary<string, ZoneDays> Known = new(StringComparer.Ordinal);

    private readonly TimeZoneInfo _zone;

    /// <summary>UTC ticks of each day's first instant; 0: not asked for yet. Whoever writes one writes the same.</summary>
    private readonly long[] _starts;

    private ZoneDays(string timeZone, bool kept) => (_zone, _starts) = (TimeZoneInfo.FindSystemTimeZoneById(timeZone), kept ? new long[Last - First + 1] : []);

    public static ZoneDays Of(string timeZone) =>
        Known.TryGetValue(timeZone, out var known) ? known
        : Known.Count < ZonesMax ? Known.GetOrAdd(timeZone, static zone => new(zone, kept: true))
        : new(timeZone, kept: false);

    public DateOnly DayOf(DateTimeOffset instant)
    {
        // No offset is a whole day: it is the day in UTC, the one before or the one after.
        var day = DateOnly.FromDateTime(instant.UtcDateTime);
        var ticks = instant.UtcTicks;
        return _starts.Length == 0 || day.DayNumber <= First || day.DayNumber >= Last ? Ask(instant)
            : ticks < StartTicksOf(day) ? day.AddDays(-1)
            : ticks >= StartTicksOf(day.AddDays(1)) ? day.AddDays(1)
            : day;
    }

    public DateTimeOffset StartOf(DateOnly day) => new(StartTicksOf(day), TimeSpan.Zero);

    private long StartTicksOf(DateOnly day)
    {
        var index = day.DayNumber - First;
        if ((uint)index >= (uint)_starts.Length)
        {
            return Begin(day);
        }

        var start = Volatile.Read(ref _starts[index]);
        if (start == 0)
        {
            start = Begin(day);
            Volatile.Write(ref _starts[index], start);
        }

        return start;
    }

    private DateOnly Ask(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, _zone).DateTime);

    private long Begin(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified);
        while (_zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(15);
        }

        var offset = _zone.IsAmbiguousTime(local) ? _zone.GetAmbiguousTimeOffsets(local).Max() : _zone.GetUtcOffset(local);
        var start = new DateTimeOffset(local, offset).ToUniversalTime();

        // Zones that gave up summer time later (Amman, Asuncion) have skipped midnights that IsInvalidTime does not know.
        while (Ask(start) < day)
        {
            start = start.AddMinutes(15);
        }

        return start.UtcTicks;
    }
}
