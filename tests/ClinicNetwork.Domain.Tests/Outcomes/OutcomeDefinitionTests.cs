using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Outcomes;

/// <summary>McInnes 2022, J Affect Disord, 10.1016/j.jad.2021.12.097: response, remission and any worsening on the PHQ-9.</summary>
public sealed class OutcomeDefinitionTests
{
    /// <summary>Worked by hand from the paper's words.</summary>
    public static TheoryData<int, int, bool, bool, bool> ByHand => new()
    {
        // baseline, score, response, remission, worsening
        { 20, 10, true, false, false }, // exactly 50 %
        { 20, 11, false, false, false },
        { 19, 9, true, false, false }, // half of an odd baseline is 9.5: 9 is enough, 10 is not
        { 19, 10, false, false, false },
        { 21, 10, true, false, false },
        { 21, 11, false, false, false },
        { 27, 13, true, false, false },
        { 27, 14, false, false, false },
        { 10, 5, true, false, false }, // 5 is no remission (the VA's "at most 5", Pfeiffer 2024, is another definition)
        { 10, 4, true, true, false },
        { 20, 5, true, false, false },
        { 20, 4, true, true, false },
        { 20, 0, true, true, false },
        { 8, 4, true, true, false },
        { 7, 4, false, true, false }, // from a mild baseline, remission without half the points gone
        { 20, 20, false, false, false },
        { 20, 21, false, false, true }, // any increase, not 5 points
        { 20, 24, false, false, true },
        { 20, 25, false, false, true },
        { 27, 27, false, false, false }, // cannot rise
        { 0, 0, false, true, false }, // nothing to fall from
        { 0, 1, false, true, true },
    };

    [Theory]
    [MemberData(nameof(ByHand))]
    public void Scores_are_judged_as_the_paper_says(int baseline, int score, bool response, bool remission, bool worsening)
    {
        Assert.Equal(response, OutcomeCatalogue.Response.IsMet(baseline, score));
        Assert.Equal(remission, OutcomeCatalogue.Remission.IsMet(baseline, score));
        Assert.Equal(worsening, OutcomeCatalogue.AnyWorsening.IsMet(baseline, score));
    }

    [Theory]
    [MemberData(nameof(ByHand))]
    public void A_treated_patient_is_judged_as_the_paper_says(int baseline, int score, bool response, bool remission, bool worsening)
    {
        var outcome = Chart.Planned().Answer(-1, baseline).Doses(0, 2, 4, 7, 9, 11).Answer(11 + 22, score).Close();

        Assert.True(outcome.Measured);
        Assert.Equal((baseline, score), (outcome.BaselinePhq9, outcome.Phq9));
        Assert.Equal((response, remission, worsening), (outcome.Response, outcome.Remission, outcome.Worsening));
    }

    [Fact]
    public void Every_pair_of_scores_agrees_with_whole_number_arithmetic()
    {
        for (var baseline = 0; baseline <= 27; baseline++)
        {
            for (var score = 0; score <= 27; score++)
            {
                Assert.Equal(baseline > 0 && 2 * score <= baseline, OutcomeCatalogue.Response.IsMet(baseline, score));
                Assert.Equal(score <= 4, OutcomeCatalogue.Remission.IsMet(baseline, score));
                Assert.Equal(score > baseline, OutcomeCatalogue.AnyWorsening.IsMet(baseline, score));
            }
        }
    }

    [Fact]
    public void Every_outcome_carries_id_and_version_of_what_judged_it()
    {
        var outcome = Chart.Planned().Answer(-1, 20).Doses(0, 2, 4, 7).Close();

        Assert.Equal(["response-phq9-mcinnes/1", "remission-phq9-mcinnes/1", "worsening-any-phq9-mcinnes/1"], outcome.Definitions.AsEnumerable());
    }

    [Fact]
    public void Every_definition_says_scale_rule_window_and_source()
    {
        Assert.Equal(OutcomeCatalogue.OfMilestones.Count, OutcomeCatalogue.OfMilestones.Select(d => d.Key).Distinct().Count());
        Assert.All(OutcomeCatalogue.OfMilestones, d =>
        {
            Assert.Equal("PHQ-9", d.Scale);
            Assert.Contains("10.1016/j.jad.2021.12.097", d.Source, StringComparison.Ordinal);
            Assert.NotEmpty(d.RuleText);
            Assert.Contains("14 to 31", d.WindowText, StringComparison.Ordinal);
        });
    }
}
