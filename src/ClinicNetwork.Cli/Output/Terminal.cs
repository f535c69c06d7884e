using Spectre.Console;

namespace ClinicNetwork.Cli.Output;

/// <summary>Where a command writes: results on <see cref="Out"/>, the one line of a refusal on <see cref="Error"/>.</summary>
internal sealed class Terminal
{
    /// <summary>Columns of everything that is not a terminal.</summary>
    private const int PlainColumns = 100;

    internal Terminal(TextWriter output, TextWriter error, bool live)
    {
        Out = output;
        Error = error;
        Live = live;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = live ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = live ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = live ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!live)
        {
            Console.Profile.Width = PlainColumns;
            Console.Profile.Capabilities.Unicode = true;
        }
    }

    internal TextWriter Out { get; }

    internal TextWriter Error { get; }

    /// <summary>Colours, tables and progress bars, fitted to the terminal's width.</summary>
    internal IAnsiConsole Console { get; }

    /// <summary>True when somebody watches: not redirected, not in CI, no NO_COLOR (no-color.org).</summary>
    internal bool Live { get; }

    internal static Terminal OfProcess() => new(
        System.Console.Out,
        System.Console.Error,
        live: !System.Console.IsOutputRedirected
            && IsUnset("NO_COLOR") && IsUnset("CI") && Environment.GetEnvironmentVariable("TERM") != "dumb");

    internal void Line(string text) => Out.WriteLine(text);

    private static bool IsUnset(string variable) => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
