namespace ClinicNetwork.Verification;

/// <summary>
/// A proportion with its 95 % Wilson score interval, without continuity correction (Wilson 1927, doi:10.1080/01621459.1927.10502953):
/// unlike the Wald interval it stays within 0 to 1 and keeps its coverage at small counts. Nothing observed (<paramref name="Of"/> 0) tells
/// nothing: 0 to 1.
/// </summary>
/// <param name="Count">Events, 0 to <paramref name="Of"/>.</param>
/// <param name="Of">Observations, 0 or more.</param>
public readonly record struct Proportion(int Count, int Of)
{
    /// <summary>Two-sided 95 % quantile of the standard normal distribution.</summary>
    public const double Z95 = 1.959964;

    /// <summary>Share observed, 0 to 1; not a number when <see cref="Of"/> is 0.</summary>
    public double Estimate => (double)Count / Of;

    /// <summary>Lower 95 % bound, 0 to 1; exactly 0 when nothing was counted.</summary>
    public double Lower => Of == 0 || Count == 0 ? 0 : Math.Max(0, Centre - HalfWidth);

    /// <summary>Upper 95 % bound, 0 to 1; exactly 1 when everything was counted.</summary>
    public double Upper => Of == 0 || Count == Of ? 1 : Math.Min(1, Centre + HalfWidth);

    private double Shrinkage => 1 + Z95 * Z95 / Of;

    /// <summary>Middle of the interval before it is cut to 0 to 1; not a number when <see cref="Of"/> is 0.</summary>
    internal double Centre => (Estimate + Z95 * Z95 / (2.0 * Of)) / Shrinkage;

    internal double HalfWidth => Z95 / Shrinkage * Math.Sqrt(Estimate * (1 - Estimate) / Of + Z95 * Z95 / (4.0 * Of * Of));
}
