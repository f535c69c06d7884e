namespace ClinicNetwork.Simulation;

/// <summary>
/// The target shares turned into chances per baseline score, so that the mean over the baseline distribution is the target exactly:
/// response flat; remission proportional to its severity weight, at most the response; worsening flat below 27 and 0 at 27.
/// </summary>
internal sealed class OutcomeChances
{
    private readonly OutcomeRates rates;
    private readonly double[] remission = new double[BaselineTable.Phq9Max + 1];
    private readonly double worsening;

    private OutcomeChances(BaselineTable baseline, OutcomeRates rates)
    {
        this.rates = rates;
        var shares = Enumerable.Range(0, BaselineTable.Phq9Max + 1).Select(baseline.Share).ToArray();
        var rising = 1 - shares[BaselineTable.Phq9Max];
        worsening = rates.Worsening == 0 ? 0 : rates.Worsening / rising;
        var scale = RemissionScale(shares);
        for (var score = BaselineTable.Phq9Min; score < remission.Length; score++)
            remission[score] = Capped(scale, score);
    }

    internal static OutcomeChances For(BaselineTable baseline, OutcomeRates rates) => new(baseline, rates);

    /// <summary>Null if the targets can be met with this baseline.</summary>
    internal static SpecProblem? Problem(BaselineTable baseline, OutcomeRates rates)
    {
        const double tolerance = 1e-9;
        var chances = new OutcomeChances(baseline, rates);
        if (!(chances.worsening + rates.Response <= 1 + tolerance))
            return new SpecProblem("course.outcomes.worsening", "cannot be reached: too many of this baseline are at 27");
        var reached = Enumerable.Range(0, chances.remission.Length).Sum(score => baseline.Share(score) * chances.remission[score]);
        return Math.Abs(reached - rates.Remission) > tolerance
            ? new SpecProblem("course.outcomes.remission", "cannot be reached with this baseline and these severity weights")
            : null;
    }

    /// <summary>Chance of remission at a baseline of 10-27.</summary>
    internal double Remission(int baseline) => remission[baseline];

    /// <summary>Chance of any worsening at a baseline of 10-27.</summary>
    internal double Worsening(int baseline) => baseline == BaselineTable.Phq9Max ? 0 : worsening;

    internal CourseTruth Draw(int baseline, SeededGenerator random)
    {
        var outcome = random.Fraction();
        var kind = outcome < Remission(baseline) ? OutcomeClass.Remission
            : outcome < rates.Response ? OutcomeClass.Response
            : outcome < rates.Response + Worsening(baseline) ? OutcomeClass.Worsening
            : OutcomeClass.NoResponse;
        var held = random.Fraction();
        VirtualMilestone? lost = kind is OutcomeClass.Worsening or OutcomeClass.NoResponse || held < rates.SustainedWeek12 ? null
            : held < rates.SustainedWeek8 ? VirtualMilestone.Week12
            : held < rates.SustainedWeek4 ? VirtualMilestone.Week8
            : VirtualMilestone.Week4;
        return new CourseTruth(baseline, ScoreDraw.Endpoint(baseline, kind, random), kind, lost);
    }

    private double Capped(double scale, int score) => Math.Min(rates.Response, scale * Weight(score));

    private double Weight(int score) => score switch
    {
        >= 20 => rates.RemissionWeightSevere,
        >= 15 => rates.RemissionWeightModeratelySevere,
        _ => 1,
    };

    /// <summary>Bisection on a mean that rises with the scale; where the target is out of reach the largest scale comes back.</summary>
    private double RemissionScale(double[] shares)
    {
        var (low, high) = (0.0, 1e6);
        for (var step = 0; step < 200; step++)
        {
            var middle = (low + high) / 2;
            var mean = shares.Select((share, score) => share * Capped(middle, score)).Sum();
            (low, high) = mean < rates.Remission ? (middle, high) : (low, middle);
        }
        return high;
    }
}
