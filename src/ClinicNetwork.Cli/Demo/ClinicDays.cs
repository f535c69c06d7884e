namespace ClinicNetwork.Cli.Demo;

/// <summary>One clinic's day with events.</summary>
/// <param name="LastEvent">After this everything of the day can be sent.</param>
/// <param name="Midnight">Before this it must be: follow-up windows close at the clinic's midnight.</param>
internal readonly record struct ClinicDay(DateTimeOffset LastEvent, DateTimeOffset Midnight);

/// <summary>Where the store's clock stops on its way through the half-year.</summary>
internal static class ClinicDays
{
    /// <summary>
    /// As few stops as can be, so that every clinic's day has a stop at or after its last event and before its midnight: days taken by
    /// their last event share a stop while it lies before the earliest midnight among them.
    /// </summary>
    internal static IReadOnlyList<DateTimeOffset> Stops(IEnumerable<ClinicDay> days)
    {
        var stops = new List<DateTimeOffset>();
        DateTimeOffset? stop = null;
        var midnight = DateTimeOffset.MaxValue;
        foreach (var day in days.OrderBy(day => day.LastEvent))
        {
            if (stop is { } held && day.LastEvent >= midnight)
            {
                stops.Add(held);
                midnight = DateTimeOffset.MaxValue;
            }
            stop = day.LastEvent;
            midnight = midnight < day.Midnight ? midnight : day.Midnight;
        }
        if (stop is { } last)
            stops.Add(last);
        return stops;
    }
}
