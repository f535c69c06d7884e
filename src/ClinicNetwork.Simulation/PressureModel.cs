using System.Globalization;

namespace ClinicNetwork.Simulation;

/// <summary>Systolic and diastolic pressure, mmHg.</summary>
public readonly record struct VirtualPressure(int SystolicMmHg, int DiastolicMmHg);

/// <summary>A person's usual pressure, mmHg.</summary>
internal readonly record struct UsualPressure(double Systolic, double Diastolic);

/// <summary>
/// Blood pressure before a session and 40 minutes into it, mmHg. About 5 % of the readings before a session lie above 140/90 (the label's
/// guide for weighing a delay), so that a driver meets that hold. Rises: Yale 2024 for IV, Vankawala 2021 (pooled) for esketamine, which
/// reports no standard deviation, so Yale's is used.
/// </summary>
public sealed record PressureModel
{
    /// <summary>[K] usual level; standard deviations between persons 9/6 and between a person's days 6/4, all [K].</summary>
    public double SystolicMeanMmHg { get; init; } = 122;

    /// <summary>[K]</summary>
    public double DiastolicMeanMmHg { get; init; } = 75;

    public double IntravenousSystolicRiseMmHg { get; init; } = PublishedFigures.SystolicRiseIntravenous.Value;

    public double IntravenousDiastolicRiseMmHg { get; init; } = PublishedFigures.DiastolicRiseIntravenous.Value;

    public double EsketamineSystolicRiseMmHg { get; init; } = PublishedFigures.SystolicRisePooled.Value;

    public double EsketamineDiastolicRiseMmHg { get; init; } = PublishedFigures.DiastolicRisePooled.Value;

    /// <summary>Yale 2024: SD of the rise.</summary>
    private const double SystolicRiseSd = 11.2, DiastolicRiseSd = 8.45;

    /// <summary>Correlation of the two rises. [K]</summary>
    private const double RiseCorrelation = 0.6;

    internal UsualPressure DrawUsual(SeededGenerator random) =>
        new(SystolicMeanMmHg + 9 * random.Normal(), DiastolicMeanMmHg + 6 * random.Normal());

    internal (VirtualPressure Before, VirtualPressure After) Draw(UsualPressure usual, VirtualDrug drug, SeededGenerator random)
    {
        var systolic = Math.Clamp(usual.Systolic + 6 * random.Normal(), 90, 168);
        var diastolic = Math.Clamp(usual.Diastolic + 4 * random.Normal(), 50, Math.Min(104, systolic - 20));
        var (riseSystolic, riseDiastolic) = drug == VirtualDrug.EsketamineNasal
            ? (EsketamineSystolicRiseMmHg, EsketamineDiastolicRiseMmHg)
            : (IntravenousSystolicRiseMmHg, IntravenousDiastolicRiseMmHg);
        var shared = random.Normal();
        var own = RiseCorrelation * shared + Math.Sqrt(1 - RiseCorrelation * RiseCorrelation) * random.Normal();
        var systolicAfter = Math.Clamp(systolic + riseSystolic + SystolicRiseSd * shared, 85, 235);
        var diastolicAfter = Math.Clamp(diastolic + riseDiastolic + DiastolicRiseSd * own, 45, Math.Min(135, systolicAfter - 15));
        return (Rounded(systolic, diastolic), Rounded(systolicAfter, diastolicAfter));

        static VirtualPressure Rounded(double systolic, double diastolic) => new((int)Math.Round(systolic), (int)Math.Round(diastolic));
    }

    /// <summary>
    /// Severe: 180/110 or more; moderate: a rise of 40/25 or more (both thresholds of the Spravato label's tables); mild: above 160/100 [K].
    /// </summary>
    internal static VirtualSeverity? Raised(VirtualPressure before, VirtualPressure after) => (before, after) switch
    {
        (_, { SystolicMmHg: >= 180 } or { DiastolicMmHg: >= 110 }) => VirtualSeverity.Severe,
        var (b, a) when a.SystolicMmHg - b.SystolicMmHg >= 40 || a.DiastolicMmHg - b.DiastolicMmHg >= 25 => VirtualSeverity.Moderate,
        (_, { SystolicMmHg: > 160 } or { DiastolicMmHg: > 100 }) => VirtualSeverity.Mild,
        _ => null,
    };

    internal IEnumerable<SpecProblem> Problems()
    {
        var means = new (string Field, double Value, double Low, double High)[]
        {
            ("course.pressure.systolic_mean_mm_hg", SystolicMeanMmHg, 100, 150),
            ("course.pressure.diastolic_mean_mm_hg", DiastolicMeanMmHg, 55, 95),
            ("course.pressure.intravenous_systolic_rise_mm_hg", IntravenousSystolicRiseMmHg, 0, 40),
            ("course.pressure.intravenous_diastolic_rise_mm_hg", IntravenousDiastolicRiseMmHg, 0, 30),
            ("course.pressure.esketamine_systolic_rise_mm_hg", EsketamineSystolicRiseMmHg, 0, 40),
            ("course.pressure.esketamine_diastolic_rise_mm_hg", EsketamineDiastolicRiseMmHg, 0, 30),
        };
        foreach (var (field, value, low, high) in means)
        {
            if (!(value >= low && value <= high))
                yield return new SpecProblem(field, string.Create(CultureInfo.InvariantCulture, $"mmHg from {low} to {high}"));
        }
    }
}
