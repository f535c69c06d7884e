using ClinicNetwork.Domain.Outcomes;

namespace ClinicNetwork.Grains.Due;

/// <summary>What can be due, and for whom: the kinds of due rows.</summary>
public static class DueKinds
{
    /// <summary>A publication day of a release profile.</summary>
    public const string Publish = "publish";

    private const string MilestonePrefix = "milestone:";

    public static string Of(Milestone milestone) => MilestonePrefix + milestone;

    public static Milestone? MilestoneOf(string kind) =>
        kind.StartsWith(MilestonePrefix, StringComparison.Ordinal) && Enum.TryParse<Milestone>(kind.AsSpan(MilestonePrefix.Length), out var milestone) ? milestone : null;
}
