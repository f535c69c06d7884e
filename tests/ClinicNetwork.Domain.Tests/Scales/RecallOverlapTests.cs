using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Scales;

/// <summary>Two answers that are closer than the scale looks back re-read the same days: the later one is marked, none is refused.</summary>
public sealed class RecallOverlapTests
{
    private readonly Chart _chart = new Chart().Enrol();
    private int _answers;

    [Theory]
    [InlineData(ScaleKind.Phq9, 14)]
    [InlineData(ScaleKind.Gad7, 14)]
    [InlineData(ScaleKind.Madrs, 7)]
    [InlineData(ScaleKind.QidsSr16, 7)]
    [InlineData(ScaleKind.CssrsScreener, 30)]
    [InlineData(ScaleKind.LongTermSafety, 28)]
    public void An_answer_is_marked_until_the_days_of_the_earlier_one_are_past(ScaleKind kind, int days)
    {
        Assert.False(Answer(kind, 0));
        Assert.True(Answer(kind, days - 1));
        Assert.False(Answer(kind, (2 * days) - 1));
        Assert.Equal([false, true, false], RecallOverlap.Of(_chart.State, ScaleCatalogue.Get(kind)));
    }

    [Theory]
    [InlineData(ScaleKind.Cadss6)]
    [InlineData(ScaleKind.Moaas)]
    public void What_is_about_the_moment_overlaps_nothing(ScaleKind kind)
    {
        Answer(kind, 0);
        Assert.False(Answer(kind, 0, minute: 10));
    }

    [Fact]
    public void Clinical_days_count_not_hours()
    {
        Answer(ScaleKind.Madrs, 0, hour: 23);
        Assert.False(Answer(ScaleKind.Madrs, 7, hour: 1));
    }

    [Fact]
    public void The_later_one_is_marked_also_when_it_was_recorded_first()
    {
        Assert.False(Answer(ScaleKind.Gad7, 10));
        Assert.False(Answer(ScaleKind.Gad7, 0));
        Assert.Equal([true, false], RecallOverlap.Of(_chart.State, Gad7.Scale));
    }

    [Fact]
    public void Of_two_at_the_same_time_the_one_recorded_later_is_marked()
    {
        Assert.False(Answer(ScaleKind.Gad7, 0));
        Assert.True(Answer(ScaleKind.Gad7, 0));
        Assert.Equal([false, true], RecallOverlap.Of(_chart.State, Gad7.Scale));
    }

    [Fact]
    public void Another_scale_does_not_count()
    {
        Answer(ScaleKind.Gad7, 0);
        Assert.False(Answer(ScaleKind.Phq9, 1));
    }

    [Fact]
    public void A_PHQ9_of_the_older_call_counts_as_one()
    {
        _chart.Answer(0, total: 12);
        Assert.True(Answer(ScaleKind.Phq9, 3));
    }

    private bool Answer(ScaleKind kind, int day, int hour = 10, int minute = 0)
    {
        var scale = ScaleCatalogue.Get(kind);
        var command = new RecordScale(new($"x-{++_answers}"), kind, [.. scale.Items.Where(i => !i.Optional).Select(i => new ItemAnswer(i.Key, 0))], _chart.At(day, hour, minute));
        var answer = Assert.IsType<ScaleAnswer>(_chart.Try(command).Answer);
        _chart.Do(command);
        return answer.OverlapsEarlier;
    }
}
