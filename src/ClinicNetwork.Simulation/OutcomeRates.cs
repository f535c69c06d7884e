namespace ClinicNetwork.Simulation;

/// <summary>
/// Target shares (0-1) of the measured patients, in expectation over the baseline distribution. The defaults are a fit to McInnes 2022
/// (<see cref="PublishedFigures"/>), not that study's data.
/// </summary>
public sealed record OutcomeRates
{
    /// <summary>Flat over severity, as McInnes 2022 found in four bands.</summary>
    public double Response { get; init; } = PublishedFigures.Response.Value;

    /// <summary>Part of <see cref="Response"/>. Falls with baseline severity by the weights below, with this mean.</summary>
    public double Remission { get; init; } = PublishedFigures.Remission.Value;

    /// <summary>Any rise. Flat over severity, except that a baseline of 27 cannot rise; the others make up for it.</summary>
    public double Worsening { get; init; } = PublishedFigures.Worsening.Value;

    /// <summary>Relative chance of remission at baseline 15-19, against 1 at 10-14. Range 0-1. [K]: the abstract gives the direction only.</summary>
    public double RemissionWeightModeratelySevere { get; init; } = 0.80;

    /// <summary>Relative chance of remission at baseline 20-27, against 1 at 10-14. Range 0-1. [K], as above.</summary>
    public double RemissionWeightSevere { get; init; } = 0.50;

    /// <summary>Of the responders, still responding at week 4.</summary>
    public double SustainedWeek4 { get; init; } = PublishedFigures.SustainedWeek4.Value;

    /// <summary>Of the responders, still responding at week 8; at most <see cref="SustainedWeek4"/>, since a lost response stays lost.</summary>
    public double SustainedWeek8 { get; init; } = PublishedFigures.SustainedWeek8.Value;

    /// <summary>Of the responders, still responding at week 12. Assumption: the loss from week 4 to 8 (a quarter) happens once more.</summary>
    public double SustainedWeek12 { get; init; } = 0.45;

    internal IEnumerable<SpecProblem> Problems()
    {
        var shares = new (string Field, double Value)[]
        {
            ("course.outcomes.response", Response), ("course.outcomes.remission", Remission), ("course.outcomes.worsening", Worsening),
            ("course.outcomes.remission_weight_moderately_severe", RemissionWeightModeratelySevere),
            ("course.outcomes.remission_weight_severe", RemissionWeightSevere), ("course.outcomes.sustained_week_4", SustainedWeek4),
            ("course.outcomes.sustained_week_8", SustainedWeek8), ("course.outcomes.sustained_week_12", SustainedWeek12),
        };
        foreach (var problem in SpecProblem.OfShares(shares))
            yield return problem;
        if (!(Remission <= Response))
            yield return new SpecProblem("course.outcomes.remission", "at most the response, of which it is a part");
        if (!(Response + Worsening <= 1))
            yield return new SpecProblem("course.outcomes.worsening", "at most 1 minus the response");
        if (!(SustainedWeek8 <= SustainedWeek4))
            yield return new SpecProblem("course.outcomes.sustained_week_8", "at most the share of week 4");
        if (!(SustainedWeek12 <= SustainedWeek8))
            yield return new SpecProblem("course.outcomes.sustained_week_12", "at most the share of week 8");
    }
}
