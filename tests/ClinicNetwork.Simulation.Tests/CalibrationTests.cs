using Xunit.Abstractions;

namespace ClinicNetwork.Simulation.Tests;

/// <summary>
/// 20 seeds × 600 patients. Two checks per figure: in how many runs the 95 % interval holds the published value, and how far the pooled
/// rate lies from it in standard errors.
/// <para>A right model has Binomial(20, about 0.95) hits: fewer than 14 with probability 3.4e-5. |z| over 4.06: 5e-5. Over five figures
/// both fail by chance with probability under 5 × 8.4e-5 = 4.2e-4, so a right model passes with more than 0.999.</para>
/// </summary>
public class CalibrationTests(ITestOutputHelper output)
{
    private const int Seeds = 20, HitsMin = 14;
    private const double StandardErrorsMax = 4.06;

    [Fact]
    public void The_default_course_gives_the_published_figures()
    {
        foreach (var result in Run(CourseModel.McInnes2022Fit))
        {
            Print(result);
            Assert.True(result.Passes, $"{result.Figure.Id}: {result.Hits} of {Seeds} intervals, z = {result.Z:F2}");
        }
    }

    /// <summary>The chance of a PHQ-9 of at most 5, added up over the baselines, is the published one.</summary>
    [Fact]
    public void The_VA_course_gives_the_remission_of_the_VA_in_expectation()
    {
        var table = BaselineTable.Embedded.From(15);
        var outcomes = CourseModel.Pfeiffer2024Fit.Outcomes;
        var chances = OutcomeChances.For(table, outcomes);
        var atMost5 = Enumerable.Range(15, 13).Sum(score =>
            table.Share(score) * (chances.Remission(score) + (outcomes.Response - chances.Remission(score)) / (ScoreDraw.ResponseMax(score) - 4)));
        Assert.Equal(PublishedFigures.RemissionVa.Value, atMost5, 9);
        Assert.Equal(18.6, table.MeanPhq9, 0.1);
    }

    [Theory]
    [InlineData("response", -0.08)]
    [InlineData("response", 0.08)]
    [InlineData("remission", -0.08)]
    [InlineData("remission", 0.08)]
    [InlineData("worsening", -0.08)]
    [InlineData("worsening", 0.08)]
    [InlineData("sustained-week-4", -0.08)]
    [InlineData("sustained-week-4", 0.08)]
    [InlineData("sustained-week-8", -0.08)]
    [InlineData("sustained-week-8", 0.08)]
    public void A_course_8_points_off_is_caught_by_its_own_figure_by_both_checks(string figure, double points)
    {
        var outcomes = new OutcomeRates();
        var wrong = figure switch
        {
            "response" => outcomes with { Response = outcomes.Response + points },
            "remission" => outcomes with { Remission = outcomes.Remission + points },
            "worsening" => outcomes with { Worsening = outcomes.Worsening + points },
            "sustained-week-4" => outcomes with { SustainedWeek4 = outcomes.SustainedWeek4 + points },
            _ => outcomes with { SustainedWeek8 = outcomes.SustainedWeek8 + points },
        };
        foreach (var result in Run(CourseModel.McInnes2022Fit with { Outcomes = wrong }))
        {
            if (result.Figure.Id == figure)
                Print(result);
            var caught = (result.Hits < HitsMin, Math.Abs(result.Z) > StandardErrorsMax);
            Assert.Equal((result.Figure.Id == figure, result.Figure.Id == figure), caught);
        }
    }

    /// <summary>Someone takes "worsening" for a rise of 5 points or more: not what McInnes 2022 counted.</summary>
    [Fact]
    public void Counting_only_rises_of_5_points_as_worsening_is_caught()
    {
        var cohort = Cohort.Draw(Specs.Demo with { Patients = 12_000, Course = Specs.EverybodySeen });
        var rises = cohort.Count(patient => patient.Truth.EndpointPhq9 >= patient.Truth.BaselinePhq9 + 5);
        Assert.False(WilsonInterval.Of95(rises, cohort.Count).Contains(PublishedFigures.Worsening.Value));
    }

    [Fact]
    public void Missing_that_depends_on_the_outcome_flatters_the_response_and_is_caught()
    {
        var flattering = CourseModel.McInnes2022Fit with { Visits = new VisitRates { NonResponderMissRatio = 3 } };
        var response = Run(flattering).Single(result => result.Figure == PublishedFigures.Response);
        Print(response);
        Assert.True(response.Z > StandardErrorsMax);
        Assert.False(response.Passes);
    }

    private sealed record Result(PublishedFigure Figure, int Hits, double Rate, int Of, double Z)
    {
        internal bool Passes => Hits >= HitsMin && Math.Abs(Z) <= StandardErrorsMax;
    }

    private static IEnumerable<Result> Run(CourseModel course)
    {
        var runs = Enumerable.Range(1, Seeds)
            .Select(seed => MeasuredRate.All(Cohort.Draw(Specs.Demo with { Seed = (ulong)seed, Course = course })))
            .ToList();
        return MeasuredRate.Figures.Select((figure, at) =>
        {
            var (count, of) = (runs.Sum(run => run[at].Count), runs.Sum(run => run[at].Of));
            var rate = count / (double)of;
            var error = Math.Sqrt(figure.Value * (1 - figure.Value) / of);
            return new Result(figure, runs.Count(run => run[at].Contains), rate, of, (rate - figure.Value) / error);
        });
    }

    private void Print(Result result) => output.WriteLine(
        $"{result.Figure.Id}: published {result.Figure.Value:P1}, in {result.Hits} of {Seeds} intervals; "
        + $"pooled {result.Rate:P2} of {result.Of}, z = {result.Z:F2}");
}
