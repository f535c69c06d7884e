using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Coded parts of consultations, and safety checks, that cannot be.</summary>
internal static class ConsultationRefusals
{
    private static readonly Chart Chart = new Chart().Enrol();

    public static IEnumerable<RefusalCase> All() => [.. Trials(), .. Details(), .. Liver(), .. Cognition(), .. Screens(), .. Checks()];

    private static IEnumerable<RefusalCase> Trials()
    {
        static TreatmentTrial Trial() => new(TreatmentClass.Ssri, 100, DoseUnit.MgPerDay, 8, Adherence.Good, true);
        RefusalCase Bad(string reason, string field, string about, TreatmentTrial trial) => RefusalCase.Invalid(
            reason, "consultation.earlier_treatments[1].trial." + field, about, Chart,
            Of(Detailed.Consultation with { EarlierTreatments = Detailed.Resistant.SetItem(1, Detailed.Resistant[1] with { Trial = trial }) }));
        foreach (var dose in new[] { 0, -1, 10_000.1, double.NaN, double.PositiveInfinity })
            yield return Bad("TRIAL_OUT_OF_RANGE", "dose", $"a dose of {dose}", Trial() with { Dose = dose });
        foreach (var weeks in new[] { 0, -1, 521, int.MaxValue })
            yield return Bad("TRIAL_OUT_OF_RANGE", "weeks", $"{weeks} weeks", Trial() with { Weeks = weeks });
        yield return Bad("DOSE_UNIT_MISSING", "dose_unit", "a dose without its unit", Trial() with { Unit = null });
        yield return Bad("DOSE_UNIT_MISSING", "dose_unit", "a unit without a dose", Trial() with { Dose = null });
    }

    private static IEnumerable<RefusalCase> Details()
    {
        RefusalCase Bad(string reason, string field, string about, Func<ConsultationDetail, ConsultationDetail> change) =>
            RefusalCase.Invalid(reason, "consultation." + field, about, Chart, Of(Detailed.With(change)));
        var findings = Detailed.Detail.Findings;
        yield return Bad("FINDING_UNKNOWN", "findings[0].code", "a code of no catalogue", d => d with { Findings = findings.SetItem(0, new("bad-luck", true, "")) });
        yield return Bad("FINDING_UNKNOWN", "findings[0].code", "no code", d => d with { Findings = [new("", true, "")] });
        yield return Bad("FINDING_REPEATED", $"findings[{findings.Length}].code", "a code twice, once absent", d => d with { Findings = findings.Add(findings[2] with { Present = true }) });
        yield return Bad("TEXT_INVALID", "findings[3].note", "a note of 501 characters", d => d with { Findings = findings.SetItem(3, findings[3] with { Note = new('x', 501) }) });
        yield return Bad("TOO_MANY", "medication.medications", "51 drugs", d => d with { Medications = [.. Enumerable.Repeat(new Medication("zinc", MedicationClass.Other, ""), 51)] });
        yield return Bad("TEXT_INVALID", "medication.medications[0].name", "a drug without a name", d => d with { Medications = [new("", MedicationClass.Other, "")] });
        yield return Bad("TEXT_INVALID", "medication.medications[0].dose", "a dose with a control character", d => d with { Medications = [new("zinc", MedicationClass.Other, "1\u0007mg")] });
        yield return Bad("TOO_MANY", "allergies", "31 allergies", d => d with { Allergies = [.. Enumerable.Repeat("nuts", 31)] });
        yield return Bad("TEXT_INVALID", "allergies[1]", "an empty allergy", d => d with { Allergies = ["nuts", ""] });
        yield return Bad("SCALE_REPEATED", "baseline_scales", "a scale twice", d => d with { BaselineScales = [ScaleKind.Madrs, ScaleKind.Madrs] });
        yield return Bad("TOPIC_REPEATED", "discussed", "a topic twice", d => d with { Discussed = [DiscussedTopic.Driving, DiscussedTopic.Driving] });
    }

    private static IEnumerable<RefusalCase> Liver()
    {
        RefusalCase Bad(string reason, string field, string about, LiverPanel panel) =>
            RefusalCase.Invalid(reason, "liver_panel" + field, about, Chart, new RecordSafetyCheck(Check(SafetyCheckKind.LiverPanel) with { Liver = panel }));
        LiverPanel none = new(null, null, null, null);
        var mgDl = new LiverValue(0.7, 1.2, LiverUnit.MgPerDecilitre);
        yield return Bad("LIVER_VALUES_MISSING", "", "no value", none);
        foreach (var value in new[] { -0.1, 50_000.1, double.NaN, double.PositiveInfinity })
            yield return Bad("LIVER_VALUE_OUT_OF_RANGE", ".alt.value", $"ALT of {value}", none with { Alt = Detailed.Enzyme(value) });
        foreach (var limit in new[] { 0, -1, 1_000.1, double.NaN })
            yield return Bad("LIVER_VALUE_OUT_OF_RANGE", ".ast.upper_limit", $"a limit of {limit}", none with { Ast = Detailed.Enzyme(20, limit) });
        yield return Bad("LIVER_VALUE_OUT_OF_RANGE", ".bilirubin.value", "bilirubin of µmol/L told as mg/dL", none with { Bilirubin = mgDl with { Value = 120 } });
        yield return Bad("LIVER_VALUE_OUT_OF_RANGE", ".bilirubin.upper_limit", "its limit told as mg/dL", none with { Bilirubin = mgDl with { UpperLimit = 21 } });
        yield return Bad("LIVER_UNIT_INVALID", ".alp.unit", "ALP in mg/dL", none with { Alp = mgDl });
        yield return Bad("LIVER_UNIT_INVALID", ".bilirubin.unit", "bilirubin in U/L", none with { Bilirubin = Detailed.Enzyme(9) });
    }

    private static IEnumerable<RefusalCase> Cognition()
    {
        RefusalCase Bad(string reason, string field, string about, CognitionTest test) =>
            RefusalCase.Invalid(reason, "cognition_test." + field, about, Chart, new RecordSafetyCheck(Check(SafetyCheckKind.CognitionTest) with { Cognition = test }));
        yield return Bad("TEXT_INVALID", "test", "no name", new("", 27, 30, 26));
        yield return Bad("SCORE_OUT_OF_RANGE", "score_max", "a highest score of 0", new("MoCA", 0, 0, null));
        yield return Bad("SCORE_OUT_OF_RANGE", "score_max", "a highest score of 1,001", new("MoCA", 27, 1_001, null));
        yield return Bad("SCORE_OUT_OF_RANGE", "score", "31 of 30", new("MoCA", 31, 30, null));
        yield return Bad("SCORE_OUT_OF_RANGE", "score", "no number", new("MoCA", double.NaN, 30, null));
        yield return Bad("SCORE_OUT_OF_RANGE", "normal_from", "normal from 31 of 30", new("MoCA", 27, 30, 31));
    }

    private static IEnumerable<RefusalCase> Screens()
    {
        RefusalCase Bad(string reason, string field, string about, SafetyCheckKind kind, ScreenResult screen) =>
            RefusalCase.Invalid(reason, field, about, Chart, new RecordSafetyCheck(Check(kind) with { Screen = screen }));
        var positive = new ScreenResult(ScreenOutcome.Positive, "", []);
        yield return Bad("TEXT_INVALID", "misuse_screen.instrument", "a name of 121 characters", SafetyCheckKind.MisuseScreen, positive with { Instrument = new('x', 121) });
        yield return Bad("SUBSTANCES_UNEXPECTED", "pregnancy_test.substances", "a substance found by a pregnancy test", SafetyCheckKind.PregnancyTest, positive with { Substances = ["hCG"] });
        yield return Bad("TEXT_INVALID", "urine_drug_screen.substances[1]", "an unnamed substance", SafetyCheckKind.UrineDrugScreen, positive with { Substances = ["opioids", ""] });
        yield return Bad("TOO_MANY", "urine_drug_screen.substances", "21 substances", SafetyCheckKind.UrineDrugScreen, positive with { Substances = [.. Enumerable.Repeat("opioids", 21)] });
    }

    private static IEnumerable<RefusalCase> Checks()
    {
        foreach (var kind in Enum.GetValues<SafetyCheckKind>())
        {
            yield return RefusalCase.Invalid("RESULT_MISMATCH", "result", $"{kind} without a result", Chart, new RecordSafetyCheck(Check(kind) with { Liver = null, Cognition = null, Screen = null }));
            var other = kind == SafetyCheckKind.LiverPanel ? SafetyCheckKind.MisuseScreen : SafetyCheckKind.LiverPanel;
            yield return RefusalCase.Invalid("RESULT_MISMATCH", "result", $"{kind} with another result", Chart, new RecordSafetyCheck(Check(other) with { Kind = kind }));
        }

        var check = Check(SafetyCheckKind.LiverPanel);
        yield return RefusalCase.Invalid("TEXT_INVALID", "note", "a note of 1,001 characters", Chart, new RecordSafetyCheck(check with { Note = new('x', 1001) }));
        yield return RefusalCase.Exists("SAFETY_CHECK_EXISTS", "safety_check_id", "an id twice, of another kind", new Chart().Enrol().Do(new RecordSafetyCheck(check)), new RecordSafetyCheck(Check(SafetyCheckKind.MisuseScreen)));
        foreach (var one in RefusalCase.OfTime(Chart, at => new RecordSafetyCheck(check with { OccurredAt = at })))
            yield return one;
        var born = new DateTimeOffset(1980, 5, 16, 22, 0, 0, TimeSpan.Zero);
        yield return RefusalCase.Invalid("OCCURRED_BEFORE_BIRTH", "occurred_at", "a second before the day of birth in Berlin", Chart, new RecordSafetyCheck(check with { OccurredAt = born.AddSeconds(-1) }));
        Assert.True(Chart.Try(new RecordSafetyCheck(check with { OccurredAt = born })).Accepted);
    }

    private static SafetyCheck Check(SafetyCheckKind kind) => Detailed.Check(kind, "c-1", Chart.At(0));

    private static RecordConsultation Of(Consultation consultation) => new(consultation, Chart.At(0));
}
