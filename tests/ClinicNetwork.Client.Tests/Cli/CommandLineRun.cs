using ClinicNetwork.Cli;
using ClinicNetwork.Cli.Output;

namespace ClinicNetwork.Client.Tests.Cli;

/// <summary>Runs a command line in this process.</summary>
internal sealed record CommandLineRun(int ExitCode, string Out, string Error)
{
    internal static async Task<CommandLineRun> OfAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.RunAsync(args, new Terminal(output, error, live: false));
        return new(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>The one line of a refusal.</summary>
    internal string Line
    {
        get
        {
            Assert.EndsWith("\n", Error, StringComparison.Ordinal);
            Assert.Equal(1, Error.Count(c => c == '\n'));
            Assert.StartsWith("clinicnet: ", Error, StringComparison.Ordinal);
            return Error.TrimEnd('\n', '\r');
        }
    }
}
