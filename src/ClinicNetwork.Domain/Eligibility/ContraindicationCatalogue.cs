using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Eligibility;

/// <summary>What a condition does to treatment with a drug.</summary>
public enum ContraindicationWeight
{
    /// <summary>Stops every session.</summary>
    Absolute = 1,

    /// <summary>A clinician weighs it.</summary>
    Relative = 2,
}

/// <summary>A condition that speaks against treatment: versioned data. A code is never taken out, since consultations name it; a change of weight is a new version.</summary>
/// <param name="Code">1 to 40 of a-z and inner dashes.</param>
/// <param name="AsksFor">What it asks for where it does not stop.</param>
/// <param name="Source">[K] marks what was not checked against the source.</param>
public sealed record Contraindication(
    string Code, int Version, string Text, ContraindicationWeight Esketamine, ContraindicationWeight Racemic, string AsksFor, string Source)
{
    public ContraindicationWeight WeightFor(Drug drug) => drug == Drug.Esketamine ? Esketamine : Racemic;
}

/// <summary>
/// Conditions by code, newest version of each. Weights for esketamine are the label's unless marked. Racemic ketamine has no label for depression: that what stops esketamine stops
/// it too is ours, [K], since it raises the blood pressure as much; where only esketamine's label speaks, a clinician weighs it.
/// </summary>
public static class ContraindicationCatalogue
{
    private const string Label = "Spravato label, contraindications; for racemic ketamine [K].";

    private const string Caution = "Spravato label, warnings and precautions; for racemic ketamine [K].";

    /// <summary>In order of codes.</summary>
    public static readonly IReadOnlyList<Contraindication> All =
    [
        Absolute("aneurysmal-vascular-disease", "Aneurysm of the aorta, of a vessel of the brain or of the limbs", Label),
        Absolute("arteriovenous-malformation", "Arteriovenous malformation", Label),
        Relative("cystitis", "Ulcerative or interstitial cystitis", "Ask about the bladder at each visit; a urologist's view before long treatment.", Caution),
        Relative("hepatic-impairment-moderate", "Moderate hepatic impairment", "Watch for longer after each dose.", Caution),
        new("hepatic-impairment-severe", 1, "Severe hepatic impairment", ContraindicationWeight.Absolute, ContraindicationWeight.Relative, "Liver tests, and a hepatologist's view, before the first dose.",
            "Spravato label: not recommended; that this stops sessions is ours, [K]. For racemic ketamine [K]."),
        Absolute("hypersensitivity", "Hypersensitivity to esketamine, ketamine or an excipient", Label),
        Relative("hypertensive-encephalopathy", "Hypertensive encephalopathy in the history", "Treat the blood pressure first, and measure it more often.", Caution),
        Absolute("intracerebral-haemorrhage", "Intracerebral haemorrhage in the history", Label),
        Relative("psychosis", "Psychosis, now or in the history", "A psychiatrist weighs benefit and risk.", Caution),
        new("recent-cardiovascular-event", 1, "Cardiovascular event within six weeks, myocardial infarction among them", ContraindicationWeight.Absolute, ContraindicationWeight.Relative,
            "A cardiologist's view before the first dose.", "EU summary of product characteristics of Spravato, contraindications, [K]. For racemic ketamine [K]."),
        Relative("substance-use-disorder", "Substance use disorder, now or in the history", "A screen for misuse before the first dose and at each review of the plan.", Caution),
    ];

    public static Contraindication? Find(string code) => All.FirstOrDefault(c => c.Code == code);

    /// <summary>Whether what a consultation found stops sessions with a drug: anything told in words does, and a code by its weight.</summary>
    public static bool Stops(Consultation consultation, Drug drug) =>
        consultation.Contraindications.Length > 0
        || (consultation.Detail is { } detail && detail.Findings.Any(f => f.Present && Find(f.Code)?.WeightFor(drug) == ContraindicationWeight.Absolute));

    private static Contraindication Absolute(string code, string text, string source) =>
        new(code, 1, text, ContraindicationWeight.Absolute, ContraindicationWeight.Absolute, "", source);

    private static Contraindication Relative(string code, string text, string asksFor, string source) =>
        new(code, 1, text, ContraindicationWeight.Relative, ContraindicationWeight.Relative, asksFor, source);
}
