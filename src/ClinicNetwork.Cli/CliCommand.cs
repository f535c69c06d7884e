using System.CommandLine;

namespace ClinicNetwork.Cli;

/// <summary>A command with examples in its help. An action runs with an <see cref="Invocation"/>.</summary>
internal sealed class CliCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>What follows <c>clinicnet</c>, one line each.</summary>
    internal IReadOnlyList<string> Examples { get; } = examples;

    internal CliCommand With(params Symbol[] symbols)
    {
        foreach (var symbol in symbols)
        {
            if (symbol is Option option)
                Options.Add(option);
            else if (symbol is Argument argument)
                Arguments.Add(argument);
            else
                Subcommands.Add((Command)symbol);
        }
        return this;
    }

    internal CliCommand Runs(Func<Invocation, Task<int>> action)
    {
        SetAction((parsed, cancellationToken) => action(new Invocation(parsed, cancellationToken)));
        return this;
    }

    internal CliCommand Runs(Func<Invocation, Task> action) => Runs(async run =>
    {
        await action(run);
        return ExitCodes.Done;
    });
}
