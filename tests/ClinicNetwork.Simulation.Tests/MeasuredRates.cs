namespace ClinicNetwork.Simulation.Tests;

/// <summary>Counts among the measured, by the papers' definitions, from the events alone: an oracle that never looks at the truth.</summary>
internal readonly record struct MeasuredRate(PublishedFigure Figure, int Count, int Of)
{
    internal static IReadOnlyList<PublishedFigure> Figures { get; } =
    [
        PublishedFigures.Response, PublishedFigures.Remission, PublishedFigures.Worsening, PublishedFigures.SustainedWeek4,
        PublishedFigures.SustainedWeek8,
    ];

    internal bool Contains => WilsonInterval.Of95(Count, Of).Contains(Figure.Value);

    internal static IReadOnlyList<MeasuredRate> All(IReadOnlyList<VirtualPatient> cohort)
    {
        var measured = (
            from patient in cohort
            let b = Total(patient, Phq9Purpose.Baseline)
            let e = Total(patient, Phq9Purpose.EndOfInduction)
            let week4 = Total(patient, Phq9Purpose.Week4)
            let week8 = Total(patient, Phq9Purpose.Week8)
            where b is not null && e is not null
            select (Baseline: b!.Value, Endpoint: e!.Value, Week4: week4, Week8: week8)).ToList();
        var responders = measured.Where(m => 2 * m.Endpoint <= m.Baseline).ToList();
        var atWeek4 = responders.Where(m => m.Week4 is not null).ToList();
        var atWeek8 = responders.Where(m => m.Week8 is not null).ToList();
        return
        [
            new(PublishedFigures.Response, responders.Count, measured.Count),
            new(PublishedFigures.Remission, measured.Count(m => m.Endpoint < 5), measured.Count),
            new(PublishedFigures.Worsening, measured.Count(m => m.Endpoint > m.Baseline), measured.Count),
            new(PublishedFigures.SustainedWeek4, atWeek4.Count(m => 2 * m.Week4!.Value <= m.Baseline), atWeek4.Count),
            new(PublishedFigures.SustainedWeek8, atWeek8.Count(m => 2 * m.Week8!.Value <= m.Baseline), atWeek8.Count),
        ];
    }

    private static int? Total(VirtualPatient patient, Phq9Purpose purpose) =>
        patient.All<Phq9Answered>().LastOrDefault(answered => answered.Purpose == purpose)?.Total;
}
