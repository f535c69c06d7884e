using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Eligibility;

/// <summary>The rules of eligibility beside those that the catalogues of contraindications and interactions make, newest version of each.</summary>
public static class EligibilityCatalogue
{
    public static readonly EligibilityRule Adult = new(
        "adult", 1, "Aged 18 or over", RuleEffect.Stops, "No protocol of ours is for minors.", "Spravato's indication: adults. For racemic ketamine [K].");

    public static readonly EligibilityRule Consent = new(
        "treatment-consent", 1, "Consent to treatment", RuleEffect.Stops, "Record a consultation with consent to treatment.", "BC College draft, katacanada.org: consent before parenteral ketamine; for esketamine [K].");

    public static readonly EligibilityRule NothingTold = new(
        "contraindications-told", 1, "No contraindication told in words", RuleEffect.Stops, "Only a new consultation clears what one has told.", "Ours, [K]: what a clinician wrote down is taken at its word.");

    /// <summary>Of esketamine; racemic ketamine has no label for depression.</summary>
    public static readonly EligibilityRule Indication = new(
        "esketamine-indication", 1, "Depression that resists treatment, or with acute suicidal ideation or behaviour", RuleEffect.Stops,
        "Record earlier treatments with dose, weeks and episode, or acute ideation.", "Spravato label, indications (TRD; MDD with acute suicidal ideation or behaviour); resistance by " + EarlierTrials.Rule + ".");

    public static readonly EligibilityRule Depression = new(
        "depression", 1, "A depressive disorder (ICD-10-CM F32, F33)", RuleEffect.Stops, "Treat for another diagnosis outside this protocol.", "Spravato label, indications. For racemic ketamine: CANMAT 2021, third line in depression.");

    public static readonly EligibilityRule Resistance = new(
        "resistance", 1, "Depression that resists treatment", RuleEffect.Warns, "Record earlier treatments with dose, weeks and episode; weigh what was not tried.",
        "CANMAT 2021: ketamine IV is third line; resistance by " + EarlierTrials.Rule + ".");

    public static readonly EligibilityRule NotPregnant = new(
        "not-pregnant", 1, "Not pregnant", RuleEffect.Warns, "A pregnancy test where pregnancy is possible; contraception, and a clinician's decision where there is one.",
        "Spravato label: not recommended in pregnancy. A negative test counts for 30 days: [K]. For racemic ketamine [K].");

    public static readonly EligibilityRule Liver = new(
        "liver-panel", 1, "Liver tests of the last 90 days that call for no review", RuleEffect.AsksFor, "Liver tests.", "BC College draft, katacanada.org: liver tests before parenteral ketamine; 90 days [K].");

    public static readonly EligibilityRule BaselineScale = new(
        "baseline-scale", 1, "A scale of the course answered in the last 30 days", RuleEffect.AsksFor, "Answer the scales that the consultation names, or a PHQ-9.", "As outcomes read a baseline; 30 days [K].");

    public static readonly EligibilityRule Discussed = new(
        "risks-discussed", 1, "Dissociation, sedation, blood pressure, misuse, driving and, off-label, that it is, were talked about", RuleEffect.AsksFor, "Talk about what is left, and record it.",
        "Spravato label, boxed warning and medication guide; ASA statement. The list is ours, [K].");

    /// <summary>A negative pregnancy test counts for so many days ([K]).</summary>
    public const int PregnancyTestDaysMax = 30;

    /// <summary>Liver tests before treatment count for so many days ([K]).</summary>
    public const int LiverDaysMax = 90;

    public static EligibilityRule Of(Contraindication contraindication, Drug drug) => new(
        "no-" + contraindication.Code, contraindication.Version, $"Not: {contraindication.Text}",
        contraindication.WeightFor(drug) == ContraindicationWeight.Absolute ? RuleEffect.Stops : RuleEffect.Warns,
        contraindication.AsksFor, contraindication.Source);

    public static EligibilityRule Of(Interaction interaction) => new("no-" + interaction.Id, interaction.Version, interaction.Text, RuleEffect.Warns, interaction.AsksFor, interaction.Source);
}
