namespace ClinicNetwork.Simulation.Tests;

public class CohortSpecTests
{
    public static TheoryData<string> Fields => [.. Wrong.Keys];

    private static readonly CourseModel Fit = CourseModel.McInnes2022Fit;

    private static readonly Dictionary<string, CohortSpec> Wrong = new()
    {
        ["patients"] = Specs.Demo with { Patients = 0 },
        ["enrolment_days"] = Specs.Demo with { EnrolmentDays = 3_661 },
        ["follow_up_weeks"] = Specs.Demo with { FollowUpWeeks = 13 },
        ["clinics"] = Specs.Demo with { Clinics = 0 },
        ["first_day"] = Specs.Demo with { FirstDay = new DateOnly(1999, 12, 31) },
        ["course.outcomes.response"] = Specs.Demo with { Course = Fit with { Outcomes = new() { Response = double.NaN } } },
        ["course.outcomes.remission"] = Specs.Demo with { Course = Fit with { Outcomes = new() { Remission = 0.6 } } },
        ["course.outcomes.worsening"] = Specs.Demo with { Course = Fit with { Outcomes = new() { Worsening = 0.5 } } },
        ["course.outcomes.sustained_week_8"] = Specs.Demo with { Course = Fit with { Outcomes = new() { SustainedWeek8 = 0.9 } } },
        ["course.visits.missed_week_4"] = Specs.Demo with { Course = Fit with { Visits = new() { MissedWeek4 = 1.01 } } },
        ["course.visits.non_responder_miss_ratio"] = Specs.Demo with { Course = Fit with { Visits = new() { NonResponderMissRatio = -1 } } },
        ["course.treatments.esketamine"] = Specs.Demo with { Course = Fit with { Treatments = new() { Esketamine = -0.1 } } },
        ["course.side_effects.severe"] = Specs.Demo with { Course = Fit with { SideEffects = new() { Severe = 0.9 } } },
        ["course.pressure.systolic_mean_mm_hg"] = Specs.Demo with { Course = Fit with { Pressure = new() { SystolicMeanMmHg = 300 } } },
        ["course.participation.transferred"] = Specs.Demo with { Course = Fit with { Participation = new() { Transferred = 0.99 } } },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_wrong_value_is_named_and_not_drawn(string field)
    {
        Assert.Contains(Wrong[field].Problems(), problem => problem.Field == field);
        Assert.Contains(field, Assert.Throws<ArgumentException>(() => Cohort.Draw(Wrong[field])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_day_of_enrolment_on_a_Sunday_is_refused() =>
        Assert.Equal("first_day", Assert.Single((Specs.Demo with { FirstDay = new DateOnly(2025, 7, 6), EnrolmentDays = 1 }).Problems()).Field);

    [Fact]
    public void All_problems_are_told_at_once() =>
        Assert.Equal(2, (Specs.Demo with { Patients = -1, Clinics = 1_001 }).Problems().Count);

    [Fact]
    public void A_baseline_on_which_the_targets_cannot_be_reached_is_refused()
    {
        var allAt27 = new BaselineTable([new BaselineRow(VirtualSex.Female, 50, 27, 9)], 9);
        Assert.Equal("course.outcomes.worsening", Assert.Single((Specs.Demo with { Baseline = allAt27 }).Problems()).Field);
        var severe = new BaselineTable([new BaselineRow(VirtualSex.Female, 50, 22, 9)], 9);
        var never = Fit with { Outcomes = new() { RemissionWeightSevere = 0 } };
        Assert.Equal("course.outcomes.remission", Assert.Single((Specs.Demo with { Baseline = severe, Course = never }).Problems()).Field);
    }

    [Fact]
    public void The_demo_is_fine() => Assert.Empty(Specs.Demo.Problems());
}
