using System.Globalization;
using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Grains.Due;

/// <summary>What can be due, and for whom: the kinds of due rows.</summary>
public static class DueKinds
{
    /// <summary>A publication day of a release profile.</summary>
    public const string Publish = "publish";

    /// <summary>The time of a proposal that nobody decided on is over.</summary>
    public const string ExpireApproval = "expire-approval";

    /// <summary>What two persons want is to be done.</summary>
    public const string ExecuteApproval = "execute-approval";

    /// <summary>The next time by which a dose of a patient, or monitoring, has to be there.</summary>
    public const string Lapse = "lapse";

    private const string MilestonePrefix = "milestone:";
    private const string EmergencyPrefix = "emergency:";
    private const string AlertPrefix = "alert:";
    private const string RemsPrefix = "rems:";

    private const string SessionPrefix = "session:";
    private const string VisitPrefix = "visit:";

    /// <summary>What a session in progress is called in the worklist.</summary>
    public static string Of(SessionId session) => SessionPrefix + session.Value;

    public static SessionId? SessionOf(string kind) => kind.StartsWith(SessionPrefix, StringComparison.Ordinal) ? new SessionId(kind[SessionPrefix.Length..]) : null;

    /// <summary>What a visit of the calendar is called in the worklist; one with a milestone is called as that.</summary>
    public static string OfVisit(string name) => VisitPrefix + name;

    public static string? VisitOf(string kind) => kind.StartsWith(VisitPrefix, StringComparison.Ordinal) ? kind[VisitPrefix.Length..] : null;

    /// <param name="course">1..n of the patient.</param>
    public static string Of(Milestone milestone, int course = 1) => MilestonePrefix + OfVisit(milestone, course);

    public static (Milestone Milestone, int Course)? MilestoneOf(string kind) =>
        kind.StartsWith(MilestonePrefix, StringComparison.Ordinal) ? MilestoneVisitOf(kind[MilestonePrefix.Length..]) : null;

    /// <summary>What a milestone's visit is called in the worklist: of the first course by its name alone, as before there were others.</summary>
    public static string OfVisit(Milestone milestone, int course) => course == 1 ? milestone.ToString() : string.Create(CultureInfo.InvariantCulture, $"{milestone}:{course}");

    public static (Milestone Milestone, int Course)? MilestoneVisitOf(string name)
    {
        var parts = name.Split(':');
        var course = 1;
        return parts.Length <= 2 && Enum.TryParse<Milestone>(parts[0], out var milestone)
            && (parts.Length == 1 || int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out course))
            ? (milestone, course)
            : null;
    }

    /// <summary>The end of an emergency access; also what its review is called in the worklist. It names the site, so that a list needs no other row.</summary>
    public static string Of(EmergencyAccess access) => string.Create(CultureInfo.InvariantCulture, $"{EmergencyPrefix}{access.Number}:{access.Site.Value}");

    public static (int Number, ClinicId Site)? EmergencyOf(string kind) =>
        kind.StartsWith(EmergencyPrefix, StringComparison.Ordinal) && kind.Split(':') is [_, var number, var site]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
            ? (parsed, new ClinicId(site))
            : null;

    /// <summary>The end of the time of an alert's level; also what the alert is called in the worklist.</summary>
    public static string Of(Alert alert) => string.Create(CultureInfo.InvariantCulture, $"{AlertPrefix}{alert.Number}:{alert.Kind}:{alert.Level}");

    public static (int Number, AlertKind Kind, int Level)? AlertOf(string kind) =>
        kind.StartsWith(AlertPrefix, StringComparison.Ordinal) && kind.Split(':') is [_, var number, var name, var level]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
        && int.TryParse(level, NumberStyles.None, CultureInfo.InvariantCulture, out var reached)
        && Enum.TryParse<AlertKind>(name, out var warns)
            ? (parsed, warns, reached)
            : null;

    /// <summary>What a session's monitoring form is called in the worklist. It names the site, so that a list needs no other row.</summary>
    public static string RemsOf(Session session) => $"{RemsPrefix}{session.Id.Value}:{session.Clinic.Value}";

    public static (SessionId Session, ClinicId Site)? RemsOf(string kind) =>
        kind.StartsWith(RemsPrefix, StringComparison.Ordinal) && kind.Split(':') is [_, var session, var site] ? (new SessionId(session), new ClinicId(site)) : null;
}
