using System.Globalization;
using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Machine;
using ClinicNetwork.Benchmarks.Rig;

namespace ClinicNetwork.Benchmarks.Reports;

/// <summary>All that a run found.</summary>
/// <param name="Broken">Lines that could not be measured, a sentence each.</param>
internal sealed record Report(Settings Settings, MachineFacts Machine, IReadOnlyList<Result> Results, IReadOnlyList<string> Broken)
{
    public string How => string.Create(
        CultureInfo.InvariantCulture,
        $"{Settings.Rounds} alternating rounds of {Settings.Window.TotalSeconds:0} s after {Settings.WarmUp.TotalSeconds:0.#} s of warm-up; medians. CPU is that of servers and database; load generators run on the same cores and are left out of it.");

    /// <summary>The cells of a table's row; columns as in <see cref="Columns"/>.</summary>
    public static string[] Cells(Table table, Row row)
    {
        var median = row.Median;
        return
        [
            row.Contender,
            Number(median.Rate, "N0"),
            row.Rounds.Count < 2 || !double.IsFinite(median.Rate) ? "-" : $"{Number(row.RateRange.Low, "N0")} to {Number(row.RateRange.High, "N0")}",
            Number(median.P50Ms, "N2"),
            Number(median.P99Ms, "N2"),
            Number(median.CpuMicros, "N0"),
            row.Reference.Length == 0 ? "1" : Number(table.Ratio(row), "0.00"),
            median.Failed.ToString(CultureInfo.InvariantCulture),
        ];
    }

    public static string[] Columns(Table table) =>
    [
        "", table.RateUnit.Length == 0 ? "rate" : table.RateUnit, "lowest to highest round", "p50 ms", "p99 ms", "CPU µs each", RatioName(table), "failed",
    ];

    /// <summary>What the ratio is to; tables have one reference.</summary>
    private static string RatioName(Table table)
    {
        var reference = table.Rows.Select(r => r.Reference).FirstOrDefault(r => r.Length > 0) ?? "";
        var what = table.Compared switch { Compared.P50 => "p50 ", Compared.P99 => "p99 ", _ => "" };
        return $"{what}x {reference}";
    }

    private static string Number(double value, string format) => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "-";
}
