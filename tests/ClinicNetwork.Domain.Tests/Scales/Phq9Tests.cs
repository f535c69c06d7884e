using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Scales;

/// <summary>Kroenke, Spitzer, Williams 2001, J Gen Intern Med 16:606, 10.1046/j.1525-1497.2001.016009606.x.</summary>
public sealed class Phq9Tests
{
    [Theory]
    [InlineData(0, Phq9Severity.Minimal)]
    [InlineData(4, Phq9Severity.Minimal)]
    [InlineData(5, Phq9Severity.Mild)]
    [InlineData(9, Phq9Severity.Mild)]
    [InlineData(10, Phq9Severity.Moderate)]
    [InlineData(14, Phq9Severity.Moderate)]
    [InlineData(15, Phq9Severity.ModeratelySevere)]
    [InlineData(19, Phq9Severity.ModeratelySevere)]
    [InlineData(20, Phq9Severity.Severe)]
    [InlineData(27, Phq9Severity.Severe)]
    public void Severity_bands_begin_and_end_where_Kroenke_2001_puts_them(int total, Phq9Severity severity) =>
        Assert.Equal(severity, Phq9.Severity(total));

    [Theory]
    [InlineData(-1)]
    [InlineData(28)]
    public void A_total_outside_0_to_27_has_no_band(int total) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Phq9.Severity(total));

    [Theory]
    [InlineData(new[] { 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 0)]
    [InlineData(new[] { 3, 3, 3, 3, 3, 3, 3, 3, 3 }, 27)]
    [InlineData(new[] { 2, 2, 1, 3, 1, 2, 1, 0, 1 }, 13)]
    public void The_total_is_the_sum_of_nine_items(int[] items, int total) => Assert.Equal(total, Phq9.Total(items));

    [Fact]
    public void Every_total_from_0_to_27_can_be_answered_and_is_read_back()
    {
        for (var total = 0; total <= 27; total++)
        {
            Assert.Null(Phq9.Check(Given.Items(total)));
            Assert.Equal(total, Phq9.Total(Given.Items(total)));
        }
    }

    [Theory]
    [InlineData(0, -1)]
    [InlineData(4, 4)]
    [InlineData(8, 99)]
    public void An_item_outside_0_to_3_is_refused_by_its_place(int place, int value)
    {
        var items = Given.Items(9).SetItem(place, value);

        var refusal = Phq9.Check(items);

        Assert.Equal(("ITEM_OUT_OF_RANGE", $"items[{place}]"), (refusal?.Reason, refusal?.Field));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(10)]
    public void Missing_items_and_the_tenth_question_are_refused_because_nothing_is_filled_in(int count)
    {
        var refusal = Phq9.Check([.. Enumerable.Repeat(1, count)]);

        Assert.Equal(("ITEMS_INCOMPLETE", "items"), (refusal?.Reason, refusal?.Field));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void Any_answer_above_0_to_item_9_asks_for_a_risk_screen_whatever_the_total(int item9, bool due)
    {
        Assert.Equal(due, Phq9.AsksForRiskScreen([0, 0, 0, 0, 0, 0, 0, 0, item9]));
        Assert.Equal(due, Phq9.AsksForRiskScreen([3, 3, 3, 3, 3, 3, 3, 3, item9]));
    }

    [Fact]
    public void The_answer_to_an_assessment_says_total_band_and_risk_screen()
    {
        var chart = new Chart().Enrol();

        var attempt = chart.Try(new Patients.RecordAssessment(new("a-1"), [3, 3, 3, 1, 0, 0, 0, 0, 1], chart.At(0)));

        Assert.Equal(new Patients.AssessmentAnswer(11, Phq9Severity.Moderate, true), attempt.Answer);
    }
}
