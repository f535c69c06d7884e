using System.Collections.Frozen;
using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Domain.Eligibility;

/// <summary>Whether a rule is met, as far as it is known.</summary>
public enum RuleAnswer
{
    Met = 1,
    NotMet = 2,
    Unknown = 3,
}

/// <summary>
/// Adequate trials of antidepressants, and treatment resistance: at least two of different agents without full response in the present episode (Spravato's indication; the count
/// as in FDA's use of the term, [K]). What the rule cannot judge, the clinician's word in <see cref="EarlierTreatment.Adequate"/> does.
/// </summary>
public static class EarlierTrials
{
    /// <summary>Id and version of the rule; a change of bounds is a new version.</summary>
    public const string Rule = "adequate-trial/1";

    /// <summary>Weeks at an adequate dose ([K]: six, as clinical trials of resistance ask).</summary>
    public const int WeeksMin = 6;

    /// <summary>Trials for resistance (Spravato's indication).</summary>
    public const int ResistantFrom = 2;

    public const string Source = "At least 6 weeks at the lowest effective dose without poor adherence: [K], after the Antidepressant Treatment History Form; doses [K]. Resistance: Spravato's indication.";

    /// <summary>Lowest dose that counts, mg a day ([K], after usual label doses; for a clinician to sign off). An agent that is not here is judged by the clinician's word.</summary>
    private static readonly FrozenDictionary<string, double> MgPerDayMin = new Dictionary<string, double>
    {
        ["amitriptyline"] = 100,
        ["bupropion"] = 150,
        ["citalopram"] = 20,
        ["clomipramine"] = 100,
        ["desvenlafaxine"] = 50,
        ["duloxetine"] = 60,
        ["escitalopram"] = 10,
        ["fluoxetine"] = 20,
        ["imipramine"] = 100,
        ["mirtazapine"] = 15,
        ["nortriptyline"] = 75,
        ["paroxetine"] = 20,
        ["phenelzine"] = 45,
        ["sertraline"] = 50,
        ["tranylcypromine"] = 30,
        ["venlafaxine"] = 75,
        ["vortioxetine"] = 10,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static bool IsAdequate(EarlierTreatment treatment)
    {
        if (treatment.Trial is not { } trial)
        {
            return treatment.Adequate;
        }

        double? least = MgPerDayMin.TryGetValue(treatment.Treatment.Trim(), out var mg) ? mg : null;
        double? given = trial.Unit == DoseUnit.MgPerDay ? trial.Dose : null;
        return trial.Weeks >= WeeksMin || trial.Weeks is null
            ? trial.Adherence != Adherence.Poor && !(given < least) && (treatment.Adequate || (given >= least && trial.Weeks is not null))
            : false;
    }

    /// <summary>Adequate without full response.</summary>
    public static bool Failed(EarlierTreatment treatment) => treatment.Response != TreatmentResponse.Full && IsAdequate(treatment);

    /// <summary>Different agents that failed and belong, or with <paramref name="orUnknown"/> may belong, to the present episode. What is not an antidepressant does not count.</summary>
    public static int InPresentEpisode(Consultation consultation, bool orUnknown) => consultation.EarlierTreatments
        .Where(t => Failed(t) && t.Trial?.Class is null or <= TreatmentClass.OtherAntidepressant && (t.Trial?.PresentEpisode ?? orUnknown))
        .DistinctBy(t => t.Treatment.Trim().ToUpperInvariant())
        .Count();

    public static RuleAnswer Resistance(Consultation consultation) =>
        InPresentEpisode(consultation, orUnknown: false) >= ResistantFrom ? RuleAnswer.Met
        : InPresentEpisode(consultation, orUnknown: true) < ResistantFrom ? RuleAnswer.NotMet
        : RuleAnswer.Unknown;
}
