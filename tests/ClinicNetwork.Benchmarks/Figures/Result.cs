namespace ClinicNetwork.Benchmarks.Figures;

/// <summary>One contender of one line, with its rounds.</summary>
/// <param name="Reference">Name of the contender that the ratio is taken to; empty: none.</param>
internal sealed record Row(string Contender, string Reference, IReadOnlyList<Sample> Rounds)
{
    public Sample Median { get; } = Sample.Median(Rounds);

    /// <summary>Lowest and highest rate of a round: what a ratio is worth.</summary>
    public (double Low, double High) RateRange { get; } = Rounds.Count == 0 ? (double.NaN, double.NaN) : (Rounds.Min(r => r.Rate), Rounds.Max(r => r.Rate));
}

/// <summary>What a table's ratios compare.</summary>
internal enum Compared
{
    Rate,
    P50,
    P99,
}

/// <summary>Contenders measured in alternating rounds.</summary>
/// <param name="RateUnit">For example <c>calls/s</c>; empty: the contenders have no rate.</param>
internal sealed record Table(string Title, string RateUnit, IReadOnlyList<Row> Rows, Compared Compared = Compared.Rate)
{
    public Sample Of(string contender) => Rows.FirstOrDefault(r => r.Contender == contender)?.Median ?? new(double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>The row's figure as a multiple of its reference's; NaN without one.</summary>
    public double Ratio(Row row) => row.Reference.Length == 0 ? double.NaN : Figure(row.Median) / Figure(Of(row.Reference));

    private double Figure(Sample sample) => Compared switch
    {
        Compared.Rate => sample.Rate,
        Compared.P50 => sample.P50Ms,
        Compared.P99 => sample.P99Ms,
        _ => throw new InvalidOperationException($"{Compared} is not a figure"),
    };
}

/// <summary>What one line of the benchmark found.</summary>
/// <param name="Notes">What a reader must know to read the figures: composition, sizes, what was left out and why.</param>
internal sealed record Result(string Name, IReadOnlyList<Table> Tables, IReadOnlyList<Goal> Goals, IReadOnlyList<string> Notes)
{
    public double Seconds { get; init; }
}
