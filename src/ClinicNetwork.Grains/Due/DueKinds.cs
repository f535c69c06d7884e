using System.Globalization;
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

    private const string MilestonePrefix = "milestone:";
    private const string EmergencyPrefix = "emergency:";

    public static string Of(Milestone milestone) => MilestonePrefix + milestone;

    public static Milestone? MilestoneOf(string kind) =>
        kind.StartsWith(MilestonePrefix, StringComparison.Ordinal) && Enum.TryParse<Milestone>(kind.AsSpan(MilestonePrefix.Length), out var milestone) ? milestone : null;

    /// <summary>The end of an emergency access; also what its review is called in the worklist. It names the site, so that a list needs no other row.</summary>
    public static string Of(EmergencyAccess access) => string.Create(CultureInfo.InvariantCulture, $"{EmergencyPrefix}{access.Number}:{access.Site.Value}");

    public static (int Number, ClinicId Site)? EmergencyOf(string kind) =>
        kind.StartsWith(EmergencyPrefix, StringComparison.Ordinal) && kind.Split(':') is [_, var number, var site]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
            ? (parsed, new ClinicId(site))
            : null;
}
