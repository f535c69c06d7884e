using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Outcomes;

/// <summary>What a condition asks of a scale; lower totals are better, and all are whole numbers, so "below 5" is "at most 4".</summary>
public enum OutcomeRule
{
    /// <summary>The total is at most so many points.</summary>
    AtMost,

    /// <summary>The total is at least so many points.</summary>
    AtLeast,

    /// <summary>The total is at least this share (0 to 1) below a baseline above 0.</summary>
    FallAtLeastShare,

    /// <summary>The total is less than this share (0 to 1) below baseline.</summary>
    FallUnderShare,

    /// <summary>The total is at least so many points below baseline.</summary>
    FallAtLeast,

    /// <summary>The total is at least so many points above baseline.</summary>
    RiseAtLeast,

    /// <summary>The total is at least so many points above the best one of the course before it.</summary>
    RiseFromBestAtLeast,

    /// <summary>The best total of the course before was at most so many points.</summary>
    BestAtMost,

    /// <summary>The best total of the course before was at least this share (0 to 1) below a baseline above 0.</summary>
    BestFallAtLeastShare,

    /// <summary>The baseline is at least so many points.</summary>
    BaselineAtLeast,
}

/// <summary>A scale's total that is judged, with what it is compared with.</summary>
/// <param name="Best">The lowest total from the first dose until before this one; null when there is none.</param>
public readonly record struct JudgedTotal(DateOnly Day, ScaleKind Scale, int Baseline, int Total, int? Best)
{
    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(JudgedTotal);
}

/// <summary>One condition of an outcome definition.</summary>
/// <param name="Threshold">Points on the scale, or a share of 0 to 1, as the rule says.</param>
public sealed record OutcomeCondition(ScaleKind Scale, OutcomeRule Rule, double Threshold)
{
    public bool IsMet(JudgedTotal judged) => Rule switch
    {
        OutcomeRule.AtMost => judged.Total <= Threshold,
        OutcomeRule.AtLeast => judged.Total >= Threshold,
        OutcomeRule.FallAtLeastShare => IsFall(judged.Baseline, judged.Total),
        OutcomeRule.FallUnderShare => !IsFall(judged.Baseline, judged.Total),
        OutcomeRule.FallAtLeast => judged.Baseline - judged.Total >= Threshold,
        OutcomeRule.RiseAtLeast => judged.Total - judged.Baseline >= Threshold,
        OutcomeRule.RiseFromBestAtLeast => judged.Total - judged.Best >= Threshold,
        OutcomeRule.BestAtMost => judged.Best <= Threshold,
        OutcomeRule.BestFallAtLeastShare => judged.Best is { } best && IsFall(judged.Baseline, best),
        OutcomeRule.BaselineAtLeast => judged.Baseline >= Threshold,
        _ => throw new InvalidOperationException($"Unknown rule {Rule}."),
    };

    // Not as a quotient: shares of one half and one quarter are exact here, also at odd baselines.
    private bool IsFall(int baseline, int total) => baseline > 0 && baseline - total >= Threshold * baseline;
}
