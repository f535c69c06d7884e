using System.CommandLine;
using ClinicNetwork.Anonymisation.Tables;
using ClinicNetwork.Benchmarks.Tables;

namespace ClinicNetwork.Benchmarks.Tests.Tables;

public class TablesCommandTests
{
    [Fact]
    public async Task Without_options_every_group_is_measured_three_times()
    {
        var settings = await ParseAsync();

        Assert.Equal(TableCases.Groups, settings!.Groups);
        Assert.Equal((false, 3, TimeSpan.FromMinutes(5)), (settings.IsShort, settings.Rounds, settings.Limit));
    }

    [Fact]
    public async Task Groups_keep_their_order_however_they_are_named() => Assert.Equal(["census", "stream"], (await ParseAsync("--only", "stream,census"))!.Groups);

    [Theory]
    [InlineData("--only", "censuses")]
    [InlineData("--rounds", "0")]
    [InlineData("--limit", "3601")]
    [InlineData("--nhanes", "/there/is/no/such/file")]
    public async Task What_makes_no_sense_is_refused(string option, string value) => Assert.Null(await ParseAsync(option, value));

    [Fact]
    public void Each_contender_runs_on_tables_that_were_drawn_one_by_one()
    {
        var about = TableCases.All(null, isShort: true).First(c => c.Group == "attributes");

        var rows = new TableBench(1, TimeSpan.FromMinutes(1)).Measure(about, CancellationToken.None);

        Assert.Contains(rows, row => row.Cells[1].StartsWith("fixed", StringComparison.Ordinal));
        Assert.All(rows, row => Assert.NotEqual("", row.Cells[2]));
    }

    [Fact]
    public void A_row_says_of_each_goal_whether_it_is_met()
    {
        var data = new Microdata([Census.Hierarchies[0]], [[0, 0, 1]]);
        var about = new TableCase("g", "three rows", () => data, null, new(2), new(GoalOf.Ncp, 0.4), new(GoalOf.Suppressed, 0), new(GoalOf.Seconds, 1));
        var measures = new Published(data, [[Census.Hierarchies[0].Labels.IndexOf("Male")]], [0, 0, -1]).Measure(2);

        var cells = new TableRow(about, "ours", true, measures, null, 0.5, 0.25, 10, 0.5).Cells;

        Assert.Equal(["three rows", "ours", "0.3333", "0.67", "1", "1", "2", "0.500", "0.25", "10", "NCP ≤ 0.4000: met, suppressed ≤ 0: **missed**, s ≤ 1.00: met"], cells);
        Assert.Equal(TableRow.Columns.Count, cells.Count);
    }

    [Fact]
    public void A_contender_that_published_nothing_has_no_figures() =>
        Assert.Equal("not reachable", new TableRow(new("g", "t", () => throw new InvalidOperationException(), null, new(2)), "ours", true, null, "not reachable", double.NaN, double.NaN, double.NaN, 0.5).Cells[^1]);

    [Fact]
    public void A_bar_is_as_long_as_its_loss()
    {
        var data = new Microdata([Census.Hierarchies[0]], [[0, 0, 1, 1]]);
        var about = new TableCase("g", "t", () => data, null, new(2)) { Point = ("rows", 4) };
        TableRow Row(string contender, int[] regionOf) => new(about, contender, true, new Published(data, [[0]], regionOf).Measure(2), null, 1, 1, 1, 1);

        var lines = TablesReport.Plots([Row("all", [-1, -1, -1, -1]), Row("half", [0, 0, -1, -1])]).Split(Environment.NewLine);

        Assert.Equal((50, 25), (lines[2].Count(c => c == '█'), lines[3].Count(c => c == '█')));
    }

    private static async Task<TablesSettings?> ParseAsync(params string[] arguments)
    {
        TablesSettings? got = null;
        var root = new RootCommand
        {
            TablesCommand.Build((settings, _) =>
            {
                got = settings;
                return Task.FromResult(0);
            }),
        };
        await root.Parse(["tables", .. arguments]).InvokeAsync(new() { Output = TextWriter.Null, Error = TextWriter.Null });
        return got;
    }
}
