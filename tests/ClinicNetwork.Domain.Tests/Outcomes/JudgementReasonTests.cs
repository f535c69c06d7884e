using ClinicNetwork.Domain.Outcomes;

namespace ClinicNetwork.Domain.Tests.Outcomes;

/// <summary>Who is not measured is missing with why, or not eligible, or not known to be: nobody treated goes without a word.</summary>
public sealed class JudgementReasonTests
{
    [Theory]
    [InlineData("response-phq9-mcinnes/1", "33 phq9 4", MissingReason.BaselineMissing)]
    [InlineData("response-phq9-mcinnes/1", "base gad7 9; 33 phq9 4", MissingReason.BaselineMissing)] // another scale's baseline
    [InlineData("reliable-deterioration-nhs/1", "base phq9 20; 33 phq9 4 gad7 9", MissingReason.BaselineMissing)] // one of two
    [InlineData("response-phq9-mcinnes/1", "doses 0 3 8; base phq9 20; 30 phq9 4", MissingReason.InductionIncomplete)]
    [InlineData("response-phq9-mcinnes/1", "doses 0 3; base phq9 20; end 4; 30 phq9 4", MissingReason.LeftTreatment)]
    [InlineData("response-phq9-mcinnes/1", "base phq9 20", MissingReason.NotAttended)]
    [InlineData("response-phq9-mcinnes/1", "base phq9 20; end 42", MissingReason.LeftTreatment)]
    [InlineData("response-phq9-mcinnes/1", "base phq9 20; end 43", MissingReason.NotAttended)] // left after the window
    [InlineData("response-phq9-mcinnes/1", "base phq9 20; end 30; missed EndOfInduction Declined", MissingReason.Declined)]
    [InlineData("response-phq9-mcinnes/1", "base phq9 20; missed Week4 Declined", MissingReason.NotAttended)] // another visit's reason
    [InlineData("loss-of-response-week4-phq9-mcinnes/1", "base phq9 20; 30 phq9 4; missed Week4 Unreachable", MissingReason.Unreachable)]
    [InlineData("response-phq9-va/1", "base phq9 20; missed EndOfInduction Declined", MissingReason.NotAttended)] // not the VA's window
    [InlineData("response-phq9-va/1", "doses 0 3; base phq9 20; end 4", MissingReason.LeftTreatment)]
    [InlineData("reliable-deterioration-nhs/1", "base phq9 9 gad7 9; 33 phq9 27", MissingReason.NotAttended)] // one scale of two tells nothing
    [InlineData("relapse-qids-elektd/1", "base qids 18; 21 qids 9", MissingReason.NotAttended)]
    [InlineData("stable-remission-madrs-sustain1/1", "base madrs 37; 84 madrs 12; 91 madrs 12; 98 madrs 13", MissingReason.NotAttended)] // the fourth week decides
    public void What_is_not_measured_is_missing_with_why(string definition, string course, MissingReason reason)
    {
        var judgement = Course.Judge(definition, course);

        Assert.Equal((JudgementKind.Missing, reason, true), (judgement.Kind, judgement.Reason, judgement.IsFinal));
        Assert.Empty(judgement.Totals);
    }

    [Theory]
    [InlineData("loss-of-response-week4-phq9-mcinnes/1", "base phq9 20; 61 phq9 20", MissingReason.NotAttended)] // was it a responder?
    [InlineData("relapse-qids-elektd/1", "60 qids 20", MissingReason.BaselineMissing)]
    [InlineData("recovery-nhs/1", "base phq9 20; 33 phq9 4 gad7 4", MissingReason.BaselineMissing)]
    public void Whether_a_course_counts_at_all_can_be_unknown(string definition, string course, MissingReason reason)
    {
        var judgement = Course.Judge(definition, course);

        Assert.Equal((JudgementKind.EligibilityUnknown, reason), (judgement.Kind, judgement.Reason));
    }

    [Theory]
    [InlineData("base phq9 20; doses 0 3", 28, JudgementKind.NotYet)] // more doses can come
    [InlineData("base phq9 20; doses 0 3", 29, JudgementKind.Missing)]
    [InlineData("base phq9 20; doses 0 3; end 4", 5, JudgementKind.Missing)]
    public void An_induction_may_be_completed_until_day_28_or_the_end_of_treatment(string course, int today, JudgementKind kind) =>
        Assert.Equal(kind, Course.Judge("response-phq9-mcinnes/1", course, today).Kind);

    [Fact]
    public void Of_several_totals_in_a_window_the_first_counts() =>
        Assert.Equal(JudgementKind.NotMet, Course.Judge("remission-phq9-va/1", "base phq9 20; 35 phq9 6; 36 phq9 0").Kind);

    [Fact]
    public void A_relapse_is_told_when_it_happens_and_its_absence_when_the_window_is_over()
    {
        const string course = "base qids 18; 21 qids 9; 60 qids 11";

        Assert.Equal(JudgementKind.NotYet, Course.Judge("relapse-qids-elektd/1", course, 203).Kind);
        Assert.Equal(JudgementKind.NotMet, Course.Judge("relapse-qids-elektd/1", course, 204).Kind);
        Assert.Equal(JudgementKind.Met, Course.Judge("relapse-qids-elektd/1", course + "; 80 qids 12", 81).Kind);
    }

    [Fact]
    public void Doses_beyond_the_number_planned_move_no_window() =>
        Assert.Equal(JudgementKind.Met, Course.Judge("remission-phq9-mcinnes/1", "planned 4; base phq9 20; doses 0 3 7 10 20; 24 phq9 4").Kind);

    [Fact]
    public void Neither_a_course_nor_a_judgement_prints_a_score()
    {
        const string course = "base phq9 20; 33 phq9 17";

        var printed = $"{Course.Of(course)} {Course.Judge("response-phq9-mcinnes/1", course)} {Course.Judge("response-phq9-mcinnes/1", course).Totals[0]}";

        Assert.DoesNotContain("17", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("20", printed, StringComparison.Ordinal);
    }
}
