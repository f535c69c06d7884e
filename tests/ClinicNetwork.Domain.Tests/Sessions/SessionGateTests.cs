using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Sessions;

/// <summary>Gates before a session; what may be overridden and what never may.</summary>
public sealed class SessionGateTests
{
    private const string Reason = "Known white-coat pressure; benefit outweighs the risk.";

    private static StartSession Start(Chart chart, BloodPressure? pressure = null, string reason = "") =>
        new(new("s-1"), Given.Home, true, pressure ?? Given.Calm, 80, reason, chart.At(0));

    /// <summary>Spravato label: above 140/90 mmHg is weighed; 140/90 itself is not above.</summary>
    [Theory]
    [InlineData(140, 90, false)]
    [InlineData(141, 90, true)]
    [InlineData(140, 91, true)]
    [InlineData(180, 110, true)]
    [InlineData(139, 89, false)]
    public void Above_140_over_90_the_session_is_held(int systolic, int diastolic, bool held)
    {
        var chart = Chart.Planned();

        Assert.Equal(held ? "BLOOD_PRESSURE_HOLD" : null, chart.Try(Start(chart, new(systolic, diastolic))).Refusal?.Reason);
        Assert.True(chart.Try(Start(chart, new(systolic, diastolic), Reason)).Accepted);
    }

    [Fact]
    public void A_reason_overrides_the_hold_and_is_remembered_with_the_session()
    {
        var chart = Chart.Planned();

        chart.Do(Start(chart, new(152, 94), Reason));

        Assert.Equal((Reason, new BloodPressure(152, 94)), (chart.State.Sessions[0].OverrideReason, chart.State.Sessions[0].Before));
    }

    [Fact]
    public void No_reason_overrides_any_other_gate()
    {
        var esketamine = Chart.Planned(esketamine: true);
        var planned = Chart.Planned();
        (string Reason, Attempt Attempt)[] gates =
        [
            ("CONTRAINDICATED", With(Chart.Planned().Consult("Intracerebral haemorrhage"), c => Start(c, reason: Reason))),
            ("TREATMENT_ENDED", With(Chart.Planned().End(-1), c => Start(c, reason: Reason))),
            ("PLAN_MISSING", With(new Chart().Enrol().Consult(), c => Start(c, reason: Reason))),
            ("SETTING_NOT_CERTIFIED", With(esketamine, c => Start(c, reason: Reason) with { ClinicCertified = false })),
            ("SITE_NOT_PERMITTED", With(planned, c => Start(c, reason: Reason) with { Clinic = Given.Other })),
            ("WEIGHT_MISSING", With(planned, c => Start(c, reason: Reason) with { WeightKg = null })),
            ("BLOOD_PRESSURE_OUT_OF_RANGE", With(planned, c => Start(c, new(301, 90), Reason))),
        ];

        Assert.All(gates, gate => Assert.Equal(gate.Reason, gate.Attempt.Refusal?.Reason));

        static Attempt With(Chart chart, Func<Chart, StartSession> start) => chart.Try(start(chart));
    }

    [Fact]
    public void Only_a_new_consultation_clears_a_contraindication()
    {
        var chart = Chart.Planned().Consult("Aneurysmal vascular disease");
        Assert.Equal("CONTRAINDICATED", chart.Try(Start(chart)).Refusal?.Reason);

        chart.Consult();

        Assert.True(chart.Try(Start(chart)).Accepted);
    }

    [Fact]
    public void Esketamine_is_given_nowhere_but_at_a_certified_clinic()
    {
        var chart = new Chart().Enrol().Consult();
        foreach (var setting in Enum.GetValues<Setting>())
        {
            var plan = new CreatePlan(Given.Esketamine, setting, null, 56, [Given.Goal], 3);
            Assert.Equal(setting == Setting.CertifiedClinic, chart.Try(plan).Accepted);
        }

        var planned = Chart.Planned(esketamine: true);
        Assert.Equal("SETTING_NOT_CERTIFIED", planned.Try(Start(planned) with { ClinicCertified = false }).Refusal?.Reason);
        Assert.True(planned.Try(Start(planned)).Accepted);
    }

    [Fact]
    public void A_site_with_write_access_may_start_and_a_site_that_lost_it_may_not()
    {
        var chart = Chart.Planned();
        chart.Do(new SetSharing([new(Given.Other, SiteAccess.Write)], chart.At(-2)));
        Assert.True(chart.Try(Start(chart) with { Clinic = Given.Other }).Accepted);

        chart.Do(new SetSharing([], chart.At(-1)));

        Assert.Equal("SITE_NOT_PERMITTED", chart.Try(Start(chart) with { Clinic = Given.Other }).Refusal?.Reason);
    }

    [Theory]
    [InlineData(80.0, 0.5, 40.0)] // 0.5 mg/kg (Murrough 2013)
    [InlineData(66.1, 0.5, 33.1)] // 33.05 rounds away from zero
    [InlineData(30.0, 0.1, 3.0)]
    [InlineData(300.0, 1.0, 300.0)]
    public void The_dose_goes_by_weight_to_a_tenth_of_a_milligram(double kg, double mgPerKg, double mg)
    {
        var chart = Chart.Planned();
        chart.Do(new RevisePlan(chart.State.Plan!.Version, mgPerKg, null, null, [], "Dose", chart.Version + 1));

        Assert.Equal(new SessionAnswer(mg), chart.Try(Start(chart) with { WeightKg = kg }).Answer);
    }

    [Fact]
    public void Esketamine_has_a_fixed_dose_and_needs_no_weight()
    {
        var chart = Chart.Planned(esketamine: true);

        Assert.Equal(new SessionAnswer(56), chart.Try(Start(chart) with { WeightKg = null }).Answer);
    }

    [Theory]
    [InlineData(false, 60)] // [K], our default
    [InlineData(true, 120)] // Spravato REMS: at least two hours
    public void A_patient_leaves_no_earlier_than_the_observation_after_the_dose(bool esketamine, int minutes)
    {
        var chart = Chart.Planned(esketamine: esketamine);
        chart.Do(Start(chart));
        chart.Do(new RecordDose(new("s-1"), chart.State.Sessions[0].PlannedDoseMg, 0, chart.At(0, 10, 5)));
        var earliest = chart.At(0, 10, 5).AddMinutes(minutes);

        Assert.Equal("OBSERVATION_TOO_SHORT", chart.Try(new CompleteSession(new("s-1"), Given.Calm, earliest.AddTicks(-1))).Refusal?.Reason);
        Assert.True(chart.Try(new CompleteSession(new("s-1"), Given.Calm, earliest)).Accepted);
    }

    [Fact]
    public void A_session_without_a_dose_may_be_completed_at_once()
    {
        var chart = Chart.Planned(esketamine: true);
        chart.Do(Start(chart));

        Assert.True(chart.Try(new CompleteSession(new("s-1"), Given.Calm, chart.At(0))).Accepted);
    }
}
