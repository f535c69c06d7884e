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

    /// <summary>The time of a submission that was not completed is over.</summary>
    public const string ExpireSubmission = "expire-submission";

    /// <summary>The next time by which a dose of a patient, or monitoring, has to be there.</summary>
    public const string Lapse = "lapse";

    /// <summary>The end of the period for which a patient consented to research.</summary>
    public const string ConsentEnd = "consent-end";

    /// <summary>Set by the migration to 0.6: milestones after week 52.</summary>
    public const string YearlyMilestones = "yearly-milestones";

    private const string WithdrawalPrefix = "withdraw-again:";
    private const string ExpiryPrefix = "expire-agreement:";
    private const string RekeyPrefix = "rekey:";
    private const string MilestonePrefix = "milestone:";
    private const string EmergencyPrefix = "emergency:";
    private const string AlertPrefix = "alert:";
    private const string RemsPrefix = "rems:";

    private const string RemsNoticePrefix = "rems-notice:";
    private const string TransferPrefix = "transfer:";
    private const string OwnTransferPrefix = "own-transfer:";
    private const string SessionPrefix = "session:";
    private const string VisitPrefix = "visit:";

    /// <summary>A withdrawal that a restore lost.</summary>
    /// <param name="permitted">What was still permitted, as bits.</param>
    public static string OfWithdrawal(int permitted, DateTimeOffset? until) =>
        string.Create(CultureInfo.InvariantCulture, $"{WithdrawalPrefix}{permitted}:{until?.ToUnixTimeMilliseconds()}");

    public static (int Permitted, DateTimeOffset? Until)? WithdrawalOf(string kind) =>
        kind.StartsWith(WithdrawalPrefix, StringComparison.Ordinal) && kind.Split(':') is [_, var permitted, var until]
        && int.TryParse(permitted, NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            ? (bits, long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var end) ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null)
            : null;

    /// <summary>The end of an agreement's period.</summary>
    public static string OfExpiry(AgreementId agreement) => ExpiryPrefix + agreement.Recipient;

    public static AgreementId? ExpiryOf(string kind) =>
        kind.StartsWith(ExpiryPrefix, StringComparison.Ordinal) && AgreementId.TryParseRecipient(kind[ExpiryPrefix.Length..], out var agreement) ? agreement : null;

    /// <summary>The list of a recipient's new pseudonyms is to be published.</summary>
    /// <param name="epoch">Of the new key.</param>
    public static string OfRekey(AgreementId agreement, int epoch) => string.Create(CultureInfo.InvariantCulture, $"{RekeyPrefix}{epoch}:{agreement.Recipient}");

    public static (AgreementId Agreement, int Epoch)? RekeyOf(string kind) =>
        kind.StartsWith(RekeyPrefix, StringComparison.Ordinal) && kind.Split(':') is [_, var epoch, var recipient]
        && int.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && AgreementId.TryParseRecipient(recipient, out var agreement)
            ? (agreement, parsed)
            : null;

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

    /// <summary>What the notice to the programme that a patient has moved is called in the worklist. It names the site that the programme knows.</summary>
    public static string OfRemsNotice(ClinicId former) => RemsNoticePrefix + former.Value;

    public static ClinicId? RemsNoticeOf(string kind) => kind.StartsWith(RemsNoticePrefix, StringComparison.Ordinal) ? new ClinicId(kind[RemsNoticePrefix.Length..]) : null;

    /// <summary>What an offer is called in the list of the clinic that it is made to, or of the one that makes it; of one stream they must differ.</summary>
    public static string OfTransfer(int number, bool own) => string.Create(CultureInfo.InvariantCulture, $"{(own ? OwnTransferPrefix : TransferPrefix)}{number}");

    public static int? TransferOf(string kind) =>
        kind.StartsWith(TransferPrefix, StringComparison.Ordinal) || kind.StartsWith(OwnTransferPrefix, StringComparison.Ordinal)
            ? int.Parse(kind[(kind.IndexOf(':', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture)
            : null;
}
