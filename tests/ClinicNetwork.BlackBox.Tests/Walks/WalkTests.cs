namespace ClinicNetwork.BlackBox.Tests.Walks;

/// <summary>That a walk which says something else than what happens is found.</summary>
public sealed class WalkTests
{
    private static readonly string[] Lines = ["# A walk", "```", "$ first \\", "  more", "recorded 2026-11-27 10:00:00Z", "$ second", "```", "text", "```", "$ third", "clinicnet: no: 3", "```"];

    private static readonly IReadOnlyList<(int, string[])> Good = [(0, ["recorded 2026-12-01 11:30:00Z"]), (0, []), (2, ["clinicnet: no: 3"])];

    [Fact]
    public void Commands_are_read_with_what_they_say() =>
        Assert.Equal(
            [(3, "first \\\n  more", "recorded 2026-11-27 10:00:00Z"), (6, "second", ""), (10, "third", "clinicnet: no: 3")],
            Walk.Commands(Lines).Select(command => (command.Line, command.Text, string.Join('\n', command.Said))));

    [Fact]
    public void What_happens_as_it_is_said_is_no_difference() => Assert.Empty(Walk.Differences(Walk.Commands(Lines), Good));

    [Theory]
    [InlineData(0, 0, "recorded")]
    [InlineData(0, 1, "recorded 2026-11-27 10:00:00Z")]
    [InlineData(1, 0, "more than it says")]
    [InlineData(1, 127, null)]
    [InlineData(2, 0, "clinicnet: no: 3")]
    [InlineData(2, 2, "clinicnet: no: 4")]
    [InlineData(2, 0, null)]
    public void Another_line_and_another_end_are_found(int command, int exitCode, string? line)
    {
        var outputs = Good.ToList();
        outputs[command] = (exitCode, line is null ? [] : [line]);
        Assert.StartsWith($"line {Walk.Commands(Lines)[command].Line}: ", Assert.Single(Walk.Differences(Walk.Commands(Lines), outputs)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_shell_that_ended_early_is_found() => Assert.Equal(2, Walk.Differences(Walk.Commands(Lines), [.. Good.Take(1)]).Count());
}
