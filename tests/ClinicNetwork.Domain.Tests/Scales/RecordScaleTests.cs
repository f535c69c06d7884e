using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Scales;

/// <summary>What an answered scale leaves behind.</summary>
public sealed class RecordScaleTests
{
    [Fact]
    public void A_PHQ9_makes_the_event_that_the_older_call_makes()
    {
        var chart = new Chart().Enrol();
        var items = Given.Items(25);
        var older = Assert.IsType<AssessmentRecorded>(chart.Try(new RecordAssessment(new("a-1"), items, chart.At(0))).Events[0]);

        var newer = Assert.IsType<AssessmentRecorded>(chart.Try(Phq9Of("a-1", items, chart.At(0))).Events[0]);

        Assert.Equal(older with { Items = [] }, newer with { Items = [] });
        Assert.Equal(older.Items.AsEnumerable(), newer.Items);
    }

    [Fact]
    public void Outcomes_are_read_from_it_as_from_the_older_call()
    {
        var older = Chart.Planned().Answer(-3, 20).Doses(0, 3, 7, 10, 14, 17).Answer(17 + 20, 8).Close();
        var chart = Chart.Planned();
        chart.Do(Phq9Of("a-1", Given.Items(20), chart.At(-3, 9))).Doses(0, 3, 7, 10, 14, 17);
        var newer = chart.Do(Phq9Of("a-2", Given.Items(8), chart.At(17 + 20, 9))).Close();

        Assert.True(newer.Measured);
        Assert.Equal(older, newer);
    }

    [Fact]
    public void The_difficulty_of_a_PHQ9_is_kept_beside_it_and_not_summed()
    {
        var chart = new Chart().Enrol();
        var command = new RecordScale(new("a-1"), ScaleKind.Phq9, ScaleAnswers.Of(Phq9.Scale, "1,1,1,1,1,1,1,1,0,3"), chart.At(0));

        var assessment = Assert.Single(chart.Do(command).State.Assessments);

        Assert.Equal((8, 3, 9), (assessment.Total, assessment.Difficulty, assessment.Items.Length));
        Assert.Empty(chart.State.AnsweredScales);
    }

    [Fact]
    public void Another_scale_is_kept_with_what_was_answered_and_the_version_that_scored_it()
    {
        var chart = new Chart().Enrol();
        var answers = ScaleAnswers.Of(Gad7.Scale, "1,1,1,-,2,0,0");

        var kept = Assert.Single(chart.Do(new RecordScale(new("g-1"), ScaleKind.Gad7, answers, chart.At(0))).State.AnsweredScales);

        Assert.Equal(new AnsweredScale(new("g-1"), ScaleKind.Gad7, 1, chart.At(0), kept.Items, 6, "MILD", null, true), kept);
        Assert.Equal(answers.AsEnumerable(), kept.Items);
        Assert.Empty(chart.State.Assessments);
    }

    /// <summary>Other scales say nothing to outcomes, which are defined on the PHQ-9.</summary>
    [Fact]
    public void An_outcome_is_not_measured_by_another_scale()
    {
        var chart = Chart.Planned().Answer(-3, 20).Doses(0, 3, 7, 10, 14, 17);
        chart.Do(new RecordScale(new("q-1"), ScaleKind.QidsSr16, [.. QidsSr16.Scale.Items.Select(i => new ItemAnswer(i.Key, 0))], chart.At(17 + 20)));

        Assert.Equal(MissingReason.NotAttended, chart.Close().Missing);
    }

    private static RecordScale Phq9Of(string id, IReadOnlyList<int> items, DateTimeOffset at) =>
        new(new(id), ScaleKind.Phq9, [.. items.Zip(Phq9.Scale.Items, (v, i) => new ItemAnswer(i.Key, v)).Reverse()], at);
}
