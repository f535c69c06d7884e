using ClinicNetwork.Cli.Output;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Client.Tests.Cli;

public sealed class Phq9PlotTests
{
    private static Timestamp Day(int day) =>
        Timestamp.FromDateTimeOffset(new DateTimeOffset(2025, 7, 1, 10, 0, 0, TimeSpan.Zero).AddDays(day));

    [Fact]
    public void Totals_stand_in_their_rows_and_sessions_below_them()
    {
        var lines = Phq9Plot.Lines(
            [new() { OccurredAt = Day(0), Total = 22 }, new() { OccurredAt = Day(20), Total = 11 },
                new() { OccurredAt = Day(40), Total = 0 }],
            [new() { StartedAt = Day(0) }, new() { StartedAt = Day(20) }], 100).ToList();

        Assert.StartsWith("   21 |22", lines.Single(line => line.Contains("22", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("moderate 10-14", lines.Single(line => line.Contains("11 ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(2, lines.Single(line => line.EndsWith("session", StringComparison.Ordinal)).Count(c => c == '^') - 1);
        Assert.All(lines, line => Assert.True(line.Length <= 100));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void It_fits_the_terminal_with_bands_and_marks(int width)
    {
        var lines = Phq9Plot.Lines([new() { OccurredAt = Day(0), Total = 22 }, new() { OccurredAt = Day(40), Total = 4 }], [new() { StartedAt = Day(7) }], width).ToList();
        Assert.All(lines, line => Assert.True(line.Length <= width));
        Assert.All((string[])["severe 20-27", "moderately severe 15-19", "moderate 10-14", "mild 5-9", "minimal 0-4"], band => Assert.Contains(lines, line => line.EndsWith("| " + band, StringComparison.Ordinal)));
        Assert.Contains('^', lines.Single(line => line.EndsWith("^ session", StringComparison.Ordinal))[..^10]);
        Assert.EndsWith("2025-08-10", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void One_answer_alone_can_be_shown() =>
        Assert.Contains(
            Phq9Plot.Lines([new() { OccurredAt = Day(0), Total = 27 }], [], 99), line => line.Contains("27", StringComparison.Ordinal));

    [Fact]
    public void Answers_of_one_day_do_not_overwrite_each_other() =>
        Assert.Contains(
            Phq9Plot.Lines(
                [new() { OccurredAt = Day(0), Total = 21 }, new() { OccurredAt = Day(0), Total = 22 },
                    new() { OccurredAt = Day(90), Total = 3 }], [], 99),
            line => line.StartsWith("   21 |21·", StringComparison.Ordinal));
}
