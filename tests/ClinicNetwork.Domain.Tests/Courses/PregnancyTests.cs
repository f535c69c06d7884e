using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Courses;

/// <summary>Spravato label: cautions about pregnancy; that it stops doses and who may override it is [K], our policy.</summary>
public sealed class PregnancyTests
{
    private static StartSession Overriding(Chart chart, int day, Roles roles) =>
        chart.Start(day) with { Overrides = [new(GateKind.Pregnancy, "Weighed with the patient and her obstetrician")], Actor = "c-1", ActorRoles = roles };

    [Theory]
    [InlineData(PregnancyFinding.Reported)]
    [InlineData(PregnancyFinding.TestPositive)]
    public void It_stops_a_dose_also_under_a_plan_that_was_made_before_there_was_the_gate(PregnancyFinding finding)
    {
        var chart = Chart.Planned().Find(finding, 0);
        Assert.DoesNotContain(chart.State.Plan!.MadeFrom.Rules.Gates, g => g.Kind == GateKind.Pregnancy);

        Assert.Equal("PREGNANT", chart.Try(chart.Start(1)).Refusal?.Reason);
        // The day before it was found nobody could know.
        Assert.True(chart.Try(chart.Start(-1)).Accepted);
    }

    [Fact]
    public void Every_protocol_names_the_gate_or_has_it_by_policy_and_a_clinician_alone_overrides_it() =>
        Assert.All(ProtocolCatalogue.All, p => Assert.Equal(
            p.Rules.AsksForDischarge ? [new Gate(GateKind.Pregnancy, Roles.Clinician)] : [], p.Rules.Gates.Where(g => g.Kind == GateKind.Pregnancy)));

    [Fact]
    public void A_clinicians_reason_goes_past_it_and_is_kept_with_the_session_and_a_nurses_does_not()
    {
        var chart = Chart.Planned().Find(PregnancyFinding.Reported, 0);
        Assert.Equal("OVERRIDE_NOT_ALLOWED", chart.Try(Overriding(chart, 1, Roles.Nurse)).Refusal?.Reason);

        chart.Do(Overriding(chart, 1, Roles.Clinician)).Do(new RecordDose(new("s-next"), 40, 40, chart.At(1, 11)));

        Assert.Equal((GateKind.Pregnancy, "c-1"), chart.State.MonitoringOf(new("s-next")).Overridden.Select(o => (o.Gate, o.By)).Single());
        Assert.False(chart.State.Sessions.Single().OutsidePlan);
    }

    [Fact]
    public void A_dose_after_it_was_found_in_a_session_that_had_begun_is_a_fact_outside_the_plan()
    {
        var chart = Chart.Planned();
        chart.Do(chart.Start(0)).Find(PregnancyFinding.TestPositive, 0, 11);

        Assert.False(((DoseAnswer)chart.Try(new RecordDose(new("s-next"), 40, 40, chart.At(0, 10, 59))).Answer!).OutsidePlan);
        Assert.True(((DoseAnswer)chart.Try(new RecordDose(new("s-next"), 40, 40, chart.At(0, 11))).Answer!).OutsidePlan);
    }

    [Fact]
    public void Its_end_lets_doses_go_on_and_breastfeeding_stops_none()
    {
        var chart = Chart.Planned().Find(PregnancyFinding.Reported, 0).Find(PregnancyFinding.Ended, 40).Find(PregnancyFinding.Breastfeeding, 40);

        Assert.Equal("PREGNANT", chart.Try(chart.Start(39)).Refusal?.Reason);
        Assert.True(chart.Try(chart.Start(41)).Accepted);
        Assert.True(chart.State.IsBreastfeeding(chart.At(41)));
        // Entered later, found earlier: time decides, not the order of recording.
        Assert.True(chart.Find(PregnancyFinding.TestPositive, 20).Try(chart.Start(41)).Accepted);
    }

    [Fact]
    public void It_raises_one_alert_for_a_clinician_and_what_confirms_it_joins()
    {
        var chart = Chart.Planned().Find(PregnancyFinding.Reported, 0).Find(PregnancyFinding.TestPositive, 1).Find(PregnancyFinding.Ended, 2);

        var alert = chart.State.Alerts.Single();
        Assert.Equal((AlertKind.Pregnancy, Roles.Clinician), (alert.Kind, alert.AtLevel.Owner));
        Assert.Equal("pregnancies/1 pregnancies/2", string.Join(' ', alert.Causes));
    }
}
