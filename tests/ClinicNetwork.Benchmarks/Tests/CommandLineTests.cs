using ClinicNetwork.Benchmarks.Rig;

namespace ClinicNetwork.Benchmarks.Tests;

public class CommandLineTests
{
    [Fact]
    public async Task Without_options_every_line_is_measured_for_comparison()
    {
        var settings = await ParseAsync();

        Assert.Equal(9, settings!.Lines.Count);
        Assert.Equal((3, TimeSpan.FromSeconds(10), false, 100_000, 200_000), (settings.Rounds, settings.Window, settings.Short, settings.PatientsActive, settings.PatientsMany));
    }

    [Fact]
    public async Task Lines_keep_their_order_however_they_are_named() =>
        Assert.Equal(["record", "feed", "start"], (await ParseAsync("--only", "start,feed", "record"))!.Lines);

    [Theory]
    [InlineData("--only", "records")]
    [InlineData("--rounds", "0")]
    [InlineData("--seconds", "601")]
    [InlineData("--active", "99")]
    [InlineData("--many", "1000001")]
    [InlineData("--secods", "6")]
    public async Task What_makes_no_sense_is_refused(string option, string value) => Assert.Null(await ParseAsync(option, value));

    private static async Task<Settings?> ParseAsync(params string[] arguments)
    {
        Settings? got = null;
        var root = CommandLine.Build((settings, _) =>
        {
            got = settings;
            return Task.FromResult(0);
        });
        await root.Parse(arguments).InvokeAsync(new() { Output = TextWriter.Null, Error = TextWriter.Null });
        return got;
    }
}
