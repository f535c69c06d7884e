using ClinicNetwork.Domain.Scales;
using static ClinicNetwork.Domain.Outcomes.OutcomeRule;

namespace ClinicNetwork.Domain.Outcomes;

/// <summary>
/// The outcome definitions, each as its source words it. [K] marks what was not checked against the source; windows that a source
/// does not give are ours, and say so. Sources disagree on the same word: no figure without the key of its definition.
/// </summary>
public static class OutcomeCatalogue
{
    private const string McInnes = "McInnes 2022, J Affect Disord, 10.1016/j.jad.2021.12.097";
    private const string Pfeiffer = "Pfeiffer 2024, J Clin Psychiatry 85:23m14984, 10.4088/JCP.23m14984 (VA)";
    private const string Gyani = "NHS Talking Therapies manual; Gyani 2013, Behav Res Ther 51:597";
    private const string Daly = "SUSTAIN-1: Daly 2019, PMC6551577";
    private const string ElektD = "ELEKT-D 2023, N Engl J Med";

    private const string InductionWindow = "4 to 8 doses in 7 to 28 days; first PHQ-9 on days 14 to 31 after the last of them (later milestones: their own window)";
    private const string OurInductionWindow = "4 to 8 doses in 7 to 28 days; first total on days 14 to 31 after the last of them ([K], our window)";

    private static readonly OutcomeWindow EndOfInduction = OutcomeWindow.Of(Milestone.EndOfInduction);

    /// <summary>Weeks from the first dose, plus or minus 7 days ([K], our tolerance).</summary>
    private static OutcomeWindow Week(int week) => new(WindowFrom.FirstDose, 7 * week - 7, 7 * week + 7);

    private static string WeekText(int week) => $"first total in week {week} after the first dose, day {7 * week} plus or minus 7 days (tolerance [K], ours)";

    /// <summary>At least 50 % below baseline.</summary>
    public static readonly OutcomeDefinition Response = new(
        "response-phq9-mcinnes", 1, EndOfInduction, [[OnPhq9(FallAtLeastShare, 0.5)]], "at least 50 % below baseline", InductionWindow, McInnes);

    /// <summary>Below 5. (The VA, Pfeiffer 2024, uses at most 5: another definition.)</summary>
    public static readonly OutcomeDefinition Remission = new(
        "remission-phq9-mcinnes", 1, EndOfInduction, [[OnPhq9(AtMost, 4)]], "below 5", InductionWindow, McInnes);

    /// <summary>Any increase above baseline; not "5 points or more", which is another definition with another rate.</summary>
    public static readonly OutcomeDefinition AnyWorsening = new(
        "worsening-any-phq9-mcinnes", 1, EndOfInduction, [[OnPhq9(RiseAtLeast, 1)]], "any increase above baseline", InductionWindow, McInnes);

    public static readonly OutcomeDefinition LossOfResponseWeek4 = LossOfResponse(4, Milestone.Week4);

    public static readonly OutcomeDefinition LossOfResponseWeek8 = LossOfResponse(8, Milestone.Week8);

    public static readonly OutcomeDefinition PartialResponse = new(
        "partial-response-phq9", 1, EndOfInduction, [[OnPhq9(FallAtLeastShare, 0.25), OnPhq9(FallUnderShare, 0.5)]],
        "at least 25 % and less than 50 % below baseline", OurInductionWindow, "EU-PEARL consensus, Mol Psychiatry, 10.1038/s41380-021-01381-x ([K] for the cut)");

    /// <summary>5 points are a clinically important change of the PHQ-9 (Löwe 2004 [K]).</summary>
    public static readonly OutcomeDefinition ClinicalWorsening = new(
        "worsening-clinical-phq9", 1, EndOfInduction,
        [[OnPhq9(RiseAtLeast, 5)], [OnPhq9(BestFallAtLeastShare, 0.5), OnPhq9(RiseFromBestAtLeast, 5)]],
        "at least 5 points above baseline, or above the best total of the course when that was at least 50 % below baseline",
        OurInductionWindow, "[K], our rule; 5 points: Löwe 2004 [K]");

    public static readonly OutcomeDefinition ResponseVa = new(
        "response-phq9-va", 1, Week(6), [[OnPhq9(FallAtLeastShare, 0.5)]], "at least 50 % below baseline", WeekText(6), Pfeiffer);

    /// <summary>At most 5, not below 5.</summary>
    public static readonly OutcomeDefinition RemissionVa = new(
        "remission-phq9-va", 1, Week(6), [[OnPhq9(AtMost, 5)]], "at most 5", WeekText(6), Pfeiffer);

    /// <summary>6 points on the PHQ-9 are a reliable change.</summary>
    public static readonly OutcomeDefinition ReliableImprovementPhq9 = new(
        "reliable-improvement-phq9-nhs", 1, EndOfInduction, [[OnPhq9(FallAtLeast, 6)]], "at least 6 points below baseline", OurInductionWindow, Gyani);

    /// <summary>4 points on the GAD-7 are a reliable change.</summary>
    public static readonly OutcomeDefinition ReliableImprovementGad7 = new(
        "reliable-improvement-gad7-nhs", 1, EndOfInduction, [[OnGad7(FallAtLeast, 4)]], "at least 4 points below baseline", OurInductionWindow, Gyani);

    public static readonly OutcomeDefinition ReliableDeterioration = new(
        "reliable-deterioration-nhs", 1, EndOfInduction, [[OnPhq9(RiseAtLeast, 6)], [OnGad7(RiseAtLeast, 4)]],
        "PHQ-9 at least 6 points or GAD-7 at least 4 points above baseline", OurInductionWindow, Gyani);

    /// <summary>A case has a PHQ-9 of 10 or more or a GAD-7 of 8 or more.</summary>
    public static readonly OutcomeDefinition Recovery = new(
        "recovery-nhs", 1, EndOfInduction, [[OnPhq9(AtMost, 9), OnGad7(AtMost, 7)]],
        "of those with PHQ-9 of at least 10 or GAD-7 of at least 8 at baseline: PHQ-9 below 10 and GAD-7 below 8", OurInductionWindow, Gyani)
    { Among = [OnPhq9(BaselineAtLeast, 10), OnGad7(BaselineAtLeast, 8)] };

    public static readonly OutcomeDefinition ReliableRecovery = new(
        "reliable-recovery-nhs", 1, EndOfInduction,
        [[OnPhq9(AtMost, 9), OnGad7(AtMost, 7), OnPhq9(FallAtLeast, 6)], [OnPhq9(AtMost, 9), OnGad7(AtMost, 7), OnGad7(FallAtLeast, 4)]],
        "as recovery-nhs/1, and PHQ-9 at least 6 or GAD-7 at least 4 points below baseline", OurInductionWindow, Gyani)
    { Among = Recovery.Among };

    public static readonly OutcomeDefinition ResponseGad7 = new(
        "response-gad7-hull", 1, Week(4), [[OnGad7(FallAtLeastShare, 0.5)]], "at least 50 % below baseline", WeekText(4),
        "Hull 2022, J Affect Disord, 10.1016/j.jad.2022.07.004");

    public static readonly OutcomeDefinition ResponseMadrs = new(
        "response-madrs", 1, Week(4), [[OnMadrs(FallAtLeastShare, 0.5)]], "at least 50 % below baseline", WeekText(4),
        "all trials; the benefit of esketamine is judged at the end of week 4 (Spravato label)");

    public static readonly OutcomeDefinition RemissionMadrsSustain = new(
        "remission-madrs-sustain", 1, Week(4), [[OnMadrs(AtMost, 12)]], "at most 12", WeekText(4), "SUSTAIN, ASPIRE; " + Daly);

    /// <summary>At most 10, where SUSTAIN has 12.</summary>
    public static readonly OutcomeDefinition RemissionMadrsEscape = new(
        "remission-madrs-escape", 1, Week(8), [[OnMadrs(AtMost, 10)]], "at most 10", WeekText(8), "ESCAPE-TRD 2023, N Engl J Med; also KetECT 2022 and KADS 2023");

    /// <summary>Six doses in three weeks; the window is the week after ([K]).</summary>
    public static readonly OutcomeDefinition ResponseQids = new(
        "response-qids-elektd", 1, new(WindowFrom.FirstDose, 18, 28), [[OnQids(FallAtLeastShare, 0.5)]], "at least 50 % below baseline",
        "first total on days 18 to 28 after the first dose, the end of three weeks of treatment (days [K])", ElektD);

    public static readonly OutcomeDefinition RemissionQids = new(
        "remission-qids-stard", 1, EndOfInduction, [[OnQids(AtMost, 5)]], "at most 5", OurInductionWindow, "STAR*D");

    /// <summary>Whom a relapse can follow.</summary>
    public static readonly OutcomeDefinition Benefit = new(
        "benefit-phq9", 1, new(WindowFrom.FirstDose, 0, 59, WindowTotals.Any), [[OnPhq9(FallAtLeastShare, 0.5)], [OnPhq9(AtMost, 4)]],
        "response or remission: at least 50 % below baseline, or below 5", "any total on days 0 to 59 after the first dose, when the first milestone closes", "[K], our rule");

    public static readonly OutcomeDefinition Relapse = new(
        "relapse-phq9", 1, Days182,
        [
            [OnPhq9(BestAtMost, 4), OnPhq9(AtLeast, 10)],
            [OnPhq9(BestFallAtLeastShare, 0.5), OnPhq9(FallUnderShare, 0.5), OnPhq9(RiseFromBestAtLeast, 5)]],
        "of those who met benefit-phq9/1: at least 10 after remission, or response lost and at least 5 points above the best total",
        "any total in the 182 days after that", "[K], our rule")
    { After = Benefit };

    /// <summary>Weeks 13 to 16, the last four of the optimisation, from the first dose.</summary>
    public static readonly OutcomeDefinition StableRemission = new(
        "stable-remission-madrs-sustain1", 1, new(WindowFrom.FirstDose, 84, 111, WindowTotals.Weekly) { WeeksMin = 3 }, [[OnMadrs(AtMost, 12)]],
        "at most 12 in at least 3 of 4 weeks", "first total of each of the weeks 13 to 16 after the first dose", Daly + " ([K] for the rule)");

    /// <summary>Hospital, attempted suicide and the like count as relapse too; they are not recorded here.</summary>
    public static readonly OutcomeDefinition RelapseMadrs = new(
        "relapse-madrs-sustain1", 1, new(WindowFrom.Entry, 1, 364, WindowTotals.TwoInARow) { ApartDaysMin = 5, ApartDaysMax = 15 }, [[OnMadrs(AtLeast, 22)]],
        "of those who met stable-remission-madrs-sustain1/1: at least 22 twice in a row, 5 to 15 days apart", "the 364 days after that ([K], our window)",
        Daly + " ([K] for the rule; hospital and attempted suicide are not recorded here)")
    { After = StableRemission };

    public static readonly OutcomeDefinition RelapseQids = new(
        "relapse-qids-elektd", 1, Days182, [[OnQids(AtLeast, 12)]], "of those who met response-qids-elektd/1: above 11",
        "any total in the 182 days after that", ElektD + " ([K] for the rule)")
    { After = ResponseQids };

    /// <summary>The three that judge every stored milestone and every release.</summary>
    public static readonly IReadOnlyList<OutcomeDefinition> OfMilestones = [Response, Remission, AnyWorsening];

    /// <summary>All, those of milestones first.</summary>
    public static readonly IReadOnlyList<OutcomeDefinition> All =
    [
        .. OfMilestones, PartialResponse, ClinicalWorsening, LossOfResponseWeek4, LossOfResponseWeek8, Benefit, Relapse, ResponseVa, RemissionVa,
        ReliableImprovementPhq9, ReliableImprovementGad7, ReliableDeterioration, Recovery, ReliableRecovery, ResponseGad7,
        ResponseMadrs, RemissionMadrsSustain, RemissionMadrsEscape, StableRemission, RelapseMadrs, ResponseQids, RemissionQids, RelapseQids,
    ];

    /// <summary>[K] that losing it means being no longer 50 % below baseline.</summary>
    private static OutcomeDefinition LossOfResponse(int week, Milestone milestone) => new(
        $"loss-of-response-week{week}-phq9-mcinnes", 1, OutcomeWindow.Of(milestone), [[OnPhq9(FallUnderShare, 0.5)]],
        "of those who met response-phq9-mcinnes/1: less than 50 % below baseline",
        $"first PHQ-9 {week} weeks after day 22 from the last induction dose, plus or minus 7 days (days [K])", McInnes + " ([K] for the rule)")
    { After = Response };

    /// <summary>Half a year of follow-up (ELEKT-D).</summary>
    private static OutcomeWindow Days182 => new(WindowFrom.Entry, 1, 182, WindowTotals.Any);

    private static OutcomeCondition OnPhq9(OutcomeRule rule, double threshold) => new(ScaleKind.Phq9, rule, threshold);

    private static OutcomeCondition OnGad7(OutcomeRule rule, double threshold) => new(ScaleKind.Gad7, rule, threshold);

    private static OutcomeCondition OnMadrs(OutcomeRule rule, double threshold) => new(ScaleKind.Madrs, rule, threshold);

    private static OutcomeCondition OnQids(OutcomeRule rule, double threshold) => new(ScaleKind.QidsSr16, rule, threshold);
}
