using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ClinicNetwork.Cli;

/// <summary>The usual help, then the command's examples.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    /// <summary>Help was asked for: what else is on the line does not matter.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var result = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not CliCommand { Examples: [_, ..] examples })
            return result;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in examples)
            output.WriteLine($"  clinicnet {example}");
        output.WriteLine();
        return result;
    }
}
