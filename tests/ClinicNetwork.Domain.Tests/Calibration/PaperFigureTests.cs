using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Simulation;
using Xunit.Abstractions;

namespace ClinicNetwork.Domain.Tests.Calibration;

/// <summary>
/// Each paper's figure by that paper's own definition and window, over seeds 1 to 20: cohorts fitted to McInnes 2022 (10.1016/j.jad.2021.12.097)
/// and to the VA's, Pfeiffer 2024 (10.4088/JCP.23m14984), each read by both papers' definitions. A right one is held by Binomial(20, about
/// 0.95) intervals: fewer than 14 with probability 3.4e-5.
/// </summary>
public sealed class PaperFigureTests(PaperFigureTests.Cohorts cohorts, ITestOutputHelper output) : IClassFixture<PaperFigureTests.Cohorts>
{
    private const int HeldMin = 14;

    /// <summary>Persons per run: at this number the intervals tell at most 5 from below 5 in either population.</summary>
    private const int Patients = 2_000;

    [Fact]
    public void McInnes_figures_are_held_by_McInnes_definitions()
    {
        Assert.InRange(Held(PublishedFigures.Response, cohorts.McInnes, OutcomeCatalogue.Response), HeldMin, 20);
        Assert.InRange(Held(PublishedFigures.Remission, cohorts.McInnes, OutcomeCatalogue.Remission), HeldMin, 20);
        Assert.InRange(Held(PublishedFigures.Worsening, cohorts.McInnes, OutcomeCatalogue.AnyWorsening), HeldMin, 20);
        Assert.InRange(HeldComplement(PublishedFigures.SustainedWeek4, cohorts.McInnes, OutcomeCatalogue.LossOfResponseWeek4), HeldMin, 20);
        Assert.InRange(HeldComplement(PublishedFigures.SustainedWeek8, cohorts.McInnes, OutcomeCatalogue.LossOfResponseWeek8), HeldMin, 20);
    }

    [Fact]
    public void The_VAs_figures_are_held_by_the_VAs_definitions()
    {
        Assert.InRange(Held(PublishedFigures.ResponseVa, cohorts.Va, OutcomeCatalogue.ResponseVa), HeldMin, 20);
        Assert.InRange(Held(PublishedFigures.RemissionVa, cohorts.Va, OutcomeCatalogue.RemissionVa), HeldMin, 20);
    }

    /// <summary>Any rise is not 5 points; below 5 is not at most 5; whatever the label on the column.</summary>
    [Fact]
    public void Another_definition_misses_the_figure()
    {
        Assert.InRange(Held(PublishedFigures.Worsening, cohorts.McInnes, OutcomeCatalogue.ClinicalWorsening), 0, HeldMin - 1);
        Assert.InRange(Held(PublishedFigures.Worsening, cohorts.McInnes, OnPhq9(OutcomeCatalogue.ReliableDeterioration)), 0, HeldMin - 1);
        Assert.InRange(Held(PublishedFigures.Remission, cohorts.McInnes, OutcomeCatalogue.RemissionVa), 0, HeldMin - 1);
        Assert.InRange(Held(PublishedFigures.Response, cohorts.McInnes, OutcomeCatalogue.PartialResponse), 0, HeldMin - 1);
        Assert.InRange(Held(PublishedFigures.RemissionVa, cohorts.Va, OutcomeCatalogue.Remission), 0, HeldMin - 1);
    }

    /// <summary>The VA's words on McInnes's patients give neither paper's figure: a figure belongs to a population too.</summary>
    [Fact]
    public void One_papers_patients_do_not_give_the_others_figure()
    {
        Assert.InRange(Held(PublishedFigures.RemissionVa, cohorts.McInnes, OutcomeCatalogue.RemissionVa), 0, HeldMin - 1);
        Assert.InRange(Held(PublishedFigures.Remission, cohorts.Va, OutcomeCatalogue.Remission), 0, HeldMin - 1);
    }

    /// <summary>Of McInnes's 9,016 treated 6 % were evaluable: the denominators stand beside every rate.</summary>
    [Fact]
    public void Everybody_treated_is_in_the_denominators()
    {
        foreach (var rate in cohorts.McInnes.Concat(cohorts.Va).Select(c => OutcomeRate.Of(OutcomeCatalogue.RemissionVa, c, DateOnly.MaxValue)))
        {
            Assert.Equal((Patients, Patients, 0, 0), (rate.Treated, rate.Eligible, rate.EligibilityUnknown, rate.NotYet));
            Assert.Equal(Patients, rate.Measured + rate.Missing.Values.Sum());
            Assert.True(rate.Missing[MissingReason.NotAttended] > 0 && rate.Missing[MissingReason.LeftTreatment] > 0);
        }
    }

    private int Held(PublishedFigure figure, IReadOnlyList<IReadOnlyList<CourseSeries>> runs, OutcomeDefinition definition) =>
        Held(figure, figure.Value, runs, definition);

    private int HeldComplement(PublishedFigure figure, IReadOnlyList<IReadOnlyList<CourseSeries>> runs, OutcomeDefinition definition) =>
        Held(figure, 1 - figure.Value, runs, definition);

    private int Held(PublishedFigure figure, double value, IReadOnlyList<IReadOnlyList<CourseSeries>> runs, OutcomeDefinition definition)
    {
        var rates = runs.Select(run => OutcomeRate.Of(definition, run, DateOnly.MaxValue)).ToArray();
        var held = rates.Select(rate => rate.Interval!.Value.Holds(value)).ToArray();
        output.WriteLine($"{figure.Id} {value:P1} by {definition.Key}: held by {held.Count(h => h)} of {rates.Length}; "
            + $"pooled {rates.Sum(r => r.Met) / (double)rates.Sum(r => r.Measured):P2} of {rates.Sum(r => r.Measured)} measured, "
            + $"{rates.Sum(r => r.Eligible)} eligible, {rates.Sum(r => r.Treated)} treated; missed by seeds {string.Join(' ', Enumerable.Range(1, held.Length).Where(seed => !held[seed - 1]))}");
        return held.Count(h => h);
    }

    /// <summary>The simulation has no GAD-7: the PHQ-9's half of the rule.</summary>
    private static OutcomeDefinition OnPhq9(OutcomeDefinition definition) =>
        definition with { MetBy = [.. definition.MetBy.Where(all => all.All(c => c.Scale == Domain.Scales.ScaleKind.Phq9))] };

    /// <summary>Seeds 1 to 20 of either population, drawn once for all tests.</summary>
    public sealed class Cohorts
    {
        internal IReadOnlyList<IReadOnlyList<CourseSeries>> McInnes { get; } = Draw(BaselineTable.Embedded, CourseModel.McInnes2022Fit);

        internal IReadOnlyList<IReadOnlyList<CourseSeries>> Va { get; } = Draw(BaselineTable.Embedded.From(15), CourseModel.Pfeiffer2024Fit);

        private static CourseSeries[][] Draw(BaselineTable baseline, CourseModel course) =>
        [
            .. Enumerable.Range(1, 20).Select(seed => Cohort
                .Draw(new CohortSpec(Patients, (ulong)seed, new DateOnly(2025, 1, 6), 112, 12, 4, baseline, course))
                .Select(VirtualSeries.Of)
                .ToArray()),
        ];
    }
}
