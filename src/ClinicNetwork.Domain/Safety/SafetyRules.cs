using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Domain.Safety;

/// <summary>What a safety check comes to, the least first.</summary>
[GenerateSerializer, Alias("safety-finding")]
public enum SafetyFinding
{
    /// <summary>Nothing is asked for.</summary>
    Unremarkable = 1,

    /// <summary>It is to be looked at again.</summary>
    Watch = 2,

    /// <summary>A clinician looks at it before the next dose.</summary>
    Review = 3,

    /// <summary>No dose until a clinician has found the cause.</summary>
    Hold = 4,
}

/// <summary>How results of one kind of check are read: versioned data. A change of bounds is a new version.</summary>
/// <param name="Source">Where the bounds come from; [K] marks what was not checked against the source.</param>
public sealed record SafetyRule(SafetyCheckKind Kind, string Id, int Version, string Text, string Source)
{
    /// <summary><c>id/version</c>.</summary>
    public string Key => $"{Id}/{Version}";
}

/// <param name="AsksFor">What is to be done, in words; empty when nothing is.</param>
public sealed record SafetyJudgement(SafetyRule Rule, SafetyFinding Finding, string AsksFor);

/// <summary>The rules that safety checks are read by, newest version of each; decision support, for a clinician to sign off.</summary>
public static class SafetyRules
{
    /// <summary>Above so many times the laboratory's upper limit ALT, AST or ALP is for a clinician ([K], our default).</summary>
    public const double EnzymeTimesMax = 3;

    /// <summary>With ALT or AST above <see cref="EnzymeTimesMax"/>, bilirubin above so many times its limit tells of serious injury (Hy's law; FDA guidance on liver injury by drugs, 2009; [K]).</summary>
    public const double BilirubinTimesMax = 2;

    public static readonly SafetyRule Liver = new(
        SafetyCheckKind.LiverPanel, "liver-panel", 1,
        "ALT, AST or ALP above 3 times the laboratory's upper limit, or bilirubin above 2 times: review; ALT or AST above 3 times with bilirubin above 2 times: hold; any value above its limit: watch.",
        "[K], our default; the pair after Hy's law (FDA guidance on drug-induced liver injury, 2009; [K]). Hepatobiliary events with repeated ketamine: Cotter 2021, 10.1007/s40264-021-01120-9.");

    public static readonly SafetyRule Cognition = new(
        SafetyCheckKind.CognitionTest, "cognition-test", 1, "A score below the lowest normal one that was given with it: review.", "[K], our rule; the norms are the test's.");

    public static readonly SafetyRule Misuse = new(
        SafetyCheckKind.MisuseScreen, "misuse-screen", 1, "Positive: review; unclear: watch.", "[K], our rule. ASA statement: watch for diversion.");

    public static readonly SafetyRule Pregnancy = new(
        SafetyCheckKind.PregnancyTest, "pregnancy-test", 1, "Positive: hold; unclear: review.", "Spravato label: not recommended in pregnancy; that doses wait for a clinician is ours, [K].");

    public static readonly SafetyRule UrineDrugs = new(
        SafetyCheckKind.UrineDrugScreen, "urine-drug-screen", 1, "Positive: review; unclear: watch.", "[K], our rule.");

    /// <summary>In order of kinds.</summary>
    public static readonly IReadOnlyList<SafetyRule> All = [Liver, Cognition, Misuse, Pregnancy, UrineDrugs];

    public static SafetyJudgement Judge(SafetyCheck check) => check.Kind switch
    {
        SafetyCheckKind.LiverPanel => JudgeLiver(check.Liver!),
        SafetyCheckKind.CognitionTest => check.Cognition!.Score < check.Cognition.NormalFrom
            ? new(Cognition, SafetyFinding.Review, "A clinician weighs treatment against what may be its harm, and repeats the test.")
            : new(Cognition, SafetyFinding.Unremarkable, ""),
        SafetyCheckKind.MisuseScreen => JudgeScreen(Misuse, check.Screen!, SafetyFinding.Review, SafetyFinding.Watch, "Talk about it with the patient and review the plan: spacing, setting, supply."),
        SafetyCheckKind.PregnancyTest => JudgeScreen(Pregnancy, check.Screen!, SafetyFinding.Hold, SafetyFinding.Review, "No dose until a clinician has decided with the patient."),
        SafetyCheckKind.UrineDrugScreen => JudgeScreen(UrineDrugs, check.Screen!, SafetyFinding.Review, SafetyFinding.Watch, "Confirm it in the laboratory, and review the plan."),
        _ => throw new ArgumentOutOfRangeException(nameof(check)),
    };

    /// <summary>Of each kind the latest check, where it asks for something; by time, of two at one instant the one recorded later.</summary>
    public static IEnumerable<(SafetyCheck Check, SafetyJudgement Judgement)> Warnings(PatientState state) => state.SafetyChecks
        .GroupBy(c => c.Kind)
        .OrderBy(kind => kind.Key)
        .Select(kind => Latest(kind)!)
        .Select(c => (c, Judge(c)))
        .Where(c => c.Item2.Finding > SafetyFinding.Unremarkable);

    public static SafetyCheck? Latest(PatientState state, SafetyCheckKind kind) => Latest(state.SafetyChecks.Where(c => c.Kind == kind));

    private static SafetyCheck? Latest(IEnumerable<SafetyCheck> checks) => checks.OrderBy(c => c.OccurredAt).LastOrDefault();

    private static SafetyJudgement JudgeLiver(LiverPanel panel)
    {
        var transaminases = Math.Max(panel.Alt?.Times ?? 0, panel.Ast?.Times ?? 0);
        var (enzymes, bilirubin) = (Math.Max(transaminases, panel.Alp?.Times ?? 0), panel.Bilirubin?.Times ?? 0);
        return transaminases > EnzymeTimesMax && bilirubin > BilirubinTimesMax ? new(Liver, SafetyFinding.Hold, "No dose; find the cause of the liver injury at once.")
            : enzymes > EnzymeTimesMax || bilirubin > BilirubinTimesMax ? new(Liver, SafetyFinding.Review, "Repeat it within a week; a clinician decides before the next dose.")
            : enzymes > 1 || bilirubin > 1 ? new(Liver, SafetyFinding.Watch, "Repeat it within a month.")
            : new(Liver, SafetyFinding.Unremarkable, "");
    }

    private static SafetyJudgement JudgeScreen(SafetyRule rule, ScreenResult screen, SafetyFinding positive, SafetyFinding unclear, string asksFor) => screen.Outcome switch
    {
        ScreenOutcome.Positive => new(rule, positive, asksFor),
        ScreenOutcome.Unclear => new(rule, unclear, "Repeat it."),
        _ => new(rule, SafetyFinding.Unremarkable, ""),
    };
}
