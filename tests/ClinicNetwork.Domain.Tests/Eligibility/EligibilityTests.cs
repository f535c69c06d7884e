using ClinicNetwork.Domain.Eligibility;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Eligibility;

/// <summary>Each rule met, not met and not known, and what it does; the sources stand in the catalogues and are checked to be there.</summary>
public sealed class EligibilityTests
{
    private static readonly TreatmentProtocol Nasal = ProtocolCatalogue.EsketamineNasalInduction;
    private static readonly TreatmentProtocol Infusion = ProtocolCatalogue.KetamineIvInduction;

    public static TheoryData<string> Codes => [.. ContraindicationCatalogue.All.Select(c => c.Code)];

    [Fact]
    public void Whoever_was_asked_everything_and_has_nothing_against_it_is_eligible()
    {
        var chart = Ready(Detailed.Consultation);
        foreach (var protocol in new[] { Nasal, Infusion })
        {
            var report = Judge(chart, protocol);
            Assert.Equal(EligibilityVerdict.Eligible, report.Verdict);
            Assert.All(report.Lines, l => Assert.Equal((l.Rule.Key, RuleAnswer.Met), (l.Rule.Key, l.Answer)));
        }
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_condition_is_met_not_met_or_not_known_by_whether_it_was_asked_about(string code)
    {
        var contraindication = ContraindicationCatalogue.Find(code)!;
        foreach (var protocol in new[] { Nasal, Infusion })
        {
            var absolute = contraindication.WeightFor(protocol.Drug) == ContraindicationWeight.Absolute;
            foreach (var (present, answer, value, verdict) in ((bool?, RuleAnswer, string, EligibilityVerdict)[])
                [
                    (false, RuleAnswer.Met, "absent", EligibilityVerdict.Eligible),
                    (true, RuleAnswer.NotMet, "present", absolute ? EligibilityVerdict.NotEligible : EligibilityVerdict.Eligible),
                    (null, RuleAnswer.Unknown, "not asked", absolute ? EligibilityVerdict.Undetermined : EligibilityVerdict.Eligible),
                ])
            {
                var report = Judge(Ready(Detailed.With(code, present)), protocol);
                var line = report.Lines.Single(l => l.Rule.Id == "no-" + code);
                Assert.Equal((answer, value, "consultations/1", absolute ? RuleEffect.Stops : RuleEffect.Warns), (line.Answer, line.Value, line.Fact, line.Rule.Effect));
                Assert.Equal(new DateOnly(2025, 2, 3).AddDays(-10), line.Day);
                Assert.Equal(verdict, report.Verdict);
            }
        }
    }

    /// <summary>The label's contraindications of esketamine, and what it does not recommend; clinical facts, section 3.4.</summary>
    [Theory]
    [InlineData("aneurysmal-vascular-disease", ContraindicationWeight.Absolute, ContraindicationWeight.Absolute)]
    [InlineData("arteriovenous-malformation", ContraindicationWeight.Absolute, ContraindicationWeight.Absolute)]
    [InlineData("intracerebral-haemorrhage", ContraindicationWeight.Absolute, ContraindicationWeight.Absolute)]
    [InlineData("hypersensitivity", ContraindicationWeight.Absolute, ContraindicationWeight.Absolute)]
    [InlineData("hepatic-impairment-severe", ContraindicationWeight.Absolute, ContraindicationWeight.Relative)]
    [InlineData("hepatic-impairment-moderate", ContraindicationWeight.Relative, ContraindicationWeight.Relative)]
    [InlineData("psychosis", ContraindicationWeight.Relative, ContraindicationWeight.Relative)]
    [InlineData("hypertensive-encephalopathy", ContraindicationWeight.Relative, ContraindicationWeight.Relative)]
    [InlineData("cystitis", ContraindicationWeight.Relative, ContraindicationWeight.Relative)]
    public void Conditions_weigh_what_the_label_says(string code, ContraindicationWeight esketamine, ContraindicationWeight racemic)
    {
        var contraindication = ContraindicationCatalogue.Find(code)!;
        Assert.Equal((esketamine, racemic), (contraindication.WeightFor(Drug.Esketamine), contraindication.WeightFor(Drug.KetamineRacemic)));
        Assert.Contains("Spravato label", contraindication.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MedicationClass.Benzodiazepine, "no-benzodiazepine", "sedation")]
    [InlineData(MedicationClass.SedativeHypnotic, "no-sedative-hypnotic", "sedation")]
    [InlineData(MedicationClass.Opioid, "no-opioid", "breathing")]
    [InlineData(MedicationClass.OtherCnsDepressant, "no-cns-depressant", "sedation")]
    [InlineData(MedicationClass.Psychostimulant, "no-psychostimulant", "blood pressure")]
    [InlineData(MedicationClass.Maoi, "no-maoi", "blood pressure")]
    [InlineData(MedicationClass.NasalSteroidOrDecongestant, "no-nasal-spray", "hour before")]
    public void A_class_of_medication_warns_and_says_what_it_asks_for(MedicationClass kind, string rule, string asksFor)
    {
        (RuleAnswer, string) Line(Func<ConsultationDetail, ConsultationDetail> change)
        {
            var report = Judge(Ready(Detailed.With(change)), Nasal);
            var line = report.Lines.Single(l => l.Rule.Id == rule);
            Assert.Equal((EligibilityVerdict.Eligible, RuleEffect.Warns), (report.Verdict, line.Rule.Effect));
            Assert.Contains(asksFor, line.Rule.AsksFor, StringComparison.Ordinal);
            return (line.Answer, line.Value);
        }

        Assert.Equal((RuleAnswer.Met, "not taken"), Line(d => d with { Medications = [new("zinc", MedicationClass.Other, "")] }));
        Assert.Equal((RuleAnswer.NotMet, "taken"), Line(d => d with { Medications = [new("zinc", MedicationClass.Other, ""), new("one of them", kind, "1 mg")] }));
        Assert.Equal((RuleAnswer.Unknown, "not reviewed"), Line(d => d with { MedicationReviewed = false }));
    }

    [Fact]
    public void A_nasal_steroid_is_asked_about_for_the_spray_alone() =>
        Assert.DoesNotContain(Judge(Ready(Detailed.Consultation), Infusion).Lines, l => l.Rule.Id == "no-nasal-spray");

    /// <summary>Spravato: TRD, or depression with acute suicidal ideation or behaviour. Racemic ketamine: the same trials, and a clinician weighs them.</summary>
    [Theory]
    [InlineData(2, null, RuleAnswer.Met, RuleAnswer.Met)]
    [InlineData(2, false, RuleAnswer.Met, RuleAnswer.Met)]
    [InlineData(1, false, RuleAnswer.NotMet, RuleAnswer.NotMet)]
    [InlineData(1, null, RuleAnswer.Unknown, RuleAnswer.NotMet)]
    [InlineData(0, true, RuleAnswer.Met, RuleAnswer.NotMet)]
    public void Esketamine_is_for_resistant_depression_or_acute_ideation(int trials, bool? ideation, RuleAnswer esketamine, RuleAnswer racemic)
    {
        var chart = Ready(Detailed.With(d => d with { AcuteIdeation = ideation }) with { EarlierTreatments = [.. Detailed.Resistant.Take(trials)] });
        var (nasal, infusion) = (Judge(chart, Nasal), Judge(chart, Infusion));
        Assert.Equal((esketamine, RuleEffect.Stops), Of(nasal, "esketamine-indication"));
        Assert.Equal((racemic, RuleEffect.Warns), Of(infusion, "resistance"));
        Assert.Equal(EligibilityVerdict.Eligible, infusion.Verdict);
        Assert.Equal(esketamine switch { RuleAnswer.Met => EligibilityVerdict.Eligible, RuleAnswer.NotMet => EligibilityVerdict.NotEligible, _ => EligibilityVerdict.Undetermined }, nasal.Verdict);
    }

    [Fact]
    public void Diagnosis_consent_and_words_stop()
    {
        foreach (var (rule, consultation) in new (string, Consultation)[]
        {
            ("depression", Detailed.Consultation with { DiagnosisCode = "F31.3" }),
            ("treatment-consent", Detailed.Consultation with { TreatmentConsent = false }),
            ("contraindications-told", Detailed.Consultation with { Contraindications = ["Aneurysm"] }),
        })
        {
            var report = Judge(Ready(consultation), Infusion);
            Assert.Equal((rule, (RuleAnswer.NotMet, RuleEffect.Stops)), (rule, Of(report, rule)));
            Assert.Equal(EligibilityVerdict.NotEligible, report.Verdict);
        }

        Assert.Equal(RuleAnswer.Met, Of(Judge(Ready(Detailed.Consultation with { DiagnosisCode = "F32.A" }), Nasal), "depression").Answer);
    }

    [Fact]
    public void Whoever_is_not_of_age_is_not_eligible()
    {
        var chart = Ready(Detailed.Consultation);
        foreach (var (born, answer) in new[] { (new DateOnly(2007, 2, 3), RuleAnswer.Met), (new DateOnly(2007, 2, 4), RuleAnswer.NotMet) })
            Assert.Equal(answer, EligibilityJudging.Judge(chart.State with { BirthDate = born }, Nasal, chart.At(0)).Lines.Single(l => l.Rule.Id == "adult").Answer);
    }

    [Fact]
    public void Pregnancy_is_known_by_what_was_said_and_by_a_test_of_thirty_days()
    {
        (RuleAnswer, string) Line(PregnancyPossibility? said, ScreenOutcome? tested = null, int daysAgo = 0)
        {
            var chart = Ready(Detailed.With(d => d with { Pregnancy = said }));
            if (tested is { } outcome)
                chart.Do(new RecordSafetyCheck(Detailed.Screen(SafetyCheckKind.PregnancyTest, outcome, "p-1", chart.At(-daysAgo))));
            var report = Judge(chart, Nasal);
            var line = report.Lines.Single(l => l.Rule.Id == "not-pregnant");
            Assert.Equal((EligibilityVerdict.Eligible, RuleEffect.Warns), (report.Verdict, line.Rule.Effect));
            return (line.Answer, line.Value);
        }

        Assert.Equal((RuleAnswer.Unknown, "not asked"), Line(null));
        Assert.Equal((RuleAnswer.Met, "not possible"), Line(PregnancyPossibility.NotPossible));
        Assert.Equal((RuleAnswer.NotMet, "pregnant"), Line(PregnancyPossibility.Pregnant, ScreenOutcome.Negative));
        Assert.Equal((RuleAnswer.Unknown, "possible, no recent test"), Line(PregnancyPossibility.Possible));
        Assert.Equal((RuleAnswer.Met, "test negative"), Line(PregnancyPossibility.Possible, ScreenOutcome.Negative, 30));
        Assert.Equal((RuleAnswer.Unknown, "possible, no recent test"), Line(PregnancyPossibility.Possible, ScreenOutcome.Negative, 31));
        Assert.Equal((RuleAnswer.Unknown, "possible, no recent test"), Line(PregnancyPossibility.Possible, ScreenOutcome.Unclear));
        Assert.Equal((RuleAnswer.NotMet, "test positive"), Line(PregnancyPossibility.NotPossible, ScreenOutcome.Positive));
    }

    [Fact]
    public void Liver_tests_and_a_baseline_are_asked_for_and_grow_old()
    {
        var chart = new Chart().Enrol().Do(new RecordConsultation(Detailed.With(d => d with { BaselineScales = [ScaleKind.Phq9, ScaleKind.Gad7] }), Chart0.At(-30)));
        (string Rule, RuleAnswer Answer, string Fact) Line(string rule, int day = 0)
        {
            var line = EligibilityJudging.Judge(chart.State, Infusion, chart.At(day)).Lines.Single(l => l.Rule.Id == rule);
            Assert.Equal(RuleEffect.AsksFor, line.Rule.Effect);
            return (rule, line.Answer, line.Fact);
        }

        Assert.Equal(("liver-panel", RuleAnswer.Unknown, ""), Line("liver-panel"));
        Assert.Equal(("baseline-scale", RuleAnswer.Unknown, ""), Line("baseline-scale"));
        chart.Do(new RecordSafetyCheck(Detailed.Check(SafetyCheckKind.LiverPanel, "l-1", chart.At(-5)))).Answer(-5, 20);
        Assert.Equal(("liver-panel", RuleAnswer.Met, "safetyChecks/l-1"), Line("liver-panel", 85));
        Assert.Equal(("liver-panel", RuleAnswer.Unknown, "safetyChecks/l-1"), Line("liver-panel", 86));
        Assert.Equal(("baseline-scale", RuleAnswer.Unknown, ""), Line("baseline-scale")); // the GAD-7 is named too
        chart.Do(new RecordScale(new AssessmentId("g-1"), ScaleKind.Gad7, [.. Gad7.Scale.Items.Select(i => new ItemAnswer(i.Key, 1))], chart.At(-3)));
        Assert.Equal(("baseline-scale", RuleAnswer.Met, "assessments/a-1"), Line("baseline-scale", 25));
        Assert.Equal(("baseline-scale", RuleAnswer.Unknown, "assessments/a-1"), Line("baseline-scale", 26));
        chart.Do(new RecordSafetyCheck(Detailed.Check(SafetyCheckKind.LiverPanel, "l-2", chart.At(0)) with { Liver = new(Detailed.Enzyme(121), null, null, null) }));
        Assert.Equal(("liver-panel", RuleAnswer.NotMet, "safetyChecks/l-2"), Line("liver-panel", 1));
    }

    [Fact]
    public void Off_label_use_is_to_be_talked_about_where_it_is()
    {
        RuleAnswer Answer(TreatmentProtocol protocol, params DiscussedTopic[] topics) => Of(Judge(Ready(Detailed.With(d => d with { Discussed = [.. topics] })), protocol), "risks-discussed").Answer;
        DiscussedTopic[] label = [DiscussedTopic.Dissociation, DiscussedTopic.Sedation, DiscussedTopic.BloodPressure, DiscussedTopic.Misuse, DiscussedTopic.Driving];
        Assert.Equal((RuleAnswer.Met, RuleAnswer.NotMet), (Answer(Nasal, label), Answer(Infusion, label)));
        Assert.Equal(RuleAnswer.Met, Answer(Infusion, [.. label, DiscussedTopic.OffLabelUse]));
        Assert.Equal((RuleAnswer.NotMet, RuleAnswer.Unknown), (Answer(Nasal, label[1..]), Answer(Nasal)));
    }

    [Fact]
    public void Of_an_old_record_and_of_none_what_was_not_asked_is_not_known()
    {
        var none = Judge(new Chart().Enrol(), Nasal);
        Assert.Equal(EligibilityVerdict.Undetermined, none.Verdict);
        Assert.All(none.Lines.Where(l => l.Rule.Id != "adult"), l => Assert.Equal((l.Rule.Key, RuleAnswer.Unknown, ""), (l.Rule.Key, l.Answer, l.Fact)));
        var old = Judge(Ready(Given.Consultation), Infusion);
        Assert.Equal(EligibilityVerdict.Undetermined, old.Verdict);
        Assert.Equal((RuleAnswer.Unknown, RuleEffect.Stops), Of(old, "no-hypersensitivity"));
        Assert.Equal((RuleAnswer.Met, RuleEffect.Stops), Of(old, "contraindications-told"));
    }

    [Fact]
    public void Codes_and_rules_are_there_once_and_each_has_a_source()
    {
        Assert.Equal(ContraindicationCatalogue.All.Select(c => c.Code).Order(StringComparer.Ordinal), ContraindicationCatalogue.All.Select(c => c.Code));
        foreach (var protocol in ProtocolCatalogue.All)
        {
            var rules = Judge(Ready(Detailed.Consultation), protocol).Lines.Select(l => l.Rule).ToArray();
            Assert.Distinct(rules.Select(r => r.Key));
            Assert.All(rules, r => Assert.NotEqual("", r.Source));
            Assert.All(rules.Where(r => r.Effect != RuleEffect.Stops), r => Assert.NotEqual("", r.AsksFor));
            Assert.Equal(rules.OrderBy(r => r.Effect), rules);
        }
    }

    private static readonly Chart Chart0 = new();

    /// <summary>Consulted ten days before day 0, with liver tests and a PHQ-9 on the day before.</summary>
    private static Chart Ready(Consultation consultation)
    {
        var chart = new Chart().Enrol();
        chart.Do(new RecordConsultation(consultation, chart.At(-10))).Answer(-1, 20);
        return chart.Do(new RecordSafetyCheck(Detailed.Check(SafetyCheckKind.LiverPanel, "l-0", chart.At(-1))));
    }

    private static EligibilityReport Judge(Chart chart, TreatmentProtocol protocol) => EligibilityJudging.Judge(chart.State, protocol, chart.At(0));

    private static (RuleAnswer Answer, RuleEffect Effect) Of(EligibilityReport report, string rule) => report.Lines.Single(l => l.Rule.Id == rule) is var line ? (line.Answer, line.Rule.Effect) : default;
}
