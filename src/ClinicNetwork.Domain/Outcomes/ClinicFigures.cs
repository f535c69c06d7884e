using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Outcomes;

/// <summary>What a clinic's own figures need of one patient: the first course's closed milestones.</summary>
/// <param name="Protocol">Resource name of the protocol of the first dose; empty before one.</param>
[GenerateSerializer, Immutable, Alias("course-outcomes")]
public sealed record CourseOutcomes([property: Id(0)] string Protocol, [property: Id(1)] ImmutableArray<MilestoneOutcome> Outcomes)
{
    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(CourseOutcomes);
}

/// <summary>One milestone: persons by protocol and by what it came to, each in one column. Null: not shown.</summary>
/// <param name="Protocols">Of the rows.</param>
/// <param name="Shown">Columns as <see cref="ClinicFigures.Columns"/>.</param>
public sealed record ClinicTable(Milestone Milestone, ImmutableArray<string> Protocols, ShownCounts Shown);

/// <summary>A clinic's own figures from its records, for those who may read them: counts with small ones and their complements left out, before any share is taken of them.</summary>
public static class ClinicFigures
{
    /// <summary>Fewest persons that are shown (CMS shows no cell of 1 to 10 [K]).</summary>
    public const int K = 11;

    /// <summary>Measured first, by what holds first: worsening, remission, response, no change (as released outcomes); then missing, by reason.</summary>
    public static readonly ImmutableArray<string> Columns =
        ["WORSENING", "REMISSION", "RESPONSE", "NO_CHANGE", "NOT_ATTENDED", "LEFT_TREATMENT", "INDUCTION_INCOMPLETE", "DECLINED", "UNREACHABLE", "BASELINE_MISSING", "DIED", "LOST_TO_FOLLOW_UP"];

    /// <summary>One table a milestone that closed for somebody, in the order of time.</summary>
    public static IReadOnlyList<ClinicTable> Of(IReadOnlyCollection<CourseOutcomes> patients)
    {
        ImmutableArray<string> protocols = [.. patients.Select(p => p.Protocol).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return
        [
            .. MilestoneSchedule.All
                .Select(m => (Milestone: m, Of: patients.SelectMany(p => p.Outcomes.Where(o => o.Milestone == m).Select(o => (p.Protocol, Column: Column(o)))).ToArray()))
                .Where(one => one.Of.Length > 0)
                .Select(one => new ClinicTable(one.Milestone, protocols, SmallCells.Suppress(Counts(one.Of, protocols), K))),
        ];
    }

    private static int[][] Counts((string Protocol, int Column)[] of, ImmutableArray<string> protocols)
    {
        var counts = protocols.Select(_ => new int[Columns.Length]).ToArray();
        foreach (var (protocol, column) in of)
        {
            counts[protocols.IndexOf(protocol)][column]++;
        }

        return counts;
    }

    private static int Column(MilestoneOutcome outcome) => outcome.Missing switch
    {
        null => outcome.Worsening ? 0 : outcome.Remission ? 1 : outcome.Response ? 2 : 3,
        MissingReason.NotAttended => 4,
        MissingReason.LeftTreatment => 5,
        MissingReason.InductionIncomplete => 6,
        MissingReason.Declined => 7,
        MissingReason.Unreachable => 8,
        MissingReason.BaselineMissing => 9,
        MissingReason.Died => 10,
        MissingReason.LostToFollowUp => 11,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}
