using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Alerts;

/// <summary>A kind of alert as versioned data. Alerts keep the version they were raised by.</summary>
/// <param name="Cause">What raises it, in words; the rule itself is the patient's early warning.</param>
/// <param name="Levels">At least one, in order of escalation; the last one stays overdue.</param>
public sealed record AlertRule(AlertKind Kind, int Version, string Cause, ImmutableArray<AlertLevel> Levels, string Source)
{
    /// <summary>A historical alert stands in the worklist as open for so many days, then as overdue ([K], ours).</summary>
    public const int HistoricalDays = 7;

    /// <summary>A cause that is entered more than so many days late makes its alert historical, if a later fact of its sort is there already that meets no rule; null: it never does.</summary>
    public int? LateDays { get; init; }

    /// <summary>Who may acknowledge at a level: its owner, and those it would escalate to.</summary>
    /// <param name="level">1 to the number of levels.</param>
    public Roles MayAcknowledge(int level) => Levels.Skip(level - 1).Aggregate(Roles.None, (roles, l) => roles | l.Owner);
}

/// <summary>Who is to act, and until when.</summary>
/// <param name="Owner">Roles, any of which acts.</param>
/// <param name="Minutes">From the beginning of the level; null: until the end of the clinical day on which it began.</param>
public sealed record AlertLevel(Roles Owner, int? Minutes)
{
    /// <summary>When the level's clock runs out.</summary>
    /// <param name="timeZone">IANA time zone of the home clinic.</param>
    public DateTimeOffset DueAt(DateTimeOffset begun, string timeZone) =>
        Minutes is { } minutes ? begun.AddMinutes(minutes) : ClinicTime.StartOf(ClinicTime.DayOf(begun, timeZone).AddDays(1), timeZone);
}
