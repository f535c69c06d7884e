using System.Globalization;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.FollowUps;

/// <summary>
/// The rules that the follow-up calendar is made by, newest version of each. No standard for the follow-up of ketamine was found (Bayes 2022): the calendar is our proposal, for a
/// clinician to sign off.
/// </summary>
public static class FollowUpCatalogue
{
    /// <summary>For so many clinical days a visit that did not happen is asked after ([K], our default).</summary>
    private const int ChaseDays = 14;

    private const string Ours = "Our rule, built on the windows of McInnes 2022 (10.1016/j.jad.2021.12.097); [K].";

    private const string LongTerm = "Our proposal, [K]: Bayes 2022 finds no agreed standard for long-term monitoring.";

    public static readonly FollowUpRule Baseline = new(
        "phq9-baseline", 1, "PHQ-9 before the first dose", ScaleKind.Phq9, FollowUpAnchor.BeforeFirstDose,
        [new(-PatientSeries.BaselineDaysMax, 0)], ChaseDays: 0, "At most 30 days old at the first dose: [K], as outcomes read it.");

    public static readonly FollowUpRule BeforeSession = new(
        "phq9-before-session", 1, "PHQ-9 before the session", ScaleKind.Phq9, FollowUpAnchor.BeforeLaterDoses,
        [new(-1, 0)], ChaseDays: 0, Ours + " On the day of the session or the day before: [K].");

    public static readonly FollowUpRule AfterFirstDose = new(
        "phq9-after-first-dose", 1, "PHQ-9 24 to 72 hours after the first dose", ScaleKind.Phq9, FollowUpAnchor.FirstDose,
        [new(24, 72) { InHours = true }], ChaseDays: 0, Ours);

    public static readonly FollowUpRule EndOfInduction = new(
        "phq9-end-of-induction", 1, "PHQ-9 on days 14 to 31 after induction", ScaleKind.Phq9, FollowUpAnchor.LastInductionDose,
        [FollowUpWindow.Of(Milestone.EndOfInduction)], ChaseDays, "McInnes 2022, J Affect Disord, 10.1016/j.jad.2021.12.097.");

    public static readonly FollowUpRule TwoWeekly = new(
        "phq9-two-weekly", 1, "PHQ-9 every two weeks to week 8", ScaleKind.Phq9, FollowUpAnchor.LastInductionDose,
        [FollowUpWindow.Week(2, 4), FollowUpWindow.Of(Milestone.Week4), FollowUpWindow.Week(6, 4), FollowUpWindow.Of(Milestone.Week8)], ChaseDays,
        Ours + " Weeks count from day 22, windows of weeks 4 and 8 are the milestones', of weeks 2 and 6 four days to each side: [K].");

    /// <summary>A month is a twelfth of a year: weeks 12, 17, 22 and 26.</summary>
    public static readonly FollowUpRule Monthly = new(
        "phq9-monthly", 1, "PHQ-9 every month to month 6", ScaleKind.Phq9, FollowUpAnchor.LastInductionDose,
        [FollowUpWindow.Of(Milestone.Week12), FollowUpWindow.Week(17, 7), FollowUpWindow.Week(22, 7), FollowUpWindow.Of(Milestone.Week26)], ChaseDays,
        Ours + " Windows of weeks 12 and 26 are the milestones', of weeks 17 and 22 seven days to each side: [K].");

    public static readonly FollowUpRule ThreeMonthly = new(
        "phq9-three-monthly", 1, "PHQ-9 every three months", ScaleKind.Phq9, FollowUpAnchor.LastInductionDose,
        [FollowUpWindow.Week(39, 14), FollowUpWindow.Of(Milestone.Week52)], ChaseDays,
        Ours + " Every 13 weeks from week 39, 14 days to each side; after week 52 as long as treatment goes on: [K].")
    {
        RepeatDays = 91,
    };

    /// <summary>Beside the three-monthly ones, which end with treatment: outcomes are of all who were treated.</summary>
    public static readonly FollowUpRule Yearly = new(
        "phq9-yearly", 1, "PHQ-9 every year to year 5", ScaleKind.Phq9, FollowUpAnchor.LastInductionDose,
        [FollowUpWindow.Of(Milestone.Year2), FollowUpWindow.Of(Milestone.Year3), FollowUpWindow.Of(Milestone.Year4), FollowUpWindow.Of(Milestone.Year5)], ChaseDays,
        Ours + " Years of 52 weeks count from day 22, windows are the milestones'; each is shown from a year before: [K].")
    {
        ShownDaysAhead = 366,
    };

    public static readonly FollowUpRule AfterLastDose = new(
        "phq9-after-last-dose", 1, "PHQ-9 every week for 8 weeks after the last dose", ScaleKind.Phq9, FollowUpAnchor.LastDose,
        [.. Enumerable.Range(1, 8).Select(week => new FollowUpWindow((7 * week) - 3, (7 * week) + 3))], ChaseDays,
        "Our rule, [K]: no schedule for stopping was found. Continuing halves relapses (SUSTAIN-1, Daly 2019, PMC6551577).");

    public static readonly FollowUpRule RiskScreen = new(
        "cssrs-after-item-9", 1, "C-SSRS the day that item 9 of a PHQ-9 is 1 or more", ScaleKind.CssrsScreener, FollowUpAnchor.RiskAnswer,
        [new(0, 0)], ChaseDays: 30, "Practice, [K]: the same day, at or after the last such answer. A late screen still counts, for the 30 days that the screener asks about.")
    {
        LateCounts = true,
    };

    public static readonly FollowUpRule SafetyBaseline = new(
        "long-term-safety-baseline", 1, "Long-term safety items before the first dose", ScaleKind.LongTermSafety, FollowUpAnchor.BeforeFirstDose,
        [new(-PatientSeries.BaselineDaysMax, 0)], ChaseDays: 0, "Our proposal, [K]: what was there before treatment is not its harm.");

    public static readonly FollowUpRule Safety = new(
        "long-term-safety", 1, "Long-term safety items every four weeks", ScaleKind.LongTermSafety, FollowUpAnchor.FirstDose,
        [new(21, 35)], ChaseDays,
        "Our proposal, [K]: bladder, liver, cognition and misuse as long as treatment goes on; the items ask about 28 days. Bayes 2022 finds no agreed standard.")
    {
        RepeatDays = 28,
    };

    public static readonly FollowUpRule Urinary = new(
        "urinary-before-session", 1, "Long-term safety items, the bladder's among them, before the session", ScaleKind.LongTermSafety, FollowUpAnchor.BeforeLaterDoses,
        [new(-1, 0)], ChaseDays: 0, LongTerm + " Urinary symptoms every session, on its day or the day before; cystitis in regular users: Anderson 2022.");

    public static readonly FollowUpRule LiverBaseline = new(
        "liver-panel-baseline", 1, "Liver tests before the first dose", null, FollowUpAnchor.BeforeFirstDose, [new(-PatientSeries.BaselineDaysMax, 0)], ChaseDays: 0, LongTerm)
    {
        Check = SafetyCheckKind.LiverPanel,
    };

    /// <summary>Three months are 13 weeks.</summary>
    public static readonly FollowUpRule Liver = new(
        "liver-panel", 1, "Liver tests at 3, 6 and 12 months, then every year", null, FollowUpAnchor.FirstDose, [new(77, 105), new(168, 196), new(344, 386)], ChaseDays,
        LongTerm + " Hepatobiliary events: Cotter 2021, 10.1007/s40264-021-01120-9. 14 days to each side of days 91 and 182, 21 of day 365.")
    {
        Check = SafetyCheckKind.LiverPanel,
        WhileTreated = true,
        RepeatDays = 365,
    };

    public static readonly FollowUpRule Cognition = new(
        "cognition-test", 1, "A test of cognition every six months", null, FollowUpAnchor.FirstDose, [new(161, 203)], ChaseDays, LongTerm + " 21 days to each side of every 182nd day.")
    {
        Check = SafetyCheckKind.CognitionTest,
        WhileTreated = true,
        RepeatDays = 182,
    };

    public static readonly FollowUpRule Misuse = new(
        "misuse-screen", 1, "A screen for misuse every three months", null, FollowUpAnchor.FirstDose, [new(77, 105)], ChaseDays,
        LongTerm + " It belongs to each review of the plan; reviews are no facts yet, and three months stand for them. ASA: watch for diversion.")
    {
        Check = SafetyCheckKind.MisuseScreen,
        WhileTreated = true,
        RepeatDays = 91,
    };

    public static readonly FollowUpRule PregnancyBaseline = new(
        "pregnancy-test-baseline", 1, "A pregnancy test before the first dose", null, FollowUpAnchor.BeforeFirstDose, [new(-7, 0)], ChaseDays: 0, LongTerm + " Where pregnancy is possible.")
    {
        Check = SafetyCheckKind.PregnancyTest,
        IfPregnancyPossible = true,
    };

    public static readonly FollowUpRule Pregnancy = new(
        "pregnancy-test", 1, "A pregnancy test every four weeks", null, FollowUpAnchor.FirstDose, [new(21, 35)], ChaseDays, LongTerm + " Where pregnancy is possible.")
    {
        Check = SafetyCheckKind.PregnancyTest,
        IfPregnancyPossible = true,
        WhileTreated = true,
        RepeatDays = 28,
    };

    /// <summary>In order of keys.</summary>
    public static readonly IReadOnlyList<FollowUpRule> All =
    [
        .. ((FollowUpRule[])[Baseline, BeforeSession, AfterFirstDose, EndOfInduction, TwoWeekly, Monthly, ThreeMonthly, Yearly, AfterLastDose, RiskScreen, SafetyBaseline, Safety,
            Urinary, LiverBaseline, Liver, Cognition, Misuse, PregnancyBaseline, Pregnancy])
            .OrderBy(r => r.Key, StringComparer.Ordinal),
    ];

    /// <summary>The rule of a visit, by its name; null when there is none of this version.</summary>
    public static FollowUpRule? RuleOf(string visit) => visit.LastIndexOf('/') is > 0 and var end ? All.FirstOrDefault(r => r.Key == visit[..end]) : null;

    /// <summary>The name of the visit that has a milestone's window.</summary>
    public static string VisitOf(Milestone milestone) => All.SelectMany(r => r.Windows.Select((w, i) => (r.Key, w.Milestone, Number: i + 1)))
        .Where(v => v.Milestone == milestone).Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Key}/{v.Number}")).First();

    /// <summary>The milestone whose window a visit has, by the visit's name; null for others.</summary>
    public static Milestone? MilestoneOf(string visit) =>
        RuleOf(visit) is { } rule && int.TryParse(visit[(visit.LastIndexOf('/') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= rule.Windows.Length
            ? rule.Windows[number - 1].Milestone
            : null;
}
