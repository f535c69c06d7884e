namespace ClinicNetwork.Benchmarks.Figures;

/// <summary>A goal of the project beside what was measured, and the truth about it.</summary>
/// <param name="What">As the goals' table words it.</param>
/// <param name="Measured">NaN: not measured, which is never taken for met.</param>
/// <param name="AtLeast">True: reaching the limit or more meets it; false: the limit or less.</param>
/// <param name="Unit">Appended to both figures, for example <c> x pgbench</c>.</param>
internal sealed record Goal(string What, double Measured, double Limit, bool AtLeast, string Unit)
{
    public static Goal Least(string what, double measured, double limit, string unit) => new(what, measured, limit, true, unit);

    public static Goal Most(string what, double measured, double limit, string unit) => new(what, measured, limit, false, unit);

    public bool IsMeasured => double.IsFinite(Measured);

    public bool IsMet => IsMeasured && (AtLeast ? Measured >= Limit : Measured <= Limit);

    /// <summary>How far from the limit, as a share of it; 0 when met or not measured.</summary>
    public double MissedBy => IsMet || !IsMeasured ? 0 : Math.Abs(Measured - Limit) / Limit;

    public string Verdict => !IsMeasured ? "not measured" : IsMet ? "met" : FormattableString.Invariant($"missed by {MissedBy * 100:0} %");

    public string LimitText => FormattableString.Invariant($"{(AtLeast ? "≥" : "≤")} {Limit:0.##}{Unit}");

    public string MeasuredText => IsMeasured ? FormattableString.Invariant($"{Measured:0.##}{Unit}") : "-";
}
