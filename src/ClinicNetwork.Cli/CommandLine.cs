using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using ClinicNetwork.Cli.Cluster;
using ClinicNetwork.Cli.Commands;
using ClinicNetwork.Cli.Commands.Tables;
using ClinicNetwork.Cli.Demo;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Cli.Servers;
using ClinicNetwork.Client;
using ClinicNetwork.Site;

namespace ClinicNetwork.Cli;

/// <summary>Parses, runs and turns every failure into one line and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>How long Ctrl-C waits for a command to clean up, in seconds.</summary>
    private const int CleanUpSecondsMax = 60;

    internal static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken = default)
    {
        var parsed = Root().Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExamples)
            return Refuse(terminal, $"{ParseProblem(parsed)} (see 'clinicnet {Path(parsed)}--help')");
        try
        {
            var configuration = new TerminalConfiguration
            {
                Terminal = terminal,
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeSpan.FromSeconds(CleanUpSecondsMax),
            };
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (InputException error)
        {
            return Refuse(terminal, error.Message);
        }
        catch (ClientIdentityException error)
        {
            return Refuse(terminal, $"{Invocation.Identity.Name}: {error.Message}");
        }
        catch (ClinicNetworkException error)
        {
            var address = Invocation.Addresses(parsed.GetValue(Invocation.Server) ?? []);
            return error.Transient
                ? Refuse(terminal, $"--server {address}: {error.Message} ({error.Reason})", ExitCodes.ServerAway)
                : Refuse(terminal, $"{(error.Field is { } field ? $"{field}: " : "")}{error.Message} ({error.Reason})");
        }
        catch (Exception error) when (error is DemoException or ServerProcessException or PrivatePostgresException)
        {
            return Refuse(terminal, error.Message, ExitCodes.Failed);
        }
        catch (SiteException error)
        {
            return Refuse(terminal, error.Message);
        }
        catch (OperationCanceledException)
        {
            return Refuse(terminal, "cancelled", ExitCodes.Cancelled);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Refuse(terminal, error.Message);
        }
    }

    private static RootCommand Root()
    {
        var root = new RootCommand(
            "clinicnet: a network of clinics that treat depression with ketamine and esketamine, from the command line.")
        {
            Invocation.Server,
            Invocation.Site,
            Invocation.Identity,
            DemoCommand.Build(),
            ClinicCommands.Build(),
            PatientCommands.Build(),
            TransferCommands.Build(),
            DosingCommands.Build(),
            ListContraindications.Build(),
            MyCommands.Build(),
            ListScales.Build(),
            SiteCommands.Build(),
            RegistryCommands.Build(),
            SubmissionCommands.Build(),
            DefinitionsCommand.Build(),
            FollowUpsCommand.Build(),
            ImportCommands.Build(),
            AnonymiseCommand.Build(),
            HierarchyCommand.Build(),
            RedteamCommand.Build(),
            VerifyCommand.Build(),
            StatusCommand.Build(),
            ClockCommands.Build(),
            ClusterCommands.Build(),
            CertsCommands.Build(),
            ClientsCommands.Build(),
            AuditCommands.Build(),
            ApprovalCommands.Build(),
            PartnerCommands.Build(),
            AgreementCommands.Build(),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    private static int Refuse(Terminal terminal, string message, int exitCode = ExitCodes.Refused)
    {
        terminal.Error.WriteLine($"clinicnet: {OneLine(message)}");
        return exitCode;
    }

    /// <summary>A word that nobody knows explains more than what is missing because of it.</summary>
    private static string ParseProblem(ParseResult parsed) => parsed.UnmatchedTokens is [var unknown, ..]
        ? $"{OneLine(unknown)}: no such command, option or value here"
        : OneLine(parsed.Errors[0].Message);

    /// <summary>What a server or a file says moves no cursor and changes no title.</summary>
    private static string OneLine(string message) =>
        string.Join(' ', string.Concat(message.Select(c => char.IsControl(c) ? ' ' : c)).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Path(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result?.Command is not (null or RootCommand); result = result.Parent as CommandResult)
            names.Insert(0, result.Command.Name + " ");
        return string.Concat(names);
    }
}
