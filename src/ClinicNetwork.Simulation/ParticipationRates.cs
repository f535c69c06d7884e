namespace ClinicNetwork.Simulation;

/// <summary>Research consent and second sites. Shares 0-1, all assumptions.</summary>
public sealed record ParticipationRates
{
    /// <summary>Consent to the anonymised outcome feed when they enrol.</summary>
    public double ResearchConsent { get; init; } = 0.85;

    /// <summary>Of those, withdraw it after the first dose.</summary>
    public double ConsentWithdrawn { get; init; } = 0.03;

    /// <summary>Share the plan with a second clinic (none in a network of one clinic, none of those who leave).</summary>
    public double PlanShared { get; init; } = 0.04;

    /// <summary>Move to a second clinic after induction (none in a network of one clinic, none of those who leave).</summary>
    public double Transferred { get; init; } = 0.03;

    internal IEnumerable<SpecProblem> Problems()
    {
        foreach (var problem in SpecProblem.OfShares(
            ("course.participation.research_consent", ResearchConsent), ("course.participation.consent_withdrawn", ConsentWithdrawn),
            ("course.participation.plan_shared", PlanShared), ("course.participation.transferred", Transferred)))
            yield return problem;
        if (!(PlanShared + Transferred <= 1))
            yield return new SpecProblem("course.participation.transferred", "at most 1 minus the share with a shared plan");
    }
}
