using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Outcomes;

/// <summary>An interval of a share, 0 to 1.</summary>
public readonly record struct ShareInterval(double Low, double High)
{
    /// <summary>Two-sided 95 % of the standard normal distribution.</summary>
    private const double Z = 1.959963984540054;

    /// <summary>The 95 % score interval of Wilson 1927 (JASA 22:209, 10.1080/01621459.1927.10502953).</summary>
    /// <param name="count">0 to <paramref name="of"/>.</param>
    /// <param name="of">1 or more.</param>
    public static ShareInterval Wilson95(int count, int of)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(of, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, of);
        var share = count / (double)of;
        var centre = share + Z * Z / (2 * of);
        var half = Z * Math.Sqrt(share * (1 - share) / of + Z * Z / (4.0 * of * of));
        var scale = 1 + Z * Z / of;
        // Nobody and everybody lie on the bound, which rounding would miss.
        return new(count == 0 ? 0 : (centre - half) / scale, count == of ? 1 : (centre + half) / scale);
    }

    public bool Holds(double share) => share >= Low && share <= High;
}

/// <summary>
/// How many of a cohort meet a definition, never without those it is a share of:
/// Treated = Eligible + EligibilityUnknown + those it is not about; Eligible = Measured + Missing + NotYet.
/// </summary>
/// <param name="Definition">The definition's key.</param>
/// <param name="Treated">Persons with at least one dose.</param>
/// <param name="Eligible">Of them, those the definition is about.</param>
/// <param name="EligibilityUnknown">Of the treated, those of whom that was not measured.</param>
/// <param name="NotYet">Of the eligible, those whose window is not over, measured or not: whoever is met early would tilt the share.</param>
/// <param name="Measured">Of the eligible, those measured in a window that is over.</param>
/// <param name="Met">Of the measured.</param>
/// <param name="Missing">Of the eligible, those whose window is over without a measurement, by reason.</param>
public sealed record OutcomeRate(
    string Definition,
    int Treated,
    int Eligible,
    int EligibilityUnknown,
    int NotYet,
    int Measured,
    int Met,
    ImmutableSortedDictionary<MissingReason, int> Missing)
{
    /// <summary>Of the measured, 0 to 1; null when nobody was.</summary>
    public double? Share => Measured == 0 ? null : Met / (double)Measured;

    /// <summary>95 %; null when nobody was measured. It tells of chance alone, not of who was missed.</summary>
    public ShareInterval? Interval => Measured == 0 ? null : ShareInterval.Wilson95(Met, Measured);

    /// <param name="treated">Everybody of the cohort who had a dose, one course each.</param>
    /// <param name="today">As in <see cref="OutcomeJudging.Judge(OutcomeDefinition, CourseSeries, DateOnly)"/>.</param>
    public static OutcomeRate Of(OutcomeDefinition definition, IEnumerable<CourseSeries> treated, DateOnly today)
    {
        var judgements = treated.Select(series => OutcomeJudging.Judge(definition, series, today)).ToArray();
        var eligible = judgements.Where(j => j.Kind is not (JudgementKind.NotEligible or JudgementKind.EligibilityUnknown)).ToArray();
        var final = eligible.Where(j => j.IsFinal).ToArray();
        return new(
            definition.Key,
            judgements.Length,
            eligible.Length,
            judgements.Count(j => j.Kind == JudgementKind.EligibilityUnknown),
            eligible.Length - final.Length,
            final.Count(j => j.Kind is JudgementKind.Met or JudgementKind.NotMet),
            final.Count(j => j.Kind == JudgementKind.Met),
            final.Where(j => j.Kind == JudgementKind.Missing).CountBy(j => j.Reason!.Value).ToImmutableSortedDictionary());
    }
}
