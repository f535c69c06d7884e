using System.Text.RegularExpressions;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Protocols;

/// <summary>Drug × route × setting, and what every protocol of the catalogue keeps to.</summary>
public sealed class ProtocolTests
{
    /// <summary>Written out by hand: esketamine nasal in a certified clinic (REMS); racemic by IV, IM, SC and under the tongue in clinics, the last at home when supervised.</summary>
    private static readonly string[] Permitted =
    [
        "Esketamine Nasal CertifiedClinic",
        "KetamineRacemic Intravenous Clinic", "KetamineRacemic Intravenous CertifiedClinic",
        "KetamineRacemic Intramuscular Clinic", "KetamineRacemic Intramuscular CertifiedClinic",
        "KetamineRacemic Subcutaneous Clinic", "KetamineRacemic Subcutaneous CertifiedClinic",
        "KetamineRacemic Sublingual Clinic", "KetamineRacemic Sublingual CertifiedClinic",
    ];

    [Fact]
    public void Every_combination_of_drug_route_and_setting_is_what_the_table_says()
    {
        foreach (var drug in Enum.GetValues<Drug>())
        foreach (var route in Enum.GetValues<Route>())
        foreach (var setting in Enum.GetValues<Setting>())
        {
            var expected = Permitted.Contains($"{drug} {route} {setting}") ? Placement.Permitted
                : $"{drug} {route} {setting}" == "KetamineRacemic Sublingual Home" ? Placement.NeedsSupervision
                : Placement.Refused;
            Assert.Equal((drug, route, setting, expected), (drug, route, setting, TreatmentMatrix.Of(drug, route, setting)));
        }
    }

    [Fact]
    public void A_plan_is_made_only_where_protocol_and_matrix_permit_and_at_home_only_supervised()
    {
        var chart = new Chart().Enrol().Consult();
        foreach (var protocol in ProtocolCatalogue.All)
        foreach (var setting in Enum.GetValues<Setting>())
        foreach (var supervision in new[] { "", " ", "Her partner, by phone with the clinic" })
        {
            var attempt = chart.Try(new CreatePlan(protocol.Id, setting, null, null, [Given.Goal], 3, protocol.Version, supervision));
            var expected = !protocol.Settings.Contains(setting) ? "SETTING_NOT_PERMITTED"
                : setting == Setting.Home && supervision.Trim().Length == 0 ? "SUPERVISION_MISSING"
                : null;
            Assert.Equal((protocol.Id, protocol.Version, setting, expected), (protocol.Id, protocol.Version, setting, attempt.Refusal?.Reason));
            Assert.False(attempt.Accepted && protocol.Drug == Drug.Esketamine && setting == Setting.Home);
        }
    }

    [Fact]
    public void A_revision_cannot_take_supervision_away()
    {
        var chart = new Chart().Enrol().Consult();
        chart.Do(new CreatePlan(ProtocolCatalogue.KetamineHome.Id, Setting.Home, null, null, [Given.Goal], 3, 1, "Her partner"));

        chart.Do(new RevisePlan(3, 0.6, null, null, [], "More", 4));

        Assert.Equal("Her partner", chart.State.Plan!.Supervision);
    }

    [Theory]
    [InlineData("ketamine-sc", 0.49, false)] // KADS: 0.5 to 0.9
    [InlineData("ketamine-sc", 0.5, true)]
    [InlineData("ketamine-sc", 0.9, true)]
    [InlineData("ketamine-sc", 0.91, false)]
    [InlineData("ketamine-im", 0.24, false)]
    [InlineData("ketamine-im", 0.25, true)]
    [InlineData("ketamine-im", 1.0, true)]
    [InlineData("ketamine-im", 1.01, false)]
    public void A_dose_by_weight_keeps_to_its_protocols_bounds(string protocol, double mgPerKg, bool accepted)
    {
        var attempt = new Chart().Enrol().Consult().Try(new CreatePlan(new(protocol), Setting.Clinic, mgPerKg, null, [Given.Goal], 3));

        Assert.Equal(accepted ? null : "DOSE_OUT_OF_RANGE", attempt.Refusal?.Reason);
    }

    [Fact]
    public void Who_asks_for_no_version_gets_the_first_and_its_rules()
    {
        var chart = Chart.Planned();

        Assert.Equal((1, SessionRules.First), (chart.State.Plan!.ProtocolVersion, chart.State.Plan.MadeFrom.Rules));
        Assert.All([ProtocolCatalogue.KetamineIvInduction, ProtocolCatalogue.EsketamineNasalInduction], p => Assert.Same(SessionRules.First, p.Rules));
    }

    [Fact]
    public void Every_protocol_is_whole()
    {
        Assert.Distinct(ProtocolCatalogue.All.Select(p => (p.Id, p.Version)));
        Assert.All(ProtocolCatalogue.All, p =>
        {
            Assert.All(p.Settings, s => Assert.NotEqual(Placement.Refused, TreatmentMatrix.Of(p.Drug, p.Route, s)));
            Assert.Matches(new Regex("[0-9]{4}|Spravato|\\[K\\]"), p.Source);
            Assert.Distinct(p.Rules.Gates.Select(g => g.Kind));
            Assert.Empty(SessionRules.First.Gates.Select(g => g.Kind).Except(p.Rules.Gates.Select(g => g.Kind)));
            Assert.True(p.DoseMgPerKg is null || (p.DoseMgPerKg >= p.DoseMgPerKgMin && p.DoseMgPerKg <= p.DoseMgPerKgMax));
        });
    }

    /// <summary>Of those that ask for a discharge: a reading cannot count twice, all fall before leaving is possible, and gates find the bounds they need.</summary>
    [Fact]
    public void Every_protocol_with_a_discharge_can_be_kept_to()
    {
        var asking = ProtocolCatalogue.All.Where(p => p.Rules.AsksForDischarge).ToArray();
        Assert.Equal(5, asking.Length);
        Assert.All(asking, p =>
        {
            Assert.NotEmpty(p.Rules.Monitoring);
            Assert.All(p.Rules.Monitoring, t => Assert.True(t.FromMinute <= t.Minute && t.Minute <= t.ToMinute && t.ToMinute <= p.ObservationMinutesMin && t.Signs.HasFlag(VitalSigns.BloodPressure)));
            Assert.All(p.Rules.Monitoring.Zip(p.Rules.Monitoring.Skip(1)), pair => Assert.True(pair.First.ToMinute < pair.Second.FromMinute));
            Assert.Equal([PhaseKind.Induction, PhaseKind.Optimisation, PhaseKind.Maintenance, PhaseKind.Taper], p.Phases.Select(f => f.Kind));
            Assert.Equal(Enum.GetValues<ChecklistItem>().Length, p.Rules.Checklist.Length);
            Assert.Equal(p.Drug == Drug.Esketamine, p.Rules.Gates.Any(g => g.Kind == GateKind.Enrolment));
        });
    }

    [Theory]
    [InlineData(0, PhaseKind.Induction)]
    [InlineData(27, PhaseKind.Induction)]
    [InlineData(28, PhaseKind.Optimisation)] // week 5
    [InlineData(55, PhaseKind.Optimisation)]
    [InlineData(56, PhaseKind.Maintenance)] // week 9
    [InlineData(700, PhaseKind.Maintenance)]
    public void Esketamines_phases_begin_with_weeks_1_5_and_9(int day, PhaseKind phase) =>
        Assert.Equal(phase, ProtocolCatalogue.EsketamineNasal2.PhaseOn(day)!.Kind);
}
