namespace ClinicNetwork.Domain.Advising;

/// <summary>The rules of advice. [K] marks what was not checked against a source: ours, for a clinician to sign off.</summary>
public static class AdviceCatalogue
{
    /// <summary>A PHQ-9 tells of the last two weeks: an older one is not the present, and two that are closer are not two measures (Kroenke 2001). Clinical days.</summary>
    public const int RecallDays = 14;

    /// <summary>Doses of one size before a step up; the median to a response (Phillips 2019, AJP; for other routes than IV [K]).</summary>
    public const int DosesBeforeStep = 3;

    /// <summary>A step of a dose by weight where the source has no steps, mg/kg ([K], ours).</summary>
    public const double StepMgPerKg = 0.1;

    /// <summary>Treatment goes on for six months after improvement (Spravato label, EU; for racemic ketamine [K]). Clinical days from the first dose.</summary>
    public const int ContinueDays = 183;

    /// <summary>A week: intervals are widened by it (weekly, every two weeks, monthly: PMC7265624, Pfeiffer 2024; one week at a time [K]).</summary>
    public const int WeekDays = 7;

    /// <summary>"Back to two-weekly on relapse" (PMC7265624). Clinical days.</summary>
    public const int RelapseDays = 14;

    /// <summary>Doses by which KADS 2023 (PMC10727911) raised while less than 50 % better, mg/kg, subcutaneous.</summary>
    public static readonly IReadOnlyList<double> SubcutaneousSteps = [0.5, 0.6, 0.75, 0.9];

    private const string OffLabel = "of racemic ketamine [K], ours";

    public static readonly AdviceRule Widen = new(
        "widen-interval", 1, AdviceKind.WidenInterval,
        "Widen the interval by a week, to whole weeks: at least 50 % below baseline at every PHQ-9 of the last two weeks and more.",
        ["hold the interval and measure again", "taper"],
        "Least frequent dosing that keeps the response: Spravato label. Weekly, every two weeks, monthly: PMC7265624; every 3 to 4 weeks by month 5: Pfeiffer 2024. One week at a time, and two PHQ-9s at least 14 days apart: [K].");

    public static readonly AdviceRule Hold = new(
        "hold-interval", 1, AdviceKind.HoldInterval,
        "Hold the interval: better by at least 25 %, and not yet kept for long enough to widen it, or no wider interval is permitted.",
        ["widen once two PHQ-9s 14 days apart keep the response", "a step of the dose while less than 50 % better"],
        "Weekly for four weeks keeps the gain: Phillips 2019. The rest: [K], ours.");

    public static readonly AdviceRule Narrow = new(
        "narrow-interval", 1, AdviceKind.NarrowInterval,
        "Narrow the interval: a responder's PHQ-9 is no longer at least 50 % below baseline, or rose by 5 points from the best.",
        ["hold the interval and measure again within a week", "a step of the dose", "look for what else changed: drugs, sleep, alcohol, life events"],
        "Back to every two weeks on relapse: PMC7265624. Missed sessions and worsening: consider the previous schedule, Spravato label. 5 points: Löwe 2004 [K].");

    public static readonly AdviceRule StepUp = new(
        "step-dose-up", 1, AdviceKind.StepDoseUp,
        "Raise the dose by one step: never 50 % below baseline, after three doses of this size that were tolerated.",
        ["hold the dose to the end of induction", "narrow the interval", "stop for no response"],
        "56 to 84 mg by response: Spravato label. 0.6, 0.75, 0.9 mg/kg while less than 50 % better: KADS 2023. Three doses: Phillips 2019. Steps of 0.1 mg/kg by other routes: [K].");

    public static readonly AdviceRule StepDown = new(
        "step-dose-down", 1, AdviceKind.StepDoseDown,
        "Lower the dose by one step: the last one was not tolerated.",
        ["hold the dose and give it more slowly, where the route permits", "treat the side effect", "stop"],
        "84 mg, 56 mg if not tolerated: MDSI. What counts as not tolerated (a severe side effect, or a reading that asks for emergency care), and steps by weight: [K].");

    public static readonly AdviceRule AntiNausea = new(
        "add-anti-nausea", 1, AdviceKind.AddAntiNausea,
        "Give treatment against nausea before the next dose: there was nausea in the last session.",
        ["a longer fast, within what the protocol asks for", "a step of the dose down", "nothing, when it was mild and short"],
        "Nausea is among the usual side effects of the label; treatment before the dose: [K], ours.");

    public static readonly AdviceRule Taper = new(
        "taper-rather-than-stop", 1, AdviceKind.TaperRatherThanStop,
        "Taper by wider intervals rather than stop: a responder at the widest interval after six months, or one whose next dose is late.",
        ["go on as before", "stop, with a PHQ-9 every week for 8 weeks"],
        "Continuing halves relapses: SUSTAIN-1 (Daly 2019, PMC6551577). At least six months: Spravato label, EU; " + OffLabel + ". No schedule for tapering was found: [K].");

    public static readonly AdviceRule Psychotherapy = new(
        "add-psychotherapy", 1, AdviceKind.AddPsychotherapy,
        "Plan psychotherapy: better by at least 25 % after induction, and none is planned.",
        ["a support group", "go on with what the patient has elsewhere, and record it in the plan"],
        "[K], ours: the time of improvement is used.");

    public static readonly AdviceRule SupportGroup = new(
        "add-support-group", 1, AdviceKind.AddSupportGroup,
        "Offer a support group: less than 50 % better after induction, and none is planned.",
        ["psychotherapy", "nothing, when the patient declines"],
        "[K], ours.");

    public static readonly AdviceRule Reassess = new(
        "reassess-benefit", 1, AdviceKind.ReassessBenefit,
        "Assess the benefit before going on: induction is over, and no PHQ-9 or MADRS was answered since its last dose.",
        ["none: the benefit is assessed before treatment goes on"],
        "Evidence of benefit is judged at the end of week 4: Spravato label. After induction: McInnes 2022; " + OffLabel + ".");

    public static readonly AdviceRule Stop = new(
        "stop-for-no-response", 1, AdviceKind.StopForNoResponse,
        "Consider with the patient to stop: never better by 25 % up to the end of induction and after it.",
        ["a step of the dose within the protocol's limits", "another protocol of the same drug", "other treatment of the depression"],
        "Evidence of benefit is judged at the end of week 4 to determine the need for going on: Spravato label. Less than 25 %: EU-PEARL's cut of partial response [K].");

    public static readonly AdviceRule Pressure = new(
        "blood-pressure-measures", 1, AdviceKind.BloodPressureMeasures,
        "Before the next dose: measure again at rest on several days, treat hypertension, and plan a closer watch; the last session was above 140/90 mmHg before the dose, or 180/110 at any time.",
        ["a step of the dose down", "refer to who treats the blood pressure", "wait with the next dose"],
        "140/90 mmHg is to be weighed: Spravato label. 180 or 110 mmHg: the cuts of the label's own rates. What to do: [K].");

    /// <summary>In order of keys.</summary>
    public static readonly IReadOnlyList<AdviceRule> All =
    [
        .. ((AdviceRule[])[Widen, Hold, Narrow, StepUp, StepDown, AntiNausea, Taper, Psychotherapy, SupportGroup, Reassess, Stop, Pressure])
            .OrderBy(r => r.Key, StringComparer.Ordinal),
    ];
}
