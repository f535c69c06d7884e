using ClinicNetwork.Cli.Demo;
using ClinicNetwork.Client.Tests.Fakes;

namespace ClinicNetwork.Client.Tests.Cli;

public sealed class ReleasedOutcomesTests
{
    [Fact]
    public void Shares_are_of_those_measured_and_rows_are_linked_by_pseudonym_over_batches()
    {
        using var folder = new TemporaryFolder();
        Batch(folder, 1,
            "a,END_OF_INDUCTION,MEASURED,,yes,yes,no", "b,END_OF_INDUCTION,MEASURED,,yes,no,no", "c,END_OF_INDUCTION,MEASURED,,no,no,yes",
            "d,END_OF_INDUCTION,MISSING,NOT_ATTENDED,,,", "a,WEEK_4,MEASURED,,yes,yes,no");
        Batch(folder, 2, "b,WEEK_4,MEASURED,,no,no,no", "c,WEEK_4,MEASURED,,yes,no,no", "d,WEEK_4,MEASURED,,yes,no,no",
            "a,WEEK_8,MISSING,DECLINED,,,");

        var outcomes = ReleasedOutcomes.Read(folder.Path);

        Assert.Equal((4, 3), (outcomes.Released, outcomes.Measured));
        Assert.Equal([("NOT_ATTENDED", 1)], outcomes.Missing);
        Assert.Equal((2, 3), (outcomes.Response.Count, outcomes.Response.Of));
        Assert.Equal((1, 3), (outcomes.Remission.Count, outcomes.Remission.Of));
        Assert.Equal((1, 3), (outcomes.Worsening.Count, outcomes.Worsening.Of));
        Assert.Equal((1, 2), (outcomes.SustainedWeek4.Count, outcomes.SustainedWeek4.Of));
        Assert.Equal((0, 0), (outcomes.SustainedWeek8.Count, outcomes.SustainedWeek8.Of));
    }

    private static void Batch(TemporaryFolder folder, int number, params string[] rows)
    {
        var batch = Directory.CreateDirectory(Path.Combine(folder.Path, "batches", $"{number:0000}")).FullName;
        File.WriteAllText(Path.Combine(batch, "manifest.json"), """{"columns":["pseudonym","milestone","status","missing_reason","response","remission","worsening"]}""");
        var lines = rows.Select((row, i) => $$"""{"row":{{i}},"salt":"00","values":["{{string.Join("\",\"", row.Split(','))}}"]}""");
        File.WriteAllText(Path.Combine(batch, "rows.ndjson"), string.Join('\n', lines.Append("""{"row":99,"leaf":"00"}""")) + "\n");
    }
}
