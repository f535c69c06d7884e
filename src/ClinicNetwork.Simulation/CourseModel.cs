namespace ClinicNetwork.Simulation;

/// <summary>
/// How depression goes under treatment, as versioned numbers. A *fit*: it reproduces published shares, it is no evidence for them, and it
/// models no maintenance treatment (a lost response stays lost). Change a number only together with <see cref="Version"/>.
/// </summary>
public sealed record CourseModel
{
    public static CourseModel McInnes2022Fit { get; } = new()
    {
        Id = "mcinnes-2022-fit",
        Version = 1,
        Label = "Fit to McInnes 2022 (J Affect Disord, 10.1016/j.jad.2021.12.097): response 53.6 %, remission 28.9 %, any worsening 8.4 % "
            + "at day 14-31 after induction; about 80 % and 60 % of responders hold 4 and 8 weeks. Other rates are marked assumptions.",
    };

    /// <summary>
    /// For baselines from 15 (<see cref="BaselineTable.From"/>): their mean is that of the VA's patients. Everybody has six infusions in three
    /// weeks, so that most visits after induction lie about six weeks after the first infusion.
    /// </summary>
    public static CourseModel Pfeiffer2024Fit { get; } = new()
    {
        Id = "pfeiffer-2024-fit",
        Version = 1,
        Label = "Fit to Pfeiffer 2024 (J Clin Psychiatry, 10.4088/JCP.23m14984): response 26 %, PHQ-9 of at most 5 in 15 % six weeks after the first "
            + "infusion; the same at 12 and 26 weeks. Worsening and all other rates are assumptions.",
        Outcomes = new()
        {
            Response = PublishedFigures.ResponseVa.Value,
            // Below 5. With those of the other responders who have 5 (even between 5 and half the baseline) it is the 15 % with at most 5.
            Remission = 0.1209173196,
            SustainedWeek4 = 1,
            SustainedWeek8 = 1,
            SustainedWeek12 = 1,
        },
        Treatments = new() { Esketamine = 0, ThriceWeekly = 0 },
    };

    public required string Id { get; init; }

    public required int Version { get; init; }

    /// <summary>What the numbers are fitted to, for reports.</summary>
    public required string Label { get; init; }

    public OutcomeRates Outcomes { get; init; } = new();

    public VisitRates Visits { get; init; } = new();

    public TreatmentMix Treatments { get; init; } = new();

    public SideEffectRates SideEffects { get; init; } = new();

    public PressureModel Pressure { get; init; } = new();

    public ParticipationRates Participation { get; init; } = new();

    internal IEnumerable<SpecProblem> Problems() =>
    [
        .. Outcomes.Problems(), .. Visits.Problems(), .. Treatments.Problems(), .. SideEffects.Problems(), .. Pressure.Problems(),
        .. Participation.Problems(),
    ];
}
