namespace ClinicNetwork.Simulation;

/// <summary>
/// PHQ-9 totals (0-27) within a class. The class shares are fitted; where a score lies inside its class is an assumption, so mean change
/// and effect sizes are not calibrated.
/// </summary>
internal static class ScoreDraw
{
    /// <summary>Shares of 0-4 among the remitted, in percent: rising, as the tail of a falling score. Assumption.</summary>
    private static readonly int[] RemittedWeights = [10, 15, 20, 25, 30];

    /// <summary>Chance of one more point, after the first, in a patient who got worse: 2.5 points on average. Assumption.</summary>
    private const double WorseByOneMore = 0.6;

    /// <summary>The highest total that is a response: at least 50 % below baseline.</summary>
    internal static int ResponseMax(int baseline) => baseline / 2;

    internal static int Endpoint(int baseline, OutcomeClass kind, SeededGenerator random)
    {
        switch (kind)
        {
            case OutcomeClass.Remission:
                return random.Weighted(RemittedWeights);
            case OutcomeClass.Response:
                return random.Between(5, ResponseMax(baseline));
            case OutcomeClass.NoResponse:
                return random.Between(ResponseMax(baseline) + 1, baseline);
            case OutcomeClass.Worsening:
                var score = baseline + 1;
                while (score < BaselineTable.Phq9Max && random.Chance(WorseByOneMore))
                    score++;
                return score;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    /// <summary>Before session k of n: on the straight line from baseline to endpoint, ± 4.</summary>
    internal static int BeforeSession(CourseTruth truth, int session, int sessions, SeededGenerator random)
    {
        var line = truth.BaselinePhq9 + (truth.EndpointPhq9 - truth.BaselinePhq9) * (session - 1) / (double)sessions;
        return Math.Clamp((int)Math.Round(line) + Noise(random), 0, BaselineTable.Phq9Max);
    }

    /// <summary>At week 4, 8 or 12: near the endpoint while the response holds, above half of the baseline once it is lost.</summary>
    internal static int FollowUp(CourseTruth truth, VirtualMilestone milestone, SeededGenerator random)
    {
        var holdsMax = ResponseMax(truth.BaselinePhq9);
        if (!truth.Responder)
            return Math.Clamp(truth.EndpointPhq9 + Noise(random), holdsMax + 1, BaselineTable.Phq9Max);
        return truth.ResponseLostBy is { } lost && lost <= milestone
            ? random.Between(holdsMax + 1, truth.BaselinePhq9)
            : Math.Clamp(truth.EndpointPhq9 + Noise(random), 0, holdsMax);
    }

    /// <summary>-4 to 4, mean 0, triangular.</summary>
    private static int Noise(SeededGenerator random) => random.Below(5) + random.Below(5) - 4;
}
