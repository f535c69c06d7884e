using System.Text.Json;
using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Machine;
using ClinicNetwork.Benchmarks.Reports;
using ClinicNetwork.Benchmarks.Rig;

namespace ClinicNetwork.Benchmarks.Tests;

public class ReportTests
{
    private static readonly Table Reads = new("reads", "calls/s",
    [
        new("echo", "", [new(1000, 1, 2, 10), new(3000, 1, 2, 10), new(2000, 1, 2, 10)]),
        new("ours", "echo", [new(1500, 2, 4, 20), new(900, 2, 4, 20, 1), new(1000, 2, 4, 20)]),
    ]);

    private static readonly MachineFacts Quiet = new(2, "cpu", 8, "6.1", "ext4", 1, 2, 0.1, 0.01);

    [Fact]
    public void A_ratio_is_that_of_the_medians() => Assert.Equal(0.5, Reads.Ratio(Reads.Rows[1]));

    [Fact]
    public void A_table_of_latencies_compares_latencies() => Assert.Equal(2, (Reads with { Compared = Compared.P99 }).Ratio(Reads.Rows[1]));

    [Fact]
    public void A_contender_that_is_not_there_has_no_figure() => Assert.True(double.IsNaN(Reads.Of("theirs").Rate));

    [Fact]
    public void A_markdown_row_has_every_column_and_the_failures()
    {
        var text = MarkdownReport.Of(Of(Quiet, Goal.Least("reads", 0.5, 0.75, " x echo")));

        Assert.Contains("| ours | 1,000 | 900 to 1,500 | 2.00 | 4.00 | 20 | 0.50 | 1 |", text, StringComparison.Ordinal);
        Assert.Contains("| reads | ≥ 0.75 x echo | 0.5 x echo | **missed by 33 %** |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_busy_machine_and_a_tmpfs_are_warned_of()
    {
        Assert.Empty(Quiet.Warnings);
        Assert.Equal(2, (Quiet with { BusyShare = 0.5, FileSystem = "tmpfs" }).Warnings.Count());
        Assert.Contains("**others use 50 %", MarkdownReport.Of(Of(Quiet with { BusyShare = 0.5 })), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_could_not_be_measured_stands_in_the_report() =>
        Assert.Contains("**feed could not be measured: no**", MarkdownReport.Of(Of(Quiet) with { Broken = ["feed could not be measured: no"] }), StringComparison.Ordinal);

    [Fact]
    public void The_json_holds_each_round()
    {
        using var json = JsonDocument.Parse(JsonReport.Of(Of(Quiet)));

        var rounds = json.RootElement.GetProperty("results")[0].GetProperty("tables")[0].GetProperty("rows")[1].GetProperty("rounds");
        Assert.Equal([1500, 900, 1000], rounds.EnumerateArray().Select(r => r.GetProperty("rate").GetInt32()));
    }

    [Fact]
    public void Every_second_round_runs_in_the_opposite_order()
    {
        Assert.Equal("abc", string.Concat(Contest.Order("abc".ToArray(), 1)));
        Assert.Equal("cba", string.Concat(Contest.Order("abc".ToArray(), 2)));
    }

    private static Report Of(MachineFacts machine, params Goal[] goals) =>
        new(new(["plan"], 3, TimeSpan.FromSeconds(10), false), machine, [new("plan", [Reads], goals, ["a note"])], []);
}
