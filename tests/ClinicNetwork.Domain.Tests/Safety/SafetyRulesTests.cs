using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Safety;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Safety;

/// <summary>Both sides of every bound that safety checks are read by.</summary>
public sealed class SafetyRulesTests
{
    private static readonly DateTimeOffset At = new(2025, 2, 3, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Values against limits of 40, 40, 120 U/L and 21 µmol/L; three times is not above it. The bounds are [K]; the pair with bilirubin is Hy's law, FDA 2009.</summary>
    [Theory]
    [InlineData(40, 40, 120, 21, SafetyFinding.Unremarkable)]
    [InlineData(40.1, 40, 120, 21, SafetyFinding.Watch)]
    [InlineData(40, 40, 120, 21.1, SafetyFinding.Watch)]
    [InlineData(120, 120, 360, 42, SafetyFinding.Watch)]
    [InlineData(120.1, 40, 120, 21, SafetyFinding.Review)]
    [InlineData(40, 120.1, 120, 21, SafetyFinding.Review)]
    [InlineData(40, 40, 360.1, 21, SafetyFinding.Review)]
    [InlineData(40, 40, 120, 42.1, SafetyFinding.Review)]
    [InlineData(40, 40, 360.1, 42.1, SafetyFinding.Review)]
    [InlineData(120.1, 40, 120, 42, SafetyFinding.Review)]
    [InlineData(120.1, 40, 120, 42.1, SafetyFinding.Hold)]
    [InlineData(40, 120.1, 120, 42.1, SafetyFinding.Hold)]
    public void A_liver_panel_is_read_against_the_laboratorys_own_limits(double alt, double ast, double alp, double bilirubin, SafetyFinding finding)
    {
        var panel = new LiverPanel(Detailed.Enzyme(alt), Detailed.Enzyme(ast), Detailed.Enzyme(alp, 120), new(bilirubin, 21, LiverUnit.MicromolPerLitre));
        Assert.Equal(finding, Judge(panel));
        Assert.Equal(finding, Judge(panel with { Bilirubin = new(bilirubin * 1.2 / 21, 1.2, LiverUnit.MgPerDecilitre) }));
    }

    [Fact]
    public void What_was_not_measured_counts_for_nothing() =>
        Assert.Equal(SafetyFinding.Review, Judge(new(null, null, null, new(50, 21, LiverUnit.MicromolPerLitre))));

    [Theory]
    [InlineData(26, 26d, SafetyFinding.Unremarkable)]
    [InlineData(25.9, 26d, SafetyFinding.Review)]
    [InlineData(0, null, SafetyFinding.Unremarkable)]
    public void A_test_of_cognition_is_read_by_its_own_norms(double score, double? from, SafetyFinding finding) =>
        Assert.Equal(finding, SafetyRules.Judge(Detailed.Check(SafetyCheckKind.CognitionTest, "c-1", At) with { Cognition = new("MoCA 8.1", score, 30, from) }).Finding);

    [Theory]
    [InlineData(SafetyCheckKind.MisuseScreen, ScreenOutcome.Positive, SafetyFinding.Review)]
    [InlineData(SafetyCheckKind.MisuseScreen, ScreenOutcome.Unclear, SafetyFinding.Watch)]
    [InlineData(SafetyCheckKind.MisuseScreen, ScreenOutcome.Negative, SafetyFinding.Unremarkable)]
    [InlineData(SafetyCheckKind.PregnancyTest, ScreenOutcome.Positive, SafetyFinding.Hold)]
    [InlineData(SafetyCheckKind.PregnancyTest, ScreenOutcome.Unclear, SafetyFinding.Review)]
    [InlineData(SafetyCheckKind.PregnancyTest, ScreenOutcome.Negative, SafetyFinding.Unremarkable)]
    [InlineData(SafetyCheckKind.UrineDrugScreen, ScreenOutcome.Positive, SafetyFinding.Review)]
    [InlineData(SafetyCheckKind.UrineDrugScreen, ScreenOutcome.Unclear, SafetyFinding.Watch)]
    [InlineData(SafetyCheckKind.UrineDrugScreen, ScreenOutcome.Negative, SafetyFinding.Unremarkable)]
    public void A_screen_asks_for_what_its_rule_says(SafetyCheckKind kind, ScreenOutcome outcome, SafetyFinding finding)
    {
        var judgement = SafetyRules.Judge(Detailed.Screen(kind, outcome, "c-1", At));
        Assert.Equal((finding, kind), (judgement.Finding, judgement.Rule.Kind));
        Assert.Equal(finding == SafetyFinding.Unremarkable, judgement.AsksFor.Length == 0);
    }

    /// <summary>Whatever the order of recording: what counts is when it was done.</summary>
    [Fact]
    public void The_latest_check_of_each_kind_warns_and_an_earlier_one_no_more()
    {
        var chart = new Chart().Enrol();
        SafetyCheck Raised(string id, int day) => Detailed.Check(SafetyCheckKind.LiverPanel, id, chart.At(day)) with { Liver = new(Detailed.Enzyme(200), null, null, null) };
        chart.Do(new RecordSafetyCheck(Raised("l-1", 1)));
        Assert.Equal(["l-1"], SafetyRules.Warnings(chart.State).Select(w => w.Check.Id.Value));
        chart.Do(new RecordSafetyCheck(Detailed.Check(SafetyCheckKind.LiverPanel, "l-3", chart.At(9)))).Do(new RecordSafetyCheck(Raised("l-2", 5)));
        Assert.Empty(SafetyRules.Warnings(chart.State));
        chart.Do(new RecordSafetyCheck(Detailed.Screen(SafetyCheckKind.PregnancyTest, ScreenOutcome.Positive, "p-1", chart.At(9)))).Do(new RecordSafetyCheck(Raised("l-4", 9)));
        Assert.Equal([("l-4", SafetyFinding.Review), ("p-1", SafetyFinding.Hold)], SafetyRules.Warnings(chart.State).Select(w => (w.Check.Id.Value, w.Judgement.Finding)));
    }

    [Fact]
    public void Each_kind_has_one_rule_with_a_source()
    {
        Assert.Equal(Enum.GetValues<SafetyCheckKind>(), SafetyRules.All.Select(r => r.Kind));
        Assert.Distinct(SafetyRules.All.Select(r => r.Key));
        Assert.All(SafetyRules.All, r => Assert.All([r.Text, r.Source], text => Assert.EndsWith(".", text, StringComparison.Ordinal)));
    }

    private static SafetyFinding Judge(LiverPanel panel) => SafetyRules.Judge(Detailed.Check(SafetyCheckKind.LiverPanel, "l-1", At) with { Liver = panel }).Finding;
}
