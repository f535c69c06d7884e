using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Rems;
using ClinicNetwork.Domain.Tests.Sessions;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Rems;

/// <summary>
/// Forms of hand-written sessions, entry by entry. The lists of entries are those of the copies of November 2021 and June 2024 (version 1) and of the maker's overview of the current form
/// (version 2); see the catalogue's sources.
/// </summary>
public sealed class MonitoringFormTests
{
    private static readonly DateOnly OnVersion1 = new(2024, 6, 3);

    /// <summary>A whole session by esketamine nasal, version 2: sedated for 30 minutes, dissociated, discharged after two hours and ten minutes.</summary>
    private static Chart Whole(DateOnly? day = null)
    {
        var chart = new Chart(dayZero: day).Enrol().Consult();
        chart.Do(new CreatePlan(ProtocolCatalogue.EsketamineNasal2.Id, Setting.CertifiedClinic, null, null, [Given.Goal], chart.Version + 1, 2, ""));
        chart.Do(RemsGiven.Form(chart)).Do(LaterSession.Start(chart) with { BloodPressure = new(128, 82), SpO2Percent = 98 });
        chart.Do(new RecordDose(LaterSession.Id, 56, 10, chart.At(0)));
        chart.Do(new RecordVitals(LaterSession.Id, new(chart.At(0, 10, 20), null, SpO2Percent: 96, Moaas: 4)));
        chart.Do(new RecordVitals(LaterSession.Id, new(chart.At(0, 10, 32), new(150, 92), SpO2Percent: 95, Moaas: 4)));
        chart.Do(new RecordVitals(LaterSession.Id, new(chart.At(0, 10, 43), new(144, 90), SpO2Percent: 97, RespiratoryRate: 14, Moaas: 4)));
        chart.Do(new RecordVitals(LaterSession.Id, new(chart.At(0, 10, 50), null, Moaas: 5)));
        chart.Do(new RecordSideEffect(new(LaterSession.Id, SideEffectKind.Dissociation, SideEffectSeverity.Moderate, chart.At(0, 10, 15), 0, "") { ResolvedAt = chart.At(0, 11, 10) }));
        chart.Do(new CompleteSession(LaterSession.Id, new(126, 80), chart.At(0, 12, 10), LaterSession.Checked with { Cadss6 = 0, SpO2Percent = 98 }));
        return chart.Do(RemsGiven.Details(chart));
    }

    [Fact]
    public void A_session_of_today_is_told_on_the_current_form_entry_by_entry() => Assert.Equal(
        [
            "PatientName = Ada Okafor; enrolment",
            "BirthDate = 1980-05-17; enrolment",
            "Sex = female; enrolment",
            "FirstTreatment = yes; sessions/s-1/dose",
            "Enrolled = yes; rems-enrolments/1",
            "Benzodiazepines = yes; rems-details/1",
            "SedativeHypnotics = no; rems-details/1",
            "Opioids = yes; rems-details/1",
            "Psychostimulants = no; rems-details/1",
            "Maois = no; rems-details/1",
            "Provider = R. Alvarez; rems-details/1",
            "Setting = clinics/north; sessions/s-1",
            "TreatmentDate = 2025-02-03; sessions/s-1/dose",
            "DoseMg = 56; sessions/s-1/dose",
            "LotNumber = K4711; rems-details/1",
            "TotalMinutes = 130; sessions/s-1/dose, sessions/s-1",
            "ReadyMinutes = 95; rems-details/1",
            "VitalsAcceptableBefore = yes; sessions/s-1",
            "VitalsAcceptableAtEnd = yes; sessions/s-1",
            "PressureBefore = 128/82; sessions/s-1; at 08:50",
            "PressureAt40Minutes = 144/90; sessions/s-1/vitals/3; at 09:43",
            "PressureAtEnd = 126/80; sessions/s-1; at 11:10",
            "PulseOximetry = 98 % before, 95 % lowest after, 98 % last; sessions/s-1, sessions/s-1/vitals/2, sessions/s-1; at 09:32",
            "Sedation = yes; sessions/s-1/vitals/1, sessions/s-1/vitals/2, sessions/s-1/vitals/3; at 09:20 to 09:50",
            "Dissociation = yes; side-effects/1; at 09:15 to 10:10",
            "RespiratoryDepression = no; sessions/s-1/vitals/1, sessions/s-1/vitals/2, sessions/s-1/vitals/3, sessions/s-1",
            "SeriousEvents = no; ",
        ],
        Lines(Whole(), 2));

    [Fact]
    public void A_session_of_2024_is_told_on_the_form_of_its_day_which_asks_for_less()
    {
        var lines = Lines(Whole(OnVersion1), 1);
        Assert.Equal(
            [
                "PatientName", "BirthDate", "Sex", "Benzodiazepines", "SedativeHypnotics", "Psychostimulants", "Maois", "Provider", "Setting", "TreatmentDate", "DoseMg", "LotNumber",
                "TotalMinutes", "ReadyMinutes", "VitalsAcceptableBefore", "VitalsAcceptableAtEnd", "PressureBefore", "PressureAt40Minutes", "PressureAtEnd", "Sedation", "Dissociation", "SeriousEvents",
            ],
            lines.Select(l => l.Split(' ')[0]));
        Assert.Contains("TreatmentDate = 2024-06-03; sessions/s-1/dose", lines);
        Assert.Contains("PressureAt40Minutes = 144/90; sessions/s-1/vitals/3; at 08:43", lines);
    }

    /// <summary>The session's day decides, in the clinic's zone, not the day on which somebody asks.</summary>
    [Theory]
    [InlineData("Europe/Berlin", "2024-12-31T22:59:59Z", 1)]
    [InlineData("Europe/Berlin", "2024-12-31T23:00:00Z", 2)]
    [InlineData("America/New_York", "2025-01-01T04:59:59Z", 1)]
    [InlineData("America/New_York", "2025-01-01T05:00:00Z", 2)]
    public void The_version_changes_at_midnight_of_the_clinic(string zone, string dosedAt, int version)
    {
        var at = DateTimeOffset.Parse(dosedAt, System.Globalization.CultureInfo.InvariantCulture);
        var chart = Chart.Planned(zone, esketamine: true);
        chart.Do(new StartSession(LaterSession.Id, Given.Home, true, Given.Calm, null, "", at)).Do(new RecordDose(LaterSession.Id, 56, 10, at));
        Assert.Equal(version, FormOf(chart)!.Version.Version);
    }

    [Fact]
    public void What_was_not_recorded_is_missing_and_says_what_to_record()
    {
        var chart = LaterSession.Planned(ProtocolCatalogue.EsketamineNasal2);
        chart.Do(LaterSession.Start(chart)).Do(new RecordDose(LaterSession.Id, 56, 10, chart.At(0)));
        var missing = FormOf(chart)!.Entries.Where(e => e.IsMissing).ToList();
        Assert.Equal(
            [
                RemsField.Enrolled, RemsField.Benzodiazepines, RemsField.SedativeHypnotics, RemsField.Opioids, RemsField.Psychostimulants, RemsField.Maois, RemsField.Provider,
                RemsField.LotNumber, RemsField.TotalMinutes, RemsField.ReadyMinutes, RemsField.VitalsAcceptableAtEnd, RemsField.PressureAt40Minutes, RemsField.PressureAtEnd,
                RemsField.PulseOximetry, RemsField.Sedation, RemsField.Dissociation, RemsField.RespiratoryDepression, RemsField.SeriousEvents,
            ],
            missing.Select(e => e.Field));
        Assert.All(missing, e => Assert.Equal(("", true), (e.Value, e.Missing.EndsWith('.'))));
    }

    [Fact]
    public void Who_left_without_being_measured_has_the_last_pressure_and_not_acceptable_vitals()
    {
        var chart = LaterSession.Read(ProtocolCatalogue.EsketamineNasal2);
        chart.Do(new RecordLeaving(LaterSession.Id, LeavingKind.AgainstAdvice, "Would not wait", chart.At(0, 11, 30)));
        Assert.Equal("no", EntryOf(chart, RemsField.VitalsAcceptableAtEnd).Value);
        Assert.Equal("90", EntryOf(chart, RemsField.TotalMinutes).Value);
        Assert.True(EntryOf(chart, RemsField.PressureAtEnd).IsMissing);
        chart.Do(new RecordVitals(LaterSession.Id, new(chart.At(0, 11, 20), new(131, 84))));
        Assert.Equal("131/84", EntryOf(chart, RemsField.PressureAtEnd).Value);
    }

    [Fact]
    public void An_effect_that_is_not_over_is_told_and_its_end_is_missing()
    {
        var chart = LaterSession.Dosed(ProtocolCatalogue.EsketamineNasal2);
        chart.Do(new RecordSideEffect(new(LaterSession.Id, SideEffectKind.Sedation, SideEffectSeverity.Mild, chart.At(0, 10, 10), 0, "")));
        chart.Do(new RecordVitals(LaterSession.Id, new(chart.At(0, 10, 20), null, Moaas: 5)));
        Assert.Equal(("yes", true, null), (EntryOf(chart, RemsField.Sedation).Value, EntryOf(chart, RemsField.Sedation).IsMissing, EntryOf(chart, RemsField.Sedation).ResolvedAt));
        chart.Do(new ResolveSideEffect(1, "", chart.At(0, 10, 40)));
        Assert.Equal((false, chart.At(0, 10, 40)), (EntryOf(chart, RemsField.Sedation).IsMissing, EntryOf(chart, RemsField.Sedation).ResolvedAt));
    }

    /// <summary>Breaths that are enough do not clear a saturation that is not.</summary>
    [Fact]
    public void Respiratory_depression_is_over_when_the_sign_that_showed_it_is()
    {
        var chart = LaterSession.Dosed(ProtocolCatalogue.EsketamineNasal2);
        chart.Do(new RecordVitals(LaterSession.Id, new(chart.At(0, 10, 10), null, SpO2Percent: 89, RespiratoryRate: 8)));
        chart.Do(new RecordVitals(LaterSession.Id, new(chart.At(0, 10, 20), null, RespiratoryRate: 14)));
        Assert.True(EntryOf(chart, RemsField.RespiratoryDepression) is { Value: "yes", IsMissing: true });
        chart.Do(new RecordVitals(LaterSession.Id, new(chart.At(0, 10, 30), null, SpO2Percent: 90)));
        Assert.Equal((chart.At(0, 10, 10), chart.At(0, 10, 30)), (EntryOf(chart, RemsField.RespiratoryDepression).At, EntryOf(chart, RemsField.RespiratoryDepression).ResolvedAt));
    }

    [Fact]
    public void Serious_events_are_told_by_their_criteria_and_only_on_the_form_of_their_session()
    {
        var chart = Whole();
        chart.Do(new RecordSeriousEvent(LaterSession.Id, [SeriousCriterion.LifeThreatening, SeriousCriterion.Hospitalisation], "Collapsed", chart.At(0, 15)));
        var entry = EntryOf(chart, RemsField.SeriousEvents);
        Assert.Equal(("yes: hospitalisation, life-threatening", chart.At(0, 15)), (entry.Value, entry.At));
        Assert.Equal("serious-events/1", Assert.Single(entry.Sources));
    }

    [Fact]
    public void Details_that_are_recorded_again_replace_those_before()
    {
        var chart = Whole();
        chart.Do(RemsGiven.Details(chart) with { Taking = [] });
        Assert.Equal("no", EntryOf(chart, RemsField.Opioids).Value);
    }

    [Fact]
    public void A_second_treatment_is_not_the_first_and_enrolment_is_that_of_the_sessions_site()
    {
        var chart = Whole();
        chart.Do(RemsGiven.Notice(chart, Given.Other, 1)).Do(new SetSharing([new(Given.Other, SiteAccess.Write)], chart.At(1)));
        chart.Do(LaterSession.Start(chart, 4) with { Session = new("s-2"), Clinic = Given.Other, EnrolmentConfirmed = false, OccurredAt = chart.At(4) });
        chart.Do(new RecordDose(new("s-2"), 56, 10, chart.At(4, 10, 10)));
        var form = MonitoringForm.Of(chart.State, chart.State.FindSession(new("s-2"))!)!;
        Assert.Equal("no", form.Entries.Single(e => e.Field == RemsField.FirstTreatment).Value);
        Assert.Equal("rems-enrolments/2", Assert.Single(form.Entries.Single(e => e.Field == RemsField.Enrolled).Sources));
        Assert.Equal("clinics/south", form.Entries.Single(e => e.Field == RemsField.Setting).Value);
    }

    [Fact]
    public void Racemic_ketamine_and_sessions_without_a_dose_have_no_form()
    {
        Assert.Null(FormOf(LaterSession.Dosed(ProtocolCatalogue.KetamineIm)));
        var held = LaterSession.Planned(ProtocolCatalogue.EsketamineNasal2);
        Assert.Null(FormOf(held.Do(LaterSession.Start(held))));
    }

    [Fact]
    public void Every_entry_of_every_version_is_known_and_versions_follow_each_other()
    {
        Assert.Equal(Enumerable.Range(1, RemsForms.All.Length), RemsForms.All.Select(f => f.Version));
        Assert.Equal(RemsForms.All.OrderBy(f => f.FirstDay), RemsForms.All);
        Assert.Equal(DateOnly.MinValue, RemsForms.All[0].FirstDay);
        Assert.Equal(Enum.GetValues<RemsField>(), RemsForms.All.SelectMany(f => f.Fields).Distinct().Order());
        Assert.All(RemsForms.All, f => Assert.Equal(f.Fields.Distinct(), f.Fields));
    }

    private static RemsEntry EntryOf(Chart chart, RemsField field) => FormOf(chart)!.Entries.Single(e => e.Field == field);

    private static MonitoringForm? FormOf(Chart chart) => MonitoringForm.Of(chart.State, chart.State.FindSession(LaterSession.Id)!);

    private static string[] Lines(Chart chart, int version)
    {
        var form = FormOf(chart)!;
        Assert.Equal(version, form.Version.Version);
        Assert.DoesNotContain(form.Entries, e => e.IsMissing);
        return [.. form.Entries.Select(e => $"{e.Field} = {e.Value}; {string.Join(", ", e.Sources)}{(e.At is { } at ? $"; at {at:HH:mm}" : "")}{(e.ResolvedAt is { } over ? $" to {over:HH:mm}" : "")}")];
    }
}
