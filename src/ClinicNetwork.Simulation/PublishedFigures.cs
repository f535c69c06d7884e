namespace ClinicNetwork.Simulation;

/// <summary>A published share (0-1) or mean with what it counts, so that a simulated figure is compared by the paper's own rule.</summary>
/// <param name="Value">A share as 0-1; a mean in the unit of the definition; the low end where the source gives a range.</param>
/// <param name="UpTo">The high end of a range; null for a single figure.</param>
/// <param name="N">Persons or treatments the figure rests on; null where not seen.</param>
public sealed record PublishedFigure(string Id, double Value, int? N, string Definition, string Window, string Source, double? UpTo = null);

/// <summary>The figures the default course is fitted to, or is compared with. Seen in the abstracts unless marked [K].</summary>
public static class PublishedFigures
{
    private const string McInnes =
        "McInnes et al. 2022, J Affect Disord, 10.1016/j.jad.2021.12.097: 537 evaluated of 9,016 treated, 178 practices, IV ketamine";

    private const string Yale = "Yale 2024, 10.1016/j.genhosppsych.2024.07.001: 2,342 infusions, 138 patients";

    private const string Vankawala = "Vankawala 2021, 10.3389/fpsyt.2021.549080: meta-analysis of sub-anaesthetic ketamine";

    private const string Pfeiffer = "Pfeiffer et al. 2024, J Clin Psychiatry 85:23m14984, 10.4088/JCP.23m14984: 215 treated in the VA, IV ketamine, baseline PHQ-9 18.6";

    private const string StillResponding = "responders still at least 50 % below baseline, without maintenance";

    private const string AfterInduction = "day 14-31 after an induction of 4-8 infusions in 7-28 days";

    private const string SpravatoLabel = "Spravato US prescribing information, warnings (share of patients, range over trials)";

    public static PublishedFigure Response { get; } =
        new("response", 0.536, 537, "PHQ-9 at least 50 % below baseline", AfterInduction, McInnes);

    public static PublishedFigure Remission { get; } =
        new("remission", 0.289, 537, "PHQ-9 below 5", AfterInduction, McInnes);

    /// <summary>Any increase over baseline: not a rise of 5 points, and not Hull's deterioration rule.</summary>
    public static PublishedFigure Worsening { get; } =
        new("worsening", 0.084, 537, "PHQ-9 above baseline, by any amount", AfterInduction, McInnes);

    /// <summary>About 80 % (Kaplan-Meier). [K] that loss of response means no longer 50 % below baseline.</summary>
    public static PublishedFigure SustainedWeek4 { get; } =
        new("sustained-week-4", 0.80, null, StillResponding, "4 weeks after the end of induction", McInnes);

    /// <summary>About 60 % (Kaplan-Meier), same rule.</summary>
    public static PublishedFigure SustainedWeek8 { get; } =
        new("sustained-week-8", 0.60, null, StillResponding, "8 weeks after the end of induction", McInnes);

    public static PublishedFigure ResponseVa { get; } =
        new("response-va", 0.26, 215, "PHQ-9 at least 50 % below baseline", "6 weeks after the first infusion", Pfeiffer);

    /// <summary>At most 5, where McInnes 2022 has below 5.</summary>
    public static PublishedFigure RemissionVa { get; } =
        new("remission-va", 0.15, 215, "PHQ-9 at most 5", "6 weeks after the first infusion", Pfeiffer);

    public static PublishedFigure SystolicRiseIntravenous { get; } =
        new("systolic-rise-iv", 16.0, 2342, "mmHg, mean peak over baseline, SD 11.2", "40 min after start", Yale);

    public static PublishedFigure DiastolicRiseIntravenous { get; } =
        new("diastolic-rise-iv", 11.0, 2342, "mmHg, mean peak over baseline, SD 8.45", "40 min after start", Yale);

    public static PublishedFigure SystolicRisePooled { get; } =
        new("systolic-rise-pooled", 12.61, 2252, "mmHg, 95 % interval 10.40-14.82", "during treatment", Vankawala);

    public static PublishedFigure DiastolicRisePooled { get; } =
        new("diastolic-rise-pooled", 8.49, 2252, "mmHg, 95 % interval 6.89-10.09", "during a sub-anaesthetic treatment", "Vankawala 2021, 10.3389/fpsyt.2021.549080");

    public static PublishedFigure EsketamineDissociation { get; } =
        new("esketamine-dissociation", 0.61, null, "patients with any dissociation", "short-term trials", SpravatoLabel, UpTo: 0.84);

    public static PublishedFigure EsketamineSedation { get; } =
        new("esketamine-sedation", 0.48, null, "patients with any sedation (MOAA/S below 5)", "short-term trials", SpravatoLabel, UpTo: 0.61);

    /// <summary>All, in the order above.</summary>
    public static IReadOnlyList<PublishedFigure> All { get; } =
    [
        Response, Remission, Worsening, SustainedWeek4, SustainedWeek8, ResponseVa, RemissionVa, SystolicRiseIntravenous,
        DiastolicRiseIntravenous, SystolicRisePooled, DiastolicRisePooled, EsketamineDissociation, EsketamineSedation,
    ];
}
